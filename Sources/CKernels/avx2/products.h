// The exact product of bytes without VNNI.
//
// VPMADDUBSW multiplies unsigned by signed bytes and adds pairs, but saturates at 16 bits. The magnitude of an
// activation is at most 128 and that of a weight at most 127, so pairs of magnitude times signed weight fit: the sign
// of the activation goes to the weight first. Four instructions for 32 multiply-accumulates. (Splitting bytes into
// 16-bit numbers for VPMADDWD also takes four, and more to split them.)
#ifndef CK_AVX2_PRODUCTS_H
#define CK_AVX2_PRODUCTS_H

#include "kernels.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVX2, apply_to = function)

// Adds the four products of every lane to `sums`.
CK_INLINE __m256i ck_add_products(__m256i sums, __m256i magnitudes, __m256i activations, __m256i weights) {
    const __m256i pairs = _mm256_maddubs_epi16(magnitudes, _mm256_sign_epi8(weights, activations));
    return _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

#pragma clang attribute pop
#endif
#endif
