// Where a reader's bytes come from: a file descriptor or a block of memory.
#ifndef CJPEG_SOURCE_H
#define CJPEG_SOURCE_H

#include "failure.h"

enum { source_buffer_bytes = 16384 };

typedef struct byte_source {
    struct jpeg_source_mgr base;  // first: libjpeg knows this part only
    int descriptor;               // -1: everything is in memory, lent by the caller for each call
    int is_lent;                  // whether it was lent before
    uint8_t *buffer;
    uint64_t delivered;           // bytes that came from the descriptor so far
} byte_source;

void byte_source_prepare(byte_source *source);

/// The next byte of the file; jumps out at its end.
uint8_t byte_source_next(j_decompress_ptr codec);

#endif
