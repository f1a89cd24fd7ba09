// The register tile of the dense convolutions whose channels fill whole registers: `pixels` x 16 `blocks`.
// `pixels` and `blocks` are literals at every use, so that the loops over them unroll and the arrays become registers.
//
// A group of 4 activation bytes is broadcast by the load, one register of weights holds 16 channels x 4 bytes, and each
// VPDPBUSD is 64 multiply-accumulates.
#ifndef CK_AVX512VNNI_TILE_H
#define CK_AVX512VNNI_TILE_H

#include "kernels.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVX512VNNI, apply_to = function)

#define CK_MAX_TILE 16
#define CK_MAX_BLOCKS 3

// What does not change along a row.
typedef struct {
    const int8_t *weights;
    size_t block, step, row;  // bytes between blocks of weights, runs of neighbouring pixels, output pixels
    int32_t segments, segment_bytes;
    __mmask64 mask;  // of the bytes to store per pixel
    __m512i bias[CK_MAX_BLOCKS];
    __m512 scale[CK_MAX_BLOCKS], residual_scale[CK_MAX_BLOCKS];
} ck_tile_row;

// Four registers of 16 sums, saturated to bytes, stored form, in order.
CK_INLINE __m512i ck_packed(__m512i a, __m512i b, __m512i c, __m512i d) {
    const __m512i lanes = _mm512_packs_epi16(_mm512_packs_epi32(a, b), _mm512_packs_epi32(c, d));
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    return _mm512_xor_si512(_mm512_permutexvar_epi32(order, lanes), _mm512_set1_epi8((char)0x80));
}

CK_INLINE void ck_tile_accumulate(const int pixels, const int blocks, const ck_tile_row *r, const uint8_t *const *rows,
                                  int32_t x, __m512i *sums) {
#pragma clang loop unroll(full)
    for (int i = 0; i < pixels * blocks; i++) sums[i] = r->bias[i % blocks];

    const int8_t *weights = r->weights;
    for (int32_t s = 0; s < r->segments; s++) {
        const uint8_t *run = rows[s] + (size_t)x * r->step;
        const uint8_t *const end = run + r->segment_bytes;
        do {
            __m512i w[CK_MAX_BLOCKS];
#pragma clang loop unroll(full)
            for (int b = 0; b < blocks; b++) w[b] = _mm512_loadu_si512(weights + r->block * (size_t)b);
#pragma clang loop unroll(full)
            for (int i = 0; i < pixels; i++) {
                const __m512i a = ck_broadcast4(run + (size_t)i * r->step);
#pragma clang loop unroll(full)
                for (int b = 0; b < blocks; b++)
                    sums[i * blocks + b] = _mm512_dpbusd_epi32(sums[i * blocks + b], a, w[b]);
            }
            weights += 64;
            run += 4;
        } while (run != end);
    }
}

// What the residual adds to the outputs. It is ready before the sums are, whose way to the output it keeps short.
CK_INLINE void ck_tile_addends(const int pixels, const int blocks, const ck_tile_row *r, const uint8_t *residual,
                               __m512 *addends) {
#pragma clang loop unroll(full)
    for (int i = 0; i < pixels * blocks; i++) {
        const uint8_t *from = residual + (size_t)(i / blocks) * r->row + 16 * (i % blocks);
        addends[i] = _mm512_mul_ps(ck_residual(_mm_loadu_si128((const __m128i *)from)), r->residual_scale[i % blocks]);
    }
}

