// Convolution, 8 pixels x 24 channels (4 pixels with a residual): for layers of 24 channels, the commonest, and for the
// last 24 channels of others.
//
// Registers: 24 sums, 3 weights, 1 activation, 1 order; with a residual 12 sums and 6 addends. Per two groups of 4
// bytes: 3 loads and 3 shuffles of weights, 8 loads of activations, 24 VPDPBUSD: 0.025 instructions per
// multiply-accumulate. With a residual half the pixels are faster, without one all of them (see convolve-4x48.c).
#include "tail.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVX512VNNI, apply_to = function)

void ck_avx512vnni_convolve_8x24(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual,
                                  uint8_t *output, int32_t x0, int32_t x1, int32_t channel) {
    if (residual)
        ck_tail_tiles_of(true, 4, 1, p, rows, residual, output, x0, x1, channel);
    else
        ck_tail_tiles_of(false, 8, 1, p, rows, NULL, output, x0, x1, channel);
}

#pragma clang attribute pop
#endif
