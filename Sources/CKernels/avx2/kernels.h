// What the AVX2 kernels share with each other and with the AVX-VNNI kernels. See avx512vnni/kernels.h for the frame of
// a kernel file; the attribute here is CK_AVX2. `flip` is the activation_flip of the table, a literal at every use:
// without VNNI, products of signed activations are cheaper.
#ifndef CK_AVX2_KERNELS_H
#define CK_AVX2_KERNELS_H

#include "../tables.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

// Loops of registers are unrolled where code is optimized; where it is not, that is nothing to warn about.
#pragma clang diagnostic ignored "-Wpass-failed"

#define CK_AVX2 __attribute__((target("avx2")))
#define CK_INLINE static inline __attribute__((always_inline))

// One pass over a row for the output channels [channel, channel + width of the kernel).
typedef void ck_avx2_pass(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual,
                          uint8_t *output, int32_t x0, int32_t x1, int32_t channel);

ck_avx2_pass ck_avx2_convolve_4x16, ck_avx2_convolve_8x8;

void ck_avx2_depthwise_3x3(const ck_depthwise *p, const uint8_t *const *rows, const uint8_t *residual,
                           uint8_t *output, int32_t x0, int32_t x1);

// Any kernel size, for storage XORed with `flip`: what the 3x3 kernels of all three tables do not take.
void ck_avx2_depthwise_any(uint8_t flip, const ck_depthwise *p, const uint8_t *const *rows, const uint8_t *residual,
                           uint8_t *output, int32_t x0, int32_t x1);

#pragma clang attribute push(CK_AVX2, apply_to = function)

// Eight residual bytes as floats.
CK_INLINE __m256 ck_residual8(const uint8_t flip, const uint8_t *stored) {
    const __m128i q = _mm_xor_si128(_mm_loadl_epi64((const __m128i *)stored), _mm_set1_epi8((char)flip));
    return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(q));
}

CK_INLINE __m256i ck_scaled8(__m256i accumulator, __m256 scale) {
    return _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_cvtepi32_ps(accumulator), scale));
}

CK_INLINE __m256i ck_scaled8_with_residual(__m256i accumulator, __m256 scale, __m256 residual, __m256 residual_scale) {
    const __m256 t = _mm256_mul_ps(_mm256_cvtepi32_ps(accumulator), scale);
    return _mm256_cvtps_epi32(_mm256_add_ps(t, _mm256_mul_ps(residual, residual_scale)));
}

// The bytes of two pixels: 16 channels of the first (a0, a1) in the low half, of the second (b0, b1) in the high half.
CK_INLINE __m256i ck_packed_pixels(const uint8_t flip, __m256i a0, __m256i a1, __m256i b0, __m256i b1) {
    const __m256i lanes = _mm256_packs_epi16(_mm256_packs_epi32(a0, a1), _mm256_packs_epi32(b0, b1));
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    return _mm256_xor_si256(_mm256_permutevar8x32_epi32(lanes, order), _mm256_set1_epi8((char)flip));
}

// Stores the first `count` bytes (1 to 16) and no others.
CK_INLINE void ck_store_bytes(uint8_t *to, __m128i bytes, int32_t count) {
    if (count >= 16) {
        _mm_storeu_si128((__m128i *)to, bytes);
        return;
    }
    if (count & 8) {
        _mm_storel_epi64((__m128i *)to, bytes);
        bytes = _mm_srli_si128(bytes, 8);
        to += 8;
    }
    uint64_t rest = (uint64_t)_mm_cvtsi128_si64(bytes);
    if (count & 4) {
        memcpy(to, &rest, 4);
        rest >>= 32;
        to += 4;
    }
    if (count & 2) {
        memcpy(to, &rest, 2);
        rest >>= 16;
        to += 2;
    }
    if (count & 1) *to = (uint8_t)rest;
}

// The sums of `pixels` x 8 `halves` channels from `channel` on become integers that are not saturated yet.
CK_INLINE void ck_requantize_tile(const uint8_t flip, const int pixels, const int halves, const ck_convolution *p,
                                  int32_t channel, const uint8_t *residual, __m256i *sums) {
    const size_t row = (size_t)p->output_channels;
#pragma clang loop unroll(full)
    for (int h = 0; h < halves; h++) {
        const __m256 scale = _mm256_loadu_ps(p->scale + channel + 8 * h);
        if (residual) {
            const __m256 residual_scale = _mm256_loadu_ps(p->residual_scale + channel + 8 * h);
#pragma clang loop unroll(full)
            for (int i = 0; i < pixels; i++)
                sums[i * halves + h] = ck_scaled8_with_residual(
                    sums[i * halves + h], scale, ck_residual8(flip, residual + (size_t)i * row + 8 * h),
                    residual_scale);
        } else {
#pragma clang loop unroll(full)
            for (int i = 0; i < pixels; i++) sums[i * halves + h] = ck_scaled8(sums[i * halves + h], scale);
        }
    }
}

// Stores `count` bytes of each of the first `valid` pixels. `pixels` is even.
CK_INLINE void ck_store_tile(const uint8_t flip, const int pixels, const int halves, size_t row, const __m256i *sums,
                             uint8_t *to, int32_t valid, int32_t count) {
#pragma clang loop unroll(full)
    for (int i = 0; i < pixels; i += 2) {
        const __m256i *a = sums + i * halves, *b = a + halves;
        uint8_t *const at = to + (size_t)i * row;
        const __m256i first = ck_packed_pixels(flip, a[0], a[halves - 1], b[0], b[halves - 1]);
        if (i < valid) ck_store_bytes(at, _mm256_castsi256_si128(first), count);
        if (i + 1 < valid) ck_store_bytes(at + row, _mm256_extracti128_si256(first, 1), count);
    }
}

#pragma clang attribute pop
#endif
#endif
