// Convolution, 8 pixels x 8 channels: for layers of up to 8 channels, like the last one of a network.
//
// Registers: 8 sums, 1 of weights, 1 activation, 1 order, 4 addends of the residual. Per two groups of 4 bytes: 1
// permute of weights, 8 loads of activations, 8 VPDPBUSD: 0.033 instructions per multiply-accumulate. Loads limit it.
// Lanes of 4 groups, which need half the loads, were no faster: their sums take longer to add up.
#include "tail.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVX512VNNI, apply_to = function)

void ck_avx512vnni_convolve_8x8(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual,
                                  uint8_t *output, int32_t x0, int32_t x1, int32_t channel) {
    ck_tail_tiles(8, 0, p, rows, residual, output, x0, x1, channel);
}

#pragma clang attribute pop
#endif
