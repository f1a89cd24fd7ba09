#include "CZlib.h"

#include <zlib.h>

// The window's size, and what asks for gzip's frame instead of zlib's own.
enum { window_bits = 15, gzip_frame = 16, memory_level = 8, frame_bytes = 32 };

uint32_t czlib_crc32(uint32_t crc, const uint8_t *bytes, size_t count) {
    return (uint32_t)crc32_z(crc, bytes, count);
}

size_t czlib_gzip_bound(size_t count) {
    return compressBound(count) + frame_bytes;
}

size_t czlib_gzip(const uint8_t *bytes, size_t count, uint8_t *out, size_t room) {
    z_stream stream = {0};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, window_bits + gzip_frame, memory_level,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        return 0;
    }
    stream.next_in = (Bytef *)bytes;
    stream.avail_in = (uInt)count;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    int status = deflate(&stream, Z_FINISH);
    size_t written = room - stream.avail_out;
    deflateEnd(&stream);
    return status == Z_STREAM_END ? written : 0;
}
