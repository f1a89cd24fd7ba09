// Convolution, 6 pixels x 16 channels.
//
// Registers: 12 sums, 2 weights, 1 activation. Per group of 4 bytes: 2 loads of weights, 6 of activations, 12 VPDPBUSD:
// 0.052 instructions per multiply-accumulate. (4 pixels x 24 channels would need all sixteen registers: compilers spill
// there, and it is half as fast.)
#include "tile.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVXVNNI, apply_to = function)

void ck_avxvnni_convolve_6x16(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual,
                              uint8_t *output, int32_t x0, int32_t x1, int32_t channel) {
    ck_avxvnni_tiles(6, 2, p, rows, residual, output, x0, x1, channel);
}

#pragma clang attribute pop
#endif
