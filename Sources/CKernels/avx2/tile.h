// The register tile of the dense AVX2 convolutions: `pixels` x 8 `halves` (1 or 2) channels, one register of sums per
// pixel and half. `pixels` and `halves` are literals at every use, so that the loops unroll.
#ifndef CK_AVX2_TILE_H
#define CK_AVX2_TILE_H

#include "products.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVX2, apply_to = function)

#define CK_MAX_SUMS 8

CK_INLINE void ck_avx2_accumulate(const int pixels, const int halves, const ck_convolution *p,
                                  const uint8_t *const *rows, int32_t x, int32_t channel, __m256i *sums) {
    const size_t step = (size_t)p->pixel_step;
    const size_t depth = (size_t)p->segments * (size_t)p->segment_bytes;
    const int8_t *weights = p->weights + (size_t)channel * depth;
#pragma clang loop unroll(full)
    for (int h = 0; h < halves; h++) {
        const __m256i bias = _mm256_loadu_si256((const __m256i *)(p->bias + channel + 8 * h));
#pragma clang loop unroll(full)
        for (int i = 0; i < pixels; i++) sums[i * halves + h] = bias;
    }

    const int32_t segments = p->segments, segment_bytes = p->segment_bytes;
    for (int32_t s = 0; s < segments; s++) {
        const uint8_t *run = rows[s] + (size_t)x * step;
        const uint8_t *const end = run + segment_bytes;
        do {
            __m256i w[2];
#pragma clang loop unroll(full)
            for (int h = 0; h < halves; h++) w[h] = _mm256_loadu_si256((const __m256i *)(weights + 32 * h));
#pragma clang loop unroll(full)
            for (int i = 0; i < pixels; i++) {
                int32_t group;
                memcpy(&group, run + (size_t)i * step, 4);
                const __m256i a = _mm256_set1_epi32(group), magnitudes = _mm256_abs_epi8(a);
#pragma clang loop unroll(full)
                for (int h = 0; h < halves; h++)
                    sums[i * halves + h] = ck_add_products(sums[i * halves + h], magnitudes, a, w[h]);
            }
            weights += 32 * halves;
            run += 4;
        } while (run != end);
    }
}

// A whole row. The last tile computes pixels past x1 and does not store them.
CK_INLINE void ck_avx2_tiles(const int pixels, const int halves, const ck_convolution *p, const uint8_t *const *rows,
                             const uint8_t *residual, uint8_t *output, int32_t x0, int32_t x1, int32_t channel) {
    const int32_t left = p->output_channels - channel;
    const int32_t count = left < 8 * halves ? left : 8 * halves;
    for (int32_t x = x0; x < x1; x += pixels) {
        __m256i sums[CK_MAX_SUMS];
        ck_avx2_accumulate(pixels, halves, p, rows, x, channel, sums);
        const size_t row = (size_t)p->output_channels;
        const size_t at = (size_t)x * row + (size_t)channel;
        ck_requantize_tile(0x00, pixels, halves, p, channel, residual ? residual + at : NULL, sums);
        ck_store_tile(0x00, pixels, halves, row, sums, output + at, x1 - x, count);
    }
}

#pragma clang attribute pop
#endif
#endif
