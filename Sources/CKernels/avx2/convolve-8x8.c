// Convolution, 8 pixels x 8 channels, signed activations: for the last 8 or fewer channels.
//
// Registers: 8 sums, 1 of weights, 1 activation and its magnitude, 1 product, 1 of ones. Per group of 4 bytes: 1 load
// of weights, 16 instructions for activations, 32 for products: 0.19 instructions per multiply-accumulate.
#include "tile.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVX2, apply_to = function)

void ck_avx2_convolve_8x8(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual,
                           uint8_t *output, int32_t x0, int32_t x1, int32_t channel) {
    ck_avx2_tiles(8, 1, p, rows, residual, output, x0, x1, channel);
}

#pragma clang attribute pop
#endif
