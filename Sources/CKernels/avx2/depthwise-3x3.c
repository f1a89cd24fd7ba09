// Depthwise convolution 3x3, stride 1 and 2, 1 pixel x 32 channels; see depthwise-3x3.h. The product is that of
// ck_add_products.
#include "products.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVX2, apply_to = function)

#define CK_FLIP 0x00

CK_INLINE __m256i ck_accumulate(__m256i sums, __m256i activations, __m256i weights) {
    return ck_add_products(sums, _mm256_abs_epi8(activations), activations, weights);
}

#include "depthwise-3x3.h"

void ck_avx2_depthwise_3x3(const ck_depthwise *p, const uint8_t *const *rows, const uint8_t *residual,
                           uint8_t *output, int32_t x0, int32_t x1) {
    ck_depthwise_3x3(p, rows, residual, output, x0, x1);
}

#pragma clang attribute pop
#endif
