// Convolution, 8 pixels x 8 channels: for the last 8 or fewer channels.
//
// Registers: 8 sums, 1 of weights, 1 activation. Per group of 4 bytes: 1 load of weights, 8 of activations, 8 VPDPBUSD:
// 0.066 instructions per multiply-accumulate.
#include "tile.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVXVNNI, apply_to = function)

void ck_avxvnni_convolve_8x8(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual,
                              uint8_t *output, int32_t x0, int32_t x1, int32_t channel) {
    ck_avxvnni_tiles(8, 1, p, rows, residual, output, x0, x1, channel);
}

#pragma clang attribute pop
#endif
