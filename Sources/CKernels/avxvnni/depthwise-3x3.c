// Depthwise convolution 3x3, stride 1 and 2, 1 pixel x 32 channels; see avx2/depthwise-3x3.h. The product is one
// VPDPBUSD of a group of 3 bytes and a zero.
#include "kernels.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVXVNNI, apply_to = function)

#define CK_FLIP 0x80

CK_INLINE __m256i ck_accumulate(__m256i sums, __m256i activations, __m256i weights) {
    return _mm256_dpbusd_avx_epi32(sums, activations, weights);
}

#include "../avx2/depthwise-3x3.h"

void ck_avxvnni_depthwise_3x3(const ck_depthwise *p, const uint8_t *const *rows, const uint8_t *residual,
                              uint8_t *output, int32_t x0, int32_t x1) {
    ck_depthwise_3x3(p, rows, residual, output, x0, x1);
}

#pragma clang attribute pop
#endif
