// What the dense kernels with SDOT need to know about the channels of one block in one row.
#ifndef CK_NEONDOT_PART_H
#define CK_NEONDOT_PART_H

#include "../neon/requantize.h"
#include "../neon/split-row.h"

typedef struct {
    const int8_t *weights;
    int32_t bias[16];
    const float *scale, *residual_scale;
    const uint8_t *const *rows;
    ptrdiff_t pixel_step;
    int32_t segments, steps, rest;  // a segment is `steps` times 16 bytes and `rest` bytes
    bool small;                     // sums are small, see requantize.h
} ck_neondot_part;

// Sixteen bytes of each of a tile's pixels. One pointer walks over the pixels and ends 16 bytes further.
CK_INLINE void ck_neondot_load_pixels(int8x16_t *a, int count, const int8_t **run, ptrdiff_t pixel) {
#pragma clang loop unroll(full)
    for (int i = 0; i < count; i++) {
        const ptrdiff_t move = i + 1 < count ? pixel : 16 - (count - 1) * pixel;
        __asm__("ld1 {%0.16b}, [%1], %2" : "=w"(a[i]), "+r"(*run) : "r"(move));
    }
}

// The next 64 bytes of weights.
CK_INLINE int8x16x4_t ck_neondot_load_weights(const int8_t **weights) {
    const int8x16x4_t w = vld1q_s8_x4(*weights);
    *weights += 64;
    __asm__("" : "+r"(*weights));  // or the compiler adds up the steps and needs an instruction for each
    return w;
}

CK_INLINE void ck_neondot_load_bias(int32x4_t *low, int32x4_t *high, const int32_t *bias) {
    __asm__ volatile("ldp %q0, %q1, [%2]" : "=w"(*low), "=w"(*high) : "r"(bias) : "memory");
}

#endif
