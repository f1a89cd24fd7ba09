// Convolution, 16 pixels x 16 channels: for the one block that is left, and for layers of 16 channels.
//
// Registers: 16 sums, 1 of weights, 1 activation, 1 bias, 1 scale. Per group of 4 bytes: 1 load of weights, 16 of
// activations, 16 VPDPBUSD: 0.032 instructions per multiply-accumulate. As many loads as products: both limit it.
#include "tile.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVX512VNNI, apply_to = function)

void ck_avx512vnni_convolve_16x16(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual,
                                  uint8_t *output, int32_t x0, int32_t x1, int32_t channel) {
    ck_tiles(16, 1, p, rows, residual, output, x0, x1, channel);
}

#pragma clang attribute pop
#endif