// Stores the first `valid` pixels.
CK_INLINE void ck_tile_store(const int pixels, const int blocks, const ck_tile_row *r, const __m512i *q, uint8_t *to,
                             int32_t valid) {
    const int together = blocks == 3 ? 1 : blocks == 2 ? 2 : 4;  // pixels that fit one register of bytes
#pragma clang loop unroll(full)
    for (int i = 0; i < pixels; i += together) {
        const __m512i *first = q + i * blocks;
        const __m512i bytes = ck_packed(first[0], first[1], first[2], blocks == 3 ? first[2] : first[3]);
        uint8_t *const at = to + (size_t)i * r->row;
        if (blocks == 3) {
            if (i < valid) _mm512_mask_storeu_epi8(at, r->mask, bytes);
        } else if (blocks == 2) {
            if (i < valid) _mm256_mask_storeu_epi8(at, (__mmask32)r->mask, _mm512_castsi512_si256(bytes));
            if (i + 1 < valid)
                _mm256_mask_storeu_epi8(at + r->row, (__mmask32)r->mask, _mm512_extracti64x4_epi64(bytes, 1));
        } else {
            const __mmask16 mask = (__mmask16)r->mask;
            if (i < valid) _mm_mask_storeu_epi8(at, mask, _mm512_castsi512_si128(bytes));
            if (i + 1 < valid) _mm_mask_storeu_epi8(at + r->row, mask, _mm512_extracti32x4_epi32(bytes, 1));
            if (i + 2 < valid) _mm_mask_storeu_epi8(at + 2 * r->row, mask, _mm512_extracti32x4_epi32(bytes, 2));
            if (i + 3 < valid) _mm_mask_storeu_epi8(at + 3 * r->row, mask, _mm512_extracti32x4_epi32(bytes, 3));
        }
    }
}

// A whole row. The last tile computes pixels past x1 and does not store them.
CK_INLINE void ck_tiles_of(const bool adds, const int pixels, const int blocks, const ck_convolution *p,
                           const uint8_t *const *rows, const uint8_t *residual, uint8_t *output, int32_t x0,
                           int32_t x1, int32_t channel) {
    const size_t depth = (size_t)p->segments * (size_t)p->segment_bytes;
    ck_tile_row r = {
        .weights = p->weights + (size_t)channel * depth,
        .block = 16 * depth,
        .step = (size_t)p->pixel_step,
        .row = (size_t)p->output_channels,
        .segments = p->segments,
        .segment_bytes = p->segment_bytes,
        .mask = ck_first_bytes(p->output_channels - channel < 16 * blocks ? p->output_channels - channel : 16 * blocks),
    };
#pragma clang loop unroll(full)
    for (int b = 0; b < blocks; b++) {
        r.bias[b] = _mm512_loadu_si512(p->bias + channel + 16 * b);
        r.scale[b] = _mm512_loadu_ps(p->scale + channel + 16 * b);
        if (adds) r.residual_scale[b] = _mm512_loadu_ps(p->residual_scale + channel + 16 * b);
    }
    for (int32_t x = x0; x < x1; x += pixels) {
        const size_t at = (size_t)x * r.row + (size_t)channel;
        __m512i sums[CK_MAX_TILE];
        __m512 addends[CK_MAX_TILE];
        if (adds) ck_tile_addends(pixels, blocks, &r, residual + at, addends);
        ck_tile_accumulate(pixels, blocks, &r, rows, x, sums);
#pragma clang loop unroll(full)
        for (int i = 0; i < pixels * blocks; i++)
            sums[i] = adds ? ck_scaled_plus(sums[i], r.scale[i % blocks], addends[i])
                           : ck_scaled(sums[i], r.scale[i % blocks]);
        ck_tile_store(pixels, blocks, &r, sums, output + at, x1 - x);
    }
}

CK_INLINE void ck_tiles(const int pixels, const int blocks, const ck_convolution *p, const uint8_t *const *rows,
                        const uint8_t *residual, uint8_t *output, int32_t x0, int32_t x1, int32_t channel) {
    if (residual)
        ck_tiles_of(true, pixels, blocks, p, rows, residual, output, x0, x1, channel);
    else
        ck_tiles_of(false, pixels, blocks, p, rows, NULL, output, x0, x1, channel);
}

#pragma clang attribute pop
#endif
#endif
