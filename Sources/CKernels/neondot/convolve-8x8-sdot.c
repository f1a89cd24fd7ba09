// Dense convolution, tile of 8 pixels x 8 channels, SDOT by element: for the last channels, packed eight wide.
//
// Registers: 16 of sums, 8 of activations (16 bytes of each pixel, used lane by lane), 4 of weights: two K groups.
//
// Instructions per 16 bytes of K (1024 products a tile): 64 SDOT, 8 LD1 of activations, 2 LD1 of weights and 2 for the
// loop: 76, or 0.074 per product; llvm-mca (neoverse-n1): 31.98 products a cycle, of 32.
#if defined(__aarch64__)

#include "kernels.h"
#include "part.h"

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)

// One K group: four bytes of eight pixels times eight channels.
#define DOT(group, w0, w1)                                               \
    do {                                                                 \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < 8; i++) { \
            low[i] = vdotq_laneq_s32(low[i], w0, a[i], group);           \
            high[i] = vdotq_laneq_s32(high[i], w1, a[i], group);         \
        }                                                                \
    } while (0)

CK_INLINE void convolve_tiles(const ck_neondot_part *p, int32_t x, int32_t pixels, const uint8_t *residual,
                              uint8_t *output, ptrdiff_t next, const bool has_residual, const bool small) {
    const ptrdiff_t pixel = p->pixel_step;
    const int32_t steps = p->steps, rest = p->rest;
    ptrdiff_t at = x * pixel;
    do {
        int32x4_t low[8], high[8];
        int8x16_t a[8];
        int8x16x4_t w;
#pragma clang loop unroll(full)
        for (int i = 0; i < 8; i++) ck_neondot_load_bias(&low[i], &high[i], p->bias);
        const int8_t *weights = p->weights;
        const uint8_t *const *rows = p->rows;
        int32_t segments = p->segments;
        do {
            const int8_t *run = (const int8_t *)*rows++ + at;
            int32_t k = steps;
            if (k) {
                do {
                    ck_neondot_load_pixels(a, 8, &run, pixel);
                    w = ck_neondot_load_weights(&weights);
                    DOT(0, w.val[0], w.val[1]);
                    DOT(1, w.val[2], w.val[3]);
                    w = ck_neondot_load_weights(&weights);
                    DOT(2, w.val[0], w.val[1]);
                    DOT(3, w.val[2], w.val[3]);
                } while (--k);
            }
            if (rest) {
                ck_neondot_load_pixels(a, 8, &run, pixel);
                w = vld1q_s8_x4(weights);
                DOT(0, w.val[0], w.val[1]);
                if (rest > 4) DOT(1, w.val[2], w.val[3]);
                if (rest > 8) DOT(2, vld1q_s8(weights + 64), vld1q_s8(weights + 80));
                weights += 8 * rest;
            }
        } while (--segments);
        ck_neon_scales scales[2];
        ck_neon_load_scales(scales, 2, p->scale, has_residual ? p->residual_scale : NULL);
#pragma clang loop unroll(full)
        for (int i = 0; i < 8; i++) {
            if (has_residual) {
                ck_neon_requantize_add_8(low[i], high[i], scales, &residual, &output, next, small);
            } else {
                ck_neon_requantize_8(low[i], high[i], scales, &output, next, small);
            }
        }
        at += 8 * pixel;
    } while (pixels -= 8);
}

void ck_neondot_convolve_8x8(const void *part, int32_t x, int32_t pixels, const uint8_t *residual, uint8_t *output,
                             ptrdiff_t next) {
    const bool small = ((const ck_neondot_part *)part)->small;
    if (residual) {
        small ? convolve_tiles(part, x, pixels, residual, output, next, true, true)
              : convolve_tiles(part, x, pixels, residual, output, next, true, false);
    } else {
        small ? convolve_tiles(part, x, pixels, residual, output, next, false, true)
              : convolve_tiles(part, x, pixels, residual, output, next, false, false);
    }
}

#pragma clang attribute pop

#endif
