#include "source.h"

#include <errno.h>
#include <jerror.h>
#include <unistd.h>

static void begin(j_decompress_ptr codec) {
    (void)codec;
}

/// A file that ends early is an error here; libjpeg's own sources would invent an end and go on.
static boolean fill(j_decompress_ptr codec) {
    byte_source *source = (byte_source *)codec->src;
    if (source->descriptor < 0) {
        failing_manager_leave((j_common_ptr)codec, CJPEG_TRUNCATED, 0);
    }
    ssize_t count;
    do {
        count = read(source->descriptor, source->buffer, source_buffer_bytes);
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
        failing_manager_leave((j_common_ptr)codec, CJPEG_READ_FAILED, errno);
    }
    if (count == 0) {
        failing_manager_leave((j_common_ptr)codec, source->delivered == 0 ? CJPEG_EMPTY : CJPEG_TRUNCATED, 0);
    }
    source->delivered += (uint64_t)count;
    source->base.next_input_byte = source->buffer;
    source->base.bytes_in_buffer = (size_t)count;
    return TRUE;
}

static void skip(j_decompress_ptr codec, long count) {
    struct jpeg_source_mgr *source = codec->src;
    if (count <= 0) {
        return;
    }
    size_t left = (size_t)count;
    while (left > source->bytes_in_buffer) {
        left -= source->bytes_in_buffer;
        source->bytes_in_buffer = 0;
        fill(codec);
    }
    source->next_input_byte += left;
    source->bytes_in_buffer -= left;
}

static void end(j_decompress_ptr codec) {
    (void)codec;
}

void byte_source_prepare(byte_source *source) {
    source->base.init_source = begin;
    source->base.fill_input_buffer = fill;
    source->base.skip_input_data = skip;
    source->base.resync_to_restart = jpeg_resync_to_restart;
    source->base.term_source = end;
}

uint8_t byte_source_next(j_decompress_ptr codec) {
    struct jpeg_source_mgr *source = codec->src;
    if (source->bytes_in_buffer == 0) {
        source->fill_input_buffer(codec);
    }
    source->bytes_in_buffer -= 1;
    return *source->next_input_byte++;
}
