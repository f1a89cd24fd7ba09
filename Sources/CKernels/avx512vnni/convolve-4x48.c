// Convolution, 4 pixels x 48 channels: for all whole threes of blocks, so for most layers of 48, 96 and 192 channels.
//
// Registers: 12 sums, 3 weights, 1 activation, 3 biases, 3 scales, 12 addends of the residual. Per group of 4 bytes: 3
// loads of weights, 4 of activations, 12 VPDPBUSD: 0.025 instructions per multiply-accumulate, and 1.7 times as many
// cycles for VPDPBUSD as for loads where two of either can start at a time. Twice the pixels would need fewer loads,
// but a tile then ends in so many instructions that they fill the scheduler and the next tile starts late: 3 % slower.
#include "tile.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVX512VNNI, apply_to = function)

void ck_avx512vnni_convolve_4x48(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual,
                                  uint8_t *output, int32_t x0, int32_t x1, int32_t channel) {
    ck_tiles(4, 3, p, rows, residual, output, x0, x1, channel);
}

#pragma clang attribute pop
#endif
