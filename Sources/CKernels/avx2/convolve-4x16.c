// Convolution, 4 pixels x 16 channels, signed activations.
//
// Registers: 8 sums, 2 weights, 1 activation and its magnitude, 1 product, 1 of ones. Per group of 4 bytes: 2 loads of
// weights, 8 instructions for activations, 32 for products (see products.h): 0.16 instructions per multiply-accumulate.
// 6 pixels spill.
#include "tile.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVX2, apply_to = function)

void ck_avx2_convolve_4x16(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual,
                           uint8_t *output, int32_t x0, int32_t x1, int32_t channel) {
    ck_avx2_tiles(4, 2, p, rows, residual, output, x0, x1, channel);
}

#pragma clang attribute pop
#endif
