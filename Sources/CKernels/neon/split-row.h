// Walks the kernels for Arm over one row, eight or sixteen channels at a time.
#ifndef CK_NEON_SPLIT_ROW_H
#define CK_NEON_SPLIT_ROW_H

#include "../tables.h"

// Computes some channels (which ones and all else that is fixed is in `part`) of `pixels` pixels from pixel x on, and
// writes eight or sixteen bytes each, `next` bytes apart, as are those of the residual, which may be NULL.
typedef void (*ck_neon_run)(const void *part, int32_t x, int32_t pixels, const uint8_t *residual, uint8_t *output,
                            ptrdiff_t next);

static inline void ck_neon_copy_part(const uint8_t *source, ptrdiff_t source_step, uint8_t *destination,
                                     ptrdiff_t destination_step, int32_t pixels, int32_t channels) {
    for (int32_t i = 0; i < pixels; i++) {
        for (int32_t c = 0; c < channels; c++) {
            destination[i * destination_step + c] = source[i * source_step + c];
        }
    }
}

// Calls `run` for `lanes` (8 or 16) channels from c on, pixels [x0, x1), with multiples of `tile` (at most 8) pixels.
// `residual` and `output` are those of pixel 0, channel 0.
static inline void ck_neon_split_row(ck_neon_run run, const void *part, int32_t tile, int32_t lanes, int32_t channels,
                                     int32_t c, const uint8_t *residual, uint8_t *output, int32_t x0, int32_t x1) {
    // With fewer channels in all than lanes, a pixel's surplus bytes are overwritten by the next pixels: only the end
    // of the row needs care. Where the surplus hits channels that are already there, all of it does.
    const ptrdiff_t next = channels;
    const int32_t width = channels - c < lanes ? channels - c : lanes;
    const int32_t careful = width == lanes ? 0 : channels < lanes ? (lanes - 1) / channels : x1 - x0;
    const int32_t whole = x1 - x0 > careful ? (x1 - x0 - careful) / tile * tile : 0;
    if (whole > 0) {
        run(part, x0, whole, residual ? residual + x0 * next + c : NULL, output + x0 * next + c, next);
    }
    for (int32_t x = x0 + whole; x < x1; x += 8) {
        uint8_t in[8 * 16] = {0}, out[8 * 16];
        const int32_t pixels = x1 - x < 8 ? x1 - x : 8;
        if (residual) ck_neon_copy_part(residual + x * next + c, next, in, lanes, pixels, width);
        run(part, x, (pixels + tile - 1) / tile * tile, residual ? in : NULL, out, lanes);
        ck_neon_copy_part(out, lanes, output + x * next + c, next, pixels, width);
    }
}

// How many output pixels of a depthwise convolution to take at a time, so that what is read and written for all their
// channels stays in a first-level cache of 32 KB while eight channels after eight walk over it.
static inline int32_t ck_neon_panel(const ck_depthwise *p) {
    const int64_t bytes = ((int64_t)p->kernel_height * p->stride + 1) * p->channels;
    const int64_t pixels = 24 * 1024 / bytes;
    return pixels > 16 ? (int32_t)pixels : 16;
}

#endif
