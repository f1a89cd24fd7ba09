// Depthwise convolution, any kernel size and stride, 1 pixel x 16 channels: two registers of 8 sums. A tap is a byte
// widened to 32 bits on either side and one VPMADDWD, whose upper products are of zeros on the activations' side. 8
// instructions for 16 multiply-accumulates (10 for signed activations). For kernels that no network of ours is slow in,
// like 1x1 and 5x5.
#include "kernels.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVX2, apply_to = function)

CK_INLINE __m256i accumulate(const uint8_t flip, __m256i sum, const uint8_t *activations, const int8_t *weights) {
    const __m128i stored = _mm_loadl_epi64((const __m128i *)activations);
    const __m256i a = flip ? _mm256_cvtepu8_epi32(stored)
                           : _mm256_blend_epi16(_mm256_cvtepi8_epi32(stored), _mm256_setzero_si256(), 0xaa);
    const __m256i w = _mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)weights));
    return _mm256_add_epi32(sum, _mm256_madd_epi16(a, w));
}

CK_INLINE void depthwise(const uint8_t flip, const ck_depthwise *p, const uint8_t *const *rows,
                         const uint8_t *residual, uint8_t *output, int32_t x0, int32_t x1) {
    const int32_t channels = p->channels;
    const size_t padded = ((size_t)channels + 15) / 16 * 16;
    for (int32_t x = x0; x < x1; x++) {
        for (int32_t c = 0; c < channels; c += 16) {
            __m256i low = _mm256_loadu_si256((const __m256i *)(p->bias + c));
            __m256i high = _mm256_loadu_si256((const __m256i *)(p->bias + c + 8));
            const int8_t *weights = p->weights + c;
            for (int32_t ky = 0; ky < p->kernel_height; ky++) {
                const uint8_t *from = rows[ky] + (size_t)x * (size_t)p->stride * (size_t)channels + (size_t)c;
                for (int32_t kx = 0; kx < p->kernel_width; kx++) {
                    low = accumulate(flip, low, from, weights);
                    high = accumulate(flip, high, from + 8, weights + 8);
                    from += channels;
                    weights += padded;
                }
            }
            const size_t at = (size_t)x * (size_t)channels + (size_t)c;
            const __m256 low_scale = _mm256_loadu_ps(p->scale + c), high_scale = _mm256_loadu_ps(p->scale + c + 8);
            if (residual) {
                low = ck_scaled8_with_residual(low, low_scale, ck_residual8(flip, residual + at),
                                               _mm256_loadu_ps(p->residual_scale + c));
                high = ck_scaled8_with_residual(high, high_scale, ck_residual8(flip, residual + at + 8),
                                                _mm256_loadu_ps(p->residual_scale + c + 8));
            } else {
                low = ck_scaled8(low, low_scale);
                high = ck_scaled8(high, high_scale);
            }
            const __m256i bytes = ck_packed_pixels(flip, low, high, low, high);
            ck_store_bytes(output + at, _mm256_castsi256_si128(bytes), channels - c);
        }
    }
}

void ck_avx2_depthwise_any(uint8_t flip, const ck_depthwise *p, const uint8_t *const *rows, const uint8_t *residual,
                           uint8_t *output, int32_t x0, int32_t x1) {
    if (flip)
        depthwise(0x80, p, rows, residual, output, x0, x1);
    else
        depthwise(0x00, p, rows, residual, output, x0, x1);
}

#pragma clang attribute pop
#endif
