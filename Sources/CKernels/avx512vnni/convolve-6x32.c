// Convolution, 6 pixels x 32 channels: for two blocks that are left, and for layers of 32 and 64 channels.
//
// Registers: 12 sums, 2 weights, 1 activation, 2 biases, 2 scales, 12 addends of the residual. Per group of 4 bytes: 2
// loads of weights, 6 of activations, 12 VPDPBUSD: 0.026 instructions per multiply-accumulate.
#include "tile.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVX512VNNI, apply_to = function)

void ck_avx512vnni_convolve_6x32(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual,
                                  uint8_t *output, int32_t x0, int32_t x1, int32_t channel) {
    ck_tiles(6, 2, p, rows, residual, output, x0, x1, channel);
}

#pragma clang attribute pop
#endif
