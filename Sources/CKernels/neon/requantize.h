// Requantization of eight or sixteen channels, shared by the kernels for Arm: conversion, one multiplication, one
// addition when there is a residual, and rounding to nearest even, each with a rounding of its own (no fused
// multiply-add).
//
// Small sums (|sum| <= 2^22, results within 16 bits) need no conversions, which are slow on the Cortex-A76: with
// CK_NEON_MAGIC added to the bias, a sum's bits are the float 1.5 * 2^23 + sum. Subtracting 1.5 * 2^23 is exact. Adding
// it again rounds to nearest even and leaves the integer in the low half of the lane, so that narrowing needs no
// saturation yet.
#ifndef CK_NEON_REQUANTIZE_H
#define CK_NEON_REQUANTIZE_H

#include <arm_neon.h>

#include "../tables.h"

#define CK_INLINE static inline __attribute__((always_inline))

// What four channels of an output need beside their sums.
typedef struct {
    float32x4_t scale, residual_scale;
    uint8x16_t spread;  // puts a residual byte on top of each lane
} ck_neon_scales;

CK_INLINE void ck_neon_load_scales(ck_neon_scales *s, int count, const float *scale, const float *residual_scale) {
    static const uint8_t spread[64] = {
        255, 255, 255, 0,  255, 255, 255, 1,  255, 255, 255, 2,  255, 255, 255, 3,   //
        255, 255, 255, 4,  255, 255, 255, 5,  255, 255, 255, 6,  255, 255, 255, 7,   //
        255, 255, 255, 8,  255, 255, 255, 9,  255, 255, 255, 10, 255, 255, 255, 11,  //
        255, 255, 255, 12, 255, 255, 255, 13, 255, 255, 255, 14, 255, 255, 255, 15};
#pragma clang loop unroll(full)
    for (int i = 0; i < count; i++) {
        s[i].scale = vld1q_f32(scale + 4 * i);
        if (residual_scale) {
            s[i].residual_scale = vld1q_f32(residual_scale + 4 * i);
            s[i].spread = vld1q_u8(spread + 16 * i);
        }
    }
}

#define CK_NEON_MAGIC 0x4b400000

// What the magnitudes of a convolution's products add up to at most. `lane_products` says more about the weights than
// their range does.
CK_INLINE int64_t ck_neon_product_bound(const ck_convolution *p) {
    const int32_t groups = p->lane_products == 2 ? 2 : 4, runs = (p->segment_bytes / 4 + groups - 1) / groups;
    return (int64_t)p->segments * runs * (4 * groups / p->lane_products) * 255 * 128;
}

// Whether the sums of `lanes` (8 or 16) channels are small, if their products add up to at most `products`.
CK_INLINE bool ck_neon_small_sums(int lanes, const int32_t *bias, const float *scale, const float *residual_scale,
                                  int64_t products) {
    int32x4_t b = vdupq_n_s32(0);
    float32x4_t s = vdupq_n_f32(0), r = vdupq_n_f32(0);
#pragma clang loop unroll(full)
    for (int i = 0; i < lanes; i += 4) {
        b = vmaxq_s32(b, vabsq_s32(vld1q_s32(bias + i)));
        s = vmaxq_f32(s, vabsq_f32(vld1q_f32(scale + i)));
        if (residual_scale) r = vmaxq_f32(r, vabsq_f32(vld1q_f32(residual_scale + i)));
    }
    const int64_t bound = products + vmaxvq_s32(b);
    return bound <= 1 << 22 && (float)bound * vmaxvq_f32(s) + 128 * vmaxvq_f32(r) < 32000;
}

// Copies the bias, for small sums with what they need.
CK_INLINE void ck_neon_copy_bias(int lanes, int32_t *copy, const int32_t *bias, bool small) {
    const int32x4_t magic = vdupq_n_s32(small ? CK_NEON_MAGIC : 0);
#pragma clang loop unroll(full)
    for (int i = 0; i < lanes; i += 4) vst1q_s32(copy + i, vaddq_s32(vld1q_s32(bias + i), magic));
}

