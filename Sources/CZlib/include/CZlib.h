// What the web server needs of zlib.
#ifndef CZLIB_H
#define CZLIB_H

#include <stddef.h>
#include <stdint.h>

// Goes on with a CRC-32 (IEEE) over more bytes; begin with 0.
uint32_t czlib_crc32(uint32_t crc, const uint8_t *bytes, size_t count);

// How much room czlib_gzip may need for so many bytes.
size_t czlib_gzip_bound(size_t count);

// Writes the bytes as a gzip file of the best compression. Returns its length, or 0 when there is no memory or the
// room does not suffice.
size_t czlib_gzip(const uint8_t *bytes, size_t count, uint8_t *out, size_t room);

#endif
