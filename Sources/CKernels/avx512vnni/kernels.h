// What the AVX512 VNNI kernels share. Every kernel file is:
//     #include "kernels.h"
//     #if defined(__x86_64__)
//     #pragma clang attribute push(CK_AVX512VNNI, apply_to = function)
//     ...
//     #pragma clang attribute pop
//     #endif
#ifndef CK_AVX512VNNI_KERNELS_H
#define CK_AVX512VNNI_KERNELS_H

#include "../avx2/kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#define CK_AVX512VNNI __attribute__((target("avx2,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))

// One pass over a row for the output channels [channel, channel + width of the kernel).
typedef void ck_avx512vnni_pass(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual,
                                uint8_t *output, int32_t x0, int32_t x1, int32_t channel);

ck_avx512vnni_pass ck_avx512vnni_convolve_4x48, ck_avx512vnni_convolve_6x32, ck_avx512vnni_convolve_16x16,
    ck_avx512vnni_convolve_8x24, ck_avx512vnni_convolve_8x8;

void ck_avx512vnni_depthwise_3x3(const ck_depthwise *p, const uint8_t *const *rows, const uint8_t *residual,
                                 uint8_t *output, int32_t x0, int32_t x1);

#pragma clang attribute push(CK_AVX512VNNI, apply_to = function)

// Four activation bytes in every lane: one load, no arithmetic.
CK_INLINE __m512i ck_broadcast4(const uint8_t *bytes) {
    int32_t group;
    memcpy(&group, bytes, 4);
    return _mm512_set1_epi32(group);
}

// Sixteen residual bytes as floats.
CK_INLINE __m512 ck_residual(__m128i stored) {
    const __m128i q = _mm_xor_si128(stored, _mm_set1_epi8((char)0x80));
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(q));
}

// Sums as integers that are not saturated yet, without and with what is added to them.
CK_INLINE __m512i ck_scaled(__m512i sums, __m512 scale) {
    return _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_cvtepi32_ps(sums), scale));
}

CK_INLINE __m512i ck_scaled_plus(__m512i sums, __m512 scale, __m512 addend) {
    return _mm512_cvtps_epi32(_mm512_add_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(sums), scale), addend));
}

// A mask that the compiler does not see through: it would turn a blend, which any port can do, into a shuffle.
CK_INLINE __mmask16 ck_opaque_mask(__mmask16 mask) {
    __asm__("" : "+k"(mask));
    return mask;
}

// The mask of the first `count` of 64 bytes.
CK_INLINE __mmask64 ck_first_bytes(int32_t count) {
    return count >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << count) - 1;
}

#pragma clang attribute pop
#endif
#endif
