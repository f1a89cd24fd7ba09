// The register tile of the last channels of a pixel: `blocks` (0 or 1) blocks of 16 channels, then one of 8.
//
// Eight channels fill only half a register, so here a register holds 8 channels x 2 groups of 4 bytes: a pair of groups
// of one pixel is one 8-byte broadcast, which serves all registers of the pixel, and every lane works. Weights are
// interleaved to match as they are loaded (once per tile). A sum is then spread over two neighbouring lanes, which are
// added at the end. Pairs run on across segments, so an odd number of groups per segment costs little.
#ifndef CK_AVX512VNNI_TAIL_H
#define CK_AVX512VNNI_TAIL_H

#include "kernels.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVX512VNNI, apply_to = function)

#define CK_MAX_TAIL_PIXELS 8

// What does not change along a row. `last` is the block of 8 channels.
typedef struct {
    const int8_t *block_weights, *last_weights;
    size_t step, row;  // bytes between runs of neighbouring pixels, output pixels
    int32_t segments, segment_bytes;
    __mmask32 mask;                     // of the bytes to store per pixel
    __m512i block_bias[2], last_bias;   // spread as the sums are, each followed by zero
    __m512 block_scale, block_residual_scale;
    __m512 last_scale, last_residual_scale;  // for two pixels
} ck_tail_row;

// The spread sums of one pixel.
typedef struct {
    __m512i block[2], last;
} ck_tail_pixel;

// The outputs of two pixels: 16 channels of each, and 8 channels of both.
typedef struct {
    __m512i block[2], last;
} ck_tail_outputs;

typedef struct {
    __m512 block[2], last;
} ck_tail_addends;

CK_INLINE __m512i ck_twice(const void *bytes) {
    return _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)bytes));
}

CK_INLINE __m512 ck_twice_floats(const float *floats) { return _mm512_castsi512_ps(ck_twice(floats)); }

CK_INLINE __m512i ck_broadcast8(const uint8_t *bytes) {
    int64_t groups;
    memcpy(&groups, bytes, 8);
    return _mm512_set1_epi64(groups);
}

// Which groups a step takes: one after the other, the last of a segment and the first of the next, or the very last.
enum ck_tail_groups { ck_adjacent, ck_apart, ck_single };

