// Depthwise convolution 3x3, stride 1 and 2, 1 pixel x 64 channels, or 2 pixels x 32 channels.
//
// A column of the window is three bytes per channel, one from each row. Unpacking the rows into each other twice turns
// 64 channels of a column into four registers of (row 0, row 1, row 2, anything) groups; three VPDPBUSD against equally
// arranged weights, whose fourth byte is zero, are then the whole window. A column is arranged once and used by every
// pixel whose window it is in. The unpacks work inside 128-bit lanes, and so do the packs at the end, which therefore
// restore the order; bias and scales are arranged once per row.
//
// The last 32 or fewer channels are done for two pixels at once, one in each half of the registers: pixel x of the left
// half of the row and pixel x of the right half, so that columns are reused all the same.
//
// Registers: 12 weights, 12 columns (3 x 4), 4 sums. Per 64 channels and pixel at stride 1: 3 loads, 8 unpacks, 12
// VPDPBUSD, 12 for the scale and the roundings, 3 packs, flip and store: 0.08 instructions per multiply-accumulate.
#include "kernels.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVX512VNNI, apply_to = function)

typedef struct {
    __m512i q[4];  // channels 0-3, 4-7, 8-11, 12-15 of each lane of 16
} quads;

// What does not change within a row of one block of channels.
typedef struct {
    __m512i bias[4];
    __m512i scale[4], residual_scale[4];  // floats
} arranged;

CK_INLINE __m512i load(const bool paired, const void *bytes, size_t apart) {
    if (!paired) return _mm512_loadu_si512(bytes);
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)bytes)),
                              _mm256_loadu_si256((const __m256i *)((const uint8_t *)bytes + apart)), 1);
}

CK_INLINE quads column(__m512i row0, __m512i row1, __m512i row2) {
    const __m512i low = _mm512_unpacklo_epi8(row0, row1), high = _mm512_unpackhi_epi8(row0, row1);
    const __m512i zero = _mm512_setzero_si512();
    const __m512i low2 = _mm512_unpacklo_epi8(row2, zero), high2 = _mm512_unpackhi_epi8(row2, zero);
    return (quads){{_mm512_unpacklo_epi16(low, low2), _mm512_unpackhi_epi16(low, low2),
                    _mm512_unpacklo_epi16(high, high2), _mm512_unpackhi_epi16(high, high2)}};
}

CK_INLINE quads input_column(const bool paired, const uint8_t *const rows[3], size_t at, size_t apart) {
    return column(load(paired, rows[0] + at, apart), load(paired, rows[1] + at, apart),
                  load(paired, rows[2] + at, apart));
}

// The 32-bit entries of channels `c` on, in the order of the sums; blocks of 16 at `end` and past it are zero.
CK_INLINE void arrange(const bool paired, const void *entries, int32_t c, int32_t end, __m512i into[4]) {
    __m512i blocks[4];
#pragma clang loop unroll(full)
    for (int b = 0; b < 4; b++) {
        const int32_t from = c + 16 * (paired ? b & 1 : b);
        blocks[b] = _mm512_maskz_loadu_epi32(from < end ? 0xffff : 0, (const int32_t *)entries + from);
    }
    const __m512i low0 = _mm512_shuffle_i32x4(blocks[0], blocks[1], 0x44);
    const __m512i low1 = _mm512_shuffle_i32x4(blocks[2], blocks[3], 0x44);
    const __m512i high0 = _mm512_shuffle_i32x4(blocks[0], blocks[1], 0xee);
    const __m512i high1 = _mm512_shuffle_i32x4(blocks[2], blocks[3], 0xee);
    into[0] = _mm512_shuffle_i32x4(low0, low1, 0x88);
    into[1] = _mm512_shuffle_i32x4(low0, low1, 0xdd);
    into[2] = _mm512_shuffle_i32x4(high0, high1, 0x88);
    into[3] = _mm512_shuffle_i32x4(high0, high1, 0xdd);
}

// Sixty-four residual bytes as floats in the order of the sums.
CK_INLINE void residual_floats(__m512i stored, __m512 into[4]) {
    const __m512i zero = _mm512_setzero_si512();
    const __m512i bytes = _mm512_xor_si512(stored, _mm512_set1_epi8((char)0x80));
    const __m512i low = _mm512_unpacklo_epi8(zero, bytes), high = _mm512_unpackhi_epi8(zero, bytes);
    into[0] = _mm512_cvtepi32_ps(_mm512_srai_epi32(_mm512_unpacklo_epi16(zero, low), 24));
    into[1] = _mm512_cvtepi32_ps(_mm512_srai_epi32(_mm512_unpackhi_epi16(zero, low), 24));
    into[2] = _mm512_cvtepi32_ps(_mm512_srai_epi32(_mm512_unpacklo_epi16(zero, high), 24));
    into[3] = _mm512_cvtepi32_ps(_mm512_srai_epi32(_mm512_unpackhi_epi16(zero, high), 24));
}

