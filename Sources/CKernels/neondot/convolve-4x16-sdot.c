// Dense convolution, tile of 4 pixels x 16 channels, SDOT by element.
//
// Registers: 16 of sums, 4 of activations (16 bytes of each pixel, used lane by lane), 4 of weights, loaded as one, and
// a second set of those while the first is in use.
//
// Instructions per 16 bytes of K (1024 products a tile): 64 SDOT, 4 LD1 of activations, 4 LD1 of weights and 2 for the
// loop: 74, or 0.072 per product. Per tile about 100 more (135 with a residual) and about 7 per segment. llvm-mca
// (neoverse-n1) finds 31.98 products a cycle in the loop, of 32. Tiles of 8 x 8 need 4 LD1 or LDP more;
// tiles of 4 x 24 need fewer in the loop (0.0716) but leave no register for the end of a tile: the same in all.
#if defined(__aarch64__)

#include "kernels.h"
#include "part.h"

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)

// One K group: four bytes of four pixels times sixteen channels.
#define DOT(group)                                                        \
    do {                                                                  \
        const int8x16x4_t w = ck_neondot_load_weights(&weights);          \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i++) { \
            s[i] = vdotq_laneq_s32(s[i], w.val[i % 4], a[i / 4], group);  \
        }                                                                 \
    } while (0)

CK_INLINE void convolve_tiles(const ck_neondot_part *p, int32_t x, int32_t pixels, const uint8_t *residual,
                              uint8_t *output, ptrdiff_t next, const bool has_residual, const bool small) {
    const ptrdiff_t pixel = p->pixel_step;
    const int32_t steps = p->steps, rest = p->rest;
    ptrdiff_t at = x * pixel;
    do {
        int32x4_t s[16];
        int8x16_t a[4];
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i += 2) ck_neondot_load_bias(&s[i], &s[i + 1], p->bias + 4 * (i % 4));
        const int8_t *weights = p->weights;
        const uint8_t *const *rows = p->rows;
        int32_t segments = p->segments;
        do {
            const int8_t *run = (const int8_t *)*rows++ + at;
            int32_t k = steps;
            if (k) {
                do {
                    ck_neondot_load_pixels(a, 4, &run, pixel);
                    DOT(0);
                    DOT(1);
                    DOT(2);
                    DOT(3);
                } while (--k);
            }
            if (rest) {
                ck_neondot_load_pixels(a, 4, &run, pixel);
                DOT(0);
                if (rest > 4) {
                    DOT(1);
                    if (rest > 8) DOT(2);
                }
            }
        } while (--segments);
        ck_neon_scales scales[4];
        ck_neon_load_scales(scales, 4, p->scale, has_residual ? p->residual_scale : NULL);
#pragma clang loop unroll(full)
        for (int i = 0; i < 4; i++) {
            if (has_residual) {
                ck_neon_requantize_add_16(s + 4 * i, scales, &residual, &output, next, small);
            } else {
                ck_neon_requantize_16(s + 4 * i, scales, &output, next, small);
            }
        }
        at += 4 * pixel;
    } while (pixels -= 4);
}

void ck_neondot_convolve_4x16(const void *part, int32_t x, int32_t pixels, const uint8_t *residual, uint8_t *output,
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