// Adds the products of the groups at `first` and, if they are apart, at `second` (for pixel 0).
CK_INLINE void ck_tail_step(const enum ck_tail_groups groups, const int pixels, const int blocks,
                            const ck_tail_row *r, const int8_t *w_block, const int8_t *w_last, const uint8_t *first,
                            const uint8_t *second, ck_tail_pixel *sums) {
    const bool single = groups == ck_single;
    const __m512i interleave = _mm512_setr_epi32(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
    const __mmask16 odd = ck_opaque_mask(0xaaaa);
    const __m512i zero = _mm512_setzero_si512();
    const __m512i last = _mm512_permutexvar_epi32(
        interleave, single ? _mm512_maskz_loadu_epi32(0xff, w_last) : _mm512_loadu_si512(w_last));
    __m512i low = zero, high = zero;
    if (blocks) {
        const __m512i w0 = _mm512_loadu_si512(w_block), w1 = single ? zero : _mm512_loadu_si512(w_block + 64);
        low = _mm512_unpacklo_epi32(w0, w1);
        high = _mm512_unpackhi_epi32(w0, w1);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < pixels; i++) {
        const size_t at = (size_t)i * r->step;
        __m512i a;
        if (groups == ck_adjacent)
            a = ck_broadcast8(first + at);
        else if (groups == ck_apart)
            a = _mm512_mask_blend_epi32(odd, ck_broadcast4(first + at), ck_broadcast4(second + at));
        else
            a = ck_broadcast4(first + at);
        sums[i].last = _mm512_dpbusd_epi32(sums[i].last, a, last);
        if (!blocks) continue;
        sums[i].block[0] = _mm512_dpbusd_epi32(sums[i].block[0], a, low);
        sums[i].block[1] = _mm512_dpbusd_epi32(sums[i].block[1], a, high);
    }
}

CK_INLINE void ck_tail_accumulate(const int pixels, const int blocks, const ck_tail_row *r, const uint8_t *const *rows,
                                  int32_t x, ck_tail_pixel *sums) {
#pragma clang loop unroll(full)
    for (int i = 0; i < pixels; i++) sums[i] = (ck_tail_pixel){{r->block_bias[0], r->block_bias[1]}, r->last_bias};

    const int8_t *w_block = r->block_weights, *w_last = r->last_weights;
    const size_t offset = (size_t)x * r->step;
    int32_t done = 0;  // bytes of the segment that went with the previous one
    for (int32_t s = 0; s < r->segments; s++) {
        const uint8_t *run = rows[s] + offset + done;
        int32_t left = r->segment_bytes - done;
        for (; left >= 8; left -= 8) {
            ck_tail_step(ck_adjacent, pixels, blocks, r, w_block, w_last, run, NULL, sums);
            w_block += 128;
            w_last += 64;
            run += 8;
        }
        done = 0;
        if (left == 0) continue;
        if (s + 1 < r->segments) {
            ck_tail_step(ck_apart, pixels, blocks, r, w_block, w_last, run, rows[s + 1] + offset, sums);
            w_block += 128;
            w_last += 64;
            done = 4;
        } else {
            ck_tail_step(ck_single, pixels, blocks, r, w_block, w_last, run, NULL, sums);
        }
    }
}

// What the residual adds to the outputs of two pixels.
CK_INLINE ck_tail_addends ck_tail_add(const int blocks, const ck_tail_row *r, const uint8_t *residual) {
    const uint8_t *const a = residual, *const b = residual + r->row;
    ck_tail_addends addends;
    if (blocks) {
        addends.block[0] = _mm512_mul_ps(ck_residual(_mm_loadu_si128((const __m128i *)a)), r->block_residual_scale);
        addends.block[1] = _mm512_mul_ps(ck_residual(_mm_loadu_si128((const __m128i *)b)), r->block_residual_scale);
    }
    const __m128i last = _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)(a + 16 * blocks)),
                                            _mm_loadl_epi64((const __m128i *)(b + 16 * blocks)));
    addends.last = _mm512_mul_ps(ck_residual(last), r->last_residual_scale);
    return addends;
}

// The two lanes of each sum, added.
CK_INLINE __m512i ck_tail_block(const ck_tail_pixel *sums) {
    const __m512 low = _mm512_castsi512_ps(sums->block[0]), high = _mm512_castsi512_ps(sums->block[1]);
    return _mm512_add_epi32(_mm512_castps_si512(_mm512_shuffle_ps(low, high, 0x88)),
                            _mm512_castps_si512(_mm512_shuffle_ps(low, high, 0xdd)));
}

CK_INLINE __m512i ck_tail_last(__m512i a, __m512i b) {
    const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i odd = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    return _mm512_add_epi32(_mm512_permutex2var_epi32(a, even, b), _mm512_permutex2var_epi32(a, odd, b));
}

// The bytes of two pixels, one in each half.
CK_INLINE __m512i ck_tail_bytes(const bool adds, const int blocks, const ck_tail_row *r, const ck_tail_pixel *a,
                                const ck_tail_pixel *b, const ck_tail_addends *addends) {
    __m512i last = ck_tail_last(a->last, b->last);
    last = adds ? ck_scaled_plus(last, r->last_scale, addends->last) : ck_scaled(last, r->last_scale);
    const __m512i last16 = _mm512_packs_epi32(last, last);
    __m512i first16 = last16;
    __m512i order = _mm512_setr_epi32(0, 4, 0, 4, 0, 4, 0, 4, 8, 12, 8, 12, 8, 12, 8, 12);
    if (blocks) {
        __m512i first = ck_tail_block(a), second = ck_tail_block(b);
        first = adds ? ck_scaled_plus(first, r->block_scale, addends->block[0]) : ck_scaled(first, r->block_scale);
        second = adds ? ck_scaled_plus(second, r->block_scale, addends->block[1]) : ck_scaled(second, r->block_scale);
        first16 = _mm512_packs_epi32(first, second);
        order = _mm512_setr_epi32(0, 4, 8, 12, 2, 6, 2, 6, 1, 5, 9, 13, 10, 14, 10, 14);
    }
    const __m512i lanes = _mm512_packs_epi16(first16, last16);
    return _mm512_xor_si512(_mm512_permutexvar_epi32(order, lanes), _mm512_set1_epi8((char)0x80));
}