CK_INLINE float32x4_t ck_neon_scale(int32x4_t sum, const ck_neon_scales *s, const bool small) {
    const float32x4_t magic = vreinterpretq_f32_s32(vdupq_n_s32(CK_NEON_MAGIC));
    return vmulq_f32(small ? vsubq_f32(vreinterpretq_f32_s32(sum), magic) : vcvtq_f32_s32(sum), s->scale);
}

// The residual's bytes become floats with a table lookup, which puts them on top of 32-bit lanes, and a fixed-point
// conversion (2^-24), which takes the sign from there: fewer instructions than widening twice.
CK_INLINE float32x4_t ck_neon_scale_add(int32x4_t sum, uint8x16_t residual, const ck_neon_scales *s,
                                        const bool small) {
    const float32x4_t r = vcvtq_n_f32_s32(vreinterpretq_s32_u8(vqtbl1q_u8(residual, s->spread)), 24);
    const float32x4_t scaled = vmulq_f32(r, s->residual_scale);
    return vaddq_f32(ck_neon_scale(sum, s, small), scaled);
}

CK_INLINE int16x8_t ck_neon_round(float32x4_t low, float32x4_t high, const bool small) {
    if (small) {
        const float32x4_t magic = vreinterpretq_f32_s32(vdupq_n_s32(CK_NEON_MAGIC));
        return vuzp1q_s16(vreinterpretq_s16_f32(vaddq_f32(low, magic)), vreinterpretq_s16_f32(vaddq_f32(high, magic)));
    }
    return vqmovn_high_s32(vqmovn_s32(vcvtnq_s32_f32(low)), vcvtnq_s32_f32(high));
}

// Each of the following writes the channels of one pixel and moves on by `next` bytes.

CK_INLINE void ck_neon_requantize_8(int32x4_t a, int32x4_t b, const ck_neon_scales *s, uint8_t **output,
                                    ptrdiff_t next, const bool small) {
    const int8x8_t bytes = vqmovn_s16(ck_neon_round(ck_neon_scale(a, s, small), ck_neon_scale(b, s + 1, small), small));
    __asm__ volatile("st1 {%1.8b}, [%0], %2" : "+r"(*output) : "w"(bytes), "r"(next) : "memory");
}

CK_INLINE void ck_neon_requantize_add_8(int32x4_t a, int32x4_t b, const ck_neon_scales *s, const uint8_t **residual,
                                        uint8_t **output, ptrdiff_t next, const bool small) {
    uint8x16_t r;
    __asm__ volatile("ld1 {%0.8b}, [%1], %2" : "=w"(r), "+r"(*residual) : "r"(next) : "memory");
    const int8x8_t bytes = vqmovn_s16(
        ck_neon_round(ck_neon_scale_add(a, r, s, small), ck_neon_scale_add(b, r, s + 1, small), small));
    __asm__ volatile("st1 {%1.8b}, [%0], %2" : "+r"(*output) : "w"(bytes), "r"(next) : "memory");
}

CK_INLINE void ck_neon_requantize_16(const int32x4_t *sums, const ck_neon_scales *s, uint8_t **output, ptrdiff_t next,
                                     const bool small) {
    float32x4_t t[4];
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) t[i] = ck_neon_scale(sums[i], s + i, small);
    const int8x16_t bytes =
        vqmovn_high_s16(vqmovn_s16(ck_neon_round(t[0], t[1], small)), ck_neon_round(t[2], t[3], small));
    __asm__ volatile("st1 {%1.16b}, [%0], %2" : "+r"(*output) : "w"(bytes), "r"(next) : "memory");
}

CK_INLINE void ck_neon_requantize_add_16(const int32x4_t *sums, const ck_neon_scales *s, const uint8_t **residual,
                                         uint8_t **output, ptrdiff_t next, const bool small) {
    uint8x16_t r;
    __asm__ volatile("ld1 {%0.16b}, [%1], %2" : "=w"(r), "+r"(*residual) : "r"(next) : "memory");
    float32x4_t t[4];
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) t[i] = ck_neon_scale_add(sums[i], r, s + i, small);
    const int8x16_t bytes =
        vqmovn_high_s16(vqmovn_s16(ck_neon_round(t[0], t[1], small)), ck_neon_round(t[2], t[3], small));
    __asm__ volatile("st1 {%1.16b}, [%0], %2" : "+r"(*output) : "w"(bytes), "r"(next) : "memory");
}

#endif