CK_INLINE __m512i pixel(const bool paired, const arranged *constants, const quads w[3], const quads *c0,
                        const quads *c1, const quads *c2, const uint8_t *residual, size_t apart) {
    __m512i sums[4];
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) {
        sums[j] = _mm512_dpbusd_epi32(constants->bias[j], c0->q[j], w[0].q[j]);
        sums[j] = _mm512_dpbusd_epi32(sums[j], c1->q[j], w[1].q[j]);
        sums[j] = _mm512_dpbusd_epi32(sums[j], c2->q[j], w[2].q[j]);
    }
    if (residual) {
        __m512 r[4];
        residual_floats(load(paired, residual, apart), r);
#pragma clang loop unroll(full)
        for (int j = 0; j < 4; j++)
            sums[j] = ck_scaled_plus(sums[j], _mm512_castsi512_ps(constants->scale[j]),
                                     _mm512_mul_ps(r[j], _mm512_castsi512_ps(constants->residual_scale[j])));
    } else {
#pragma clang loop unroll(full)
        for (int j = 0; j < 4; j++) sums[j] = ck_scaled(sums[j], _mm512_castsi512_ps(constants->scale[j]));
    }
    const __m512i packed =
        _mm512_packs_epi16(_mm512_packs_epi32(sums[0], sums[1]), _mm512_packs_epi32(sums[2], sums[3]));
    return _mm512_xor_si512(packed, _mm512_set1_epi8((char)0x80));
}

// A row of the channels [c, c + 64), or of [c, c + 32) for two pixels at a time.
CK_INLINE void block(const bool paired, const int stride, const ck_depthwise *p, const uint8_t *const *rows,
                     const uint8_t *residual, uint8_t *output, int32_t x0, int32_t x1, int32_t c) {
    const int width = paired ? 32 : 64;
    const int unroll = stride == 1 ? 3 : 2;
    const size_t channels = (size_t)p->channels, padded = (channels + 15) / 16 * 16;
    const __mmask64 mask = ck_first_bytes(p->channels - c < width ? p->channels - c : width);
    const int32_t count = paired ? (x1 - x0 + 1) / 2 : x1 - x0;
    const size_t apart = (size_t)count * channels;
    const bool odd = paired && (x1 - x0) % 2 != 0;

    arranged constants;
    arrange(paired, p->bias, c, (int32_t)padded, constants.bias);
    arrange(paired, p->scale, c, (int32_t)padded, constants.scale);
    if (residual) arrange(paired, p->residual_scale, c, (int32_t)padded, constants.residual_scale);
    // Loads them where they are needed, from aligned memory: spilled registers would lie across cache lines.
    __asm__("" : "+m"(constants));
    quads w[3];
#pragma clang loop unroll(full)
    for (int kx = 0; kx < 3; kx++) {
        const int8_t *tap = p->weights + (size_t)kx * padded + (size_t)c;
        w[kx] = column(load(paired, tap, 0), load(paired, tap + 3 * padded, 0), load(paired, tap + 6 * padded, 0));
    }

    const uint8_t *const window[3] = {rows[0], rows[1], rows[2]};
    size_t in = (size_t)x0 * (size_t)stride * channels + (size_t)c;
    const size_t in_apart = apart * (size_t)stride;
    size_t out = (size_t)x0 * channels + (size_t)c;
    quads columns[3];
    columns[0] = input_column(paired, window, in, in_apart);
    if (stride == 1) columns[1] = input_column(paired, window, in + channels, in_apart);
    for (int32_t i = 0;;) {
#pragma clang loop unroll(full)
        for (int u = 0; u < unroll; u++) {
            quads *const c0 = columns + (stride == 1 ? u : 2 * u);
            quads *const c1 = columns + (stride == 1 ? (u + 1) % 3 : 1);
            quads *const c2 = columns + (stride == 1 ? (u + 2) % 3 : 2 - 2 * u);
            if (stride == 2) *c1 = input_column(paired, window, in + channels, in_apart);
            *c2 = input_column(paired, window, in + 2 * channels, in_apart);
            const __m512i q = pixel(paired, &constants, w, c0, c1, c2, residual ? residual + out : NULL, apart);
            i++;
            if (paired) {
                _mm256_mask_storeu_epi8(output + out, (__mmask32)mask, _mm512_castsi512_si256(q));
                if (i < count || !odd)
                    _mm256_mask_storeu_epi8(output + out + apart, (__mmask32)mask, _mm512_extracti64x4_epi64(q, 1));
            } else {
                _mm512_mask_storeu_epi8(output + out, mask, q);
            }
            if (i >= count) return;
            in += channels * (size_t)stride;
            out += channels;
        }
    }
}

void ck_avx512vnni_depthwise_3x3(const ck_depthwise *p, const uint8_t *const *rows, const uint8_t *residual,
                                 uint8_t *output, int32_t x0, int32_t x1) {
    if (x0 >= x1) return;
    if (p->kernel_width != 3 || p->kernel_height != 3 || p->stride > 2) {
        ck_avx2_depthwise_any(0x80, p, rows, residual, output, x0, x1);
        return;
    }
    for (int32_t c = 0; c < p->channels; c += 64) {
        const bool paired = p->channels - c <= 32;
        if (p->stride == 1 && paired)
            block(true, 1, p, rows, residual, output, x0, x1, c);
        else if (p->stride == 1)
            block(false, 1, p, rows, residual, output, x0, x1, c);
        else if (paired)
            block(true, 2, p, rows, residual, output, x0, x1, c);
        else
            block(false, 2, p, rows, residual, output, x0, x1, c);
    }
}

#pragma clang attribute pop
#endif