// A whole row. The last tile computes pixels past x1 and does not store them.
CK_INLINE void ck_tail_tiles_of(const bool adds, const int pixels, const int blocks, const ck_convolution *p,
                                const uint8_t *const *rows, const uint8_t *residual, uint8_t *output, int32_t x0,
                                int32_t x1, int32_t channel) {
    const size_t depth = (size_t)p->segments * (size_t)p->segment_bytes;
    const int32_t last = channel + 16 * blocks;
    const __m512i zero = _mm512_setzero_si512();
    const __m512i bias = blocks ? _mm512_loadu_si512(p->bias + channel) : zero;
    const ck_tail_row r = {
        .block_weights = p->weights + (size_t)channel * depth,
        .last_weights = p->weights + (size_t)last * depth,
        .step = (size_t)p->pixel_step,
        .row = (size_t)p->output_channels,
        .segments = p->segments,
        .segment_bytes = p->segment_bytes,
        .mask = (__mmask32)ck_first_bytes(p->output_channels - channel),
        .block_bias = {_mm512_unpacklo_epi32(bias, zero), _mm512_unpackhi_epi32(bias, zero)},
        .last_bias = _mm512_cvtepu32_epi64(_mm256_loadu_si256((const __m256i *)(p->bias + last))),
        .block_scale = blocks ? _mm512_loadu_ps(p->scale + channel) : _mm512_setzero_ps(),
        .block_residual_scale = blocks && adds ? _mm512_loadu_ps(p->residual_scale + channel) : _mm512_setzero_ps(),
        .last_scale = ck_twice_floats(p->scale + last),
        .last_residual_scale = adds ? ck_twice_floats(p->residual_scale + last) : _mm512_setzero_ps(),
    };
    for (int32_t x = x0; x < x1; x += pixels) {
        const size_t at = (size_t)x * r.row + (size_t)channel;
        ck_tail_addends addends[CK_MAX_TAIL_PIXELS / 2];
#pragma clang loop unroll(full)
        for (int i = 0; i < pixels; i += 2)
            if (adds) addends[i / 2] = ck_tail_add(blocks, &r, residual + at + (size_t)i * r.row);
        ck_tail_pixel sums[CK_MAX_TAIL_PIXELS];
        ck_tail_accumulate(pixels, blocks, &r, rows, x, sums);
#pragma clang loop unroll(full)
        for (int i = 0; i < pixels; i += 2) {
            const __m512i bytes = ck_tail_bytes(adds, blocks, &r, sums + i, sums + i + 1, addends + i / 2);
            uint8_t *const to = output + at + (size_t)i * r.row;
            if (i < x1 - x) _mm256_mask_storeu_epi8(to, r.mask, _mm512_castsi512_si256(bytes));
            if (i + 1 < x1 - x) _mm256_mask_storeu_epi8(to + r.row, r.mask, _mm512_extracti64x4_epi64(bytes, 1));
        }
    }
}

CK_INLINE void ck_tail_tiles(const int pixels, const int blocks, const ck_convolution *p, const uint8_t *const *rows,
                             const uint8_t *residual, uint8_t *output, int32_t x0, int32_t x1, int32_t channel) {
    if (residual)
        ck_tail_tiles_of(true, pixels, blocks, p, rows, residual, output, x0, x1, channel);
    else
        ck_tail_tiles_of(false, pixels, blocks, p, rows, NULL, output, x0, x1, channel);
}

#pragma clang attribute pop
#endif
#endif
