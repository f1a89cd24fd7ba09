// Depthwise 3x3 convolution, tile of 1 pixel x 8 channels, SDOT: the three bytes of a column, and a fourth with weight
// zero, are one dot product.
//
// Each column is read and interleaved once and added to the sums of the three pixels that it belongs to (stride 1): six
// registers of sums and six of weights, and a loop unrolled three times, so that nothing moves.
//
// Instructions per pixel and eight channels (72 products): 3 loads, 4 ZIP, 6 SDOT, 1 load of the bias, 9 to requantize
// and store: with the loop 24.3, or 0.34 per product; 33 with a residual. TBL on three registers would save two of the
// ZIP but takes four times as long.
#if defined(__aarch64__)

#include "../neon/kernels.h"
#include "../neon/requantize.h"
#include "../neon/split-row.h"
#include "kernels.h"

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)

typedef struct {
    const ck_depthwise *depthwise;
    const uint8_t *const *rows;
    int32_t c, end;  // channels, eight at a time
} channels8;

// A column of the window: four bytes (the last repeats the third) for each of eight channels.
typedef struct {
    int8x16_t low, high;
} column;

typedef struct {
    column weights[3];
    const int32_t *bias;
    ck_neon_scales scales[2];
    const int8_t *row[3];
    ptrdiff_t channels;
    const uint8_t *residual;
    uint8_t *output;
    ptrdiff_t next;
} state;

typedef struct {
    int32x4_t low, high;
} sums;

CK_INLINE column interleave(int8x16_t a, int8x16_t b, int8x16_t c, int8x16_t d) {
    const int16x8_t ab = vreinterpretq_s16_s8(vzip1q_s8(a, b)), cd = vreinterpretq_s16_s8(vzip1q_s8(c, d));
    return (column){vreinterpretq_s8_s16(vzip1q_s16(ab, cd)), vreinterpretq_s8_s16(vzip2q_s16(ab, cd))};
}

CK_INLINE column load(state *k) {
    int8x16_t a[3];
#pragma clang loop unroll(full)
    for (int i = 0; i < 3; i++) {
        __asm__("ld1 {%0.8b}, [%1], %2" : "=w"(a[i]), "+r"(k->row[i]) : "r"(k->channels));
    }
    return interleave(a[0], a[1], a[2], a[2]);
}

CK_INLINE sums start(const state *k) {
    sums s;
    __asm__ volatile("ldp %q0, %q1, [%2]" : "=w"(s.low), "=w"(s.high) : "r"(k->bias) : "memory");
    return s;
}

CK_INLINE sums add(sums s, column w, column a) {
    return (sums){vdotq_s32(s.low, w.low, a.low), vdotq_s32(s.high, w.high, a.high)};
}

CK_INLINE void finish(state *k, sums s, const bool has_residual, const bool small) {
    if (has_residual) {
        ck_neon_requantize_add_8(s.low, s.high, k->scales, &k->residual, &k->output, k->next, small);
    } else {
        ck_neon_requantize_8(s.low, s.high, k->scales, &k->output, k->next, small);
    }
}

// The next column ends the window of `a`, is the middle of that of `b` and begins that of `c`.
CK_INLINE void advance(state *k, sums *a, sums *b, sums *c, const bool has_residual, const bool small) {
    const column next = load(k);
    *a = add(*a, k->weights[2], next);
    *b = add(*b, k->weights[1], next);
    *c = add(start(k), k->weights[0], next);
    finish(k, *a, has_residual, small);
}

CK_INLINE void stride_1(state *k, int32_t pixels, const bool has_residual, const bool small) {
    column next = load(k);
    sums a = add(start(k), k->weights[0], next);
    next = load(k);
    a = add(a, k->weights[1], next);
    sums b = add(start(k), k->weights[0], next), c;
    while ((pixels -= 3) >= 0) {
        advance(k, &a, &b, &c, has_residual, small);
        advance(k, &b, &c, &a, has_residual, small);
        advance(k, &c, &a, &b, has_residual, small);
    }
    if (pixels > -3) advance(k, &a, &b, &c, has_residual, small);
    if (pixels > -2) advance(k, &b, &c, &a, has_residual, small);
}

CK_INLINE void stride_2(state *k, int32_t pixels, const bool has_residual, const bool small) {
    sums a = add(start(k), k->weights[0], load(k));
    for (; pixels > 0; pixels--) {
        a = add(a, k->weights[1], load(k));
        const column next = load(k);
        const sums done = add(a, k->weights[2], next);
        a = add(start(k), k->weights[0], next);
        finish(k, done, has_residual, small);
    }
}

CK_INLINE void slide(state *k, int32_t pixels, int32_t stride, const bool has_residual, const bool small) {
    if (stride == 1) {
        stride_1(k, pixels, has_residual, small);
    } else {
        stride_2(k, pixels, has_residual, small);
    }
}

CK_INLINE void run_8(const ck_depthwise *p, const uint8_t *const *rows, ptrdiff_t at, ptrdiff_t c, int32_t pixels,
                     const uint8_t *residual, uint8_t *output, ptrdiff_t next) {
    const ptrdiff_t channels = p->channels, padded = (channels + 15) & ~(ptrdiff_t)15;
    const int8_t *w = p->weights + c;
    const float *residual_scale = residual ? p->residual_scale + c : NULL;
    int32_t bias[8];
    state k = {.bias = bias, .channels = channels, .residual = residual, .output = output, .next = next};
    ck_neon_load_scales(k.scales, 2, p->scale + c, residual_scale);
#pragma clang loop unroll(full)
    for (int i = 0; i < 3; i++, w += padded) {
        k.row[i] = (const int8_t *)rows[i] + at + c;
        const int8x8_t zero = vdup_n_s8(0), top = vld1_s8(w), middle = vld1_s8(w + 3 * padded),
                       bottom = vld1_s8(w + 6 * padded);
        k.weights[i] = interleave(vcombine_s8(top, zero), vcombine_s8(middle, zero), vcombine_s8(bottom, zero),
                                  vcombine_s8(zero, zero));
    }
    const bool small = ck_neon_small_sums(8, p->bias + c, p->scale + c, residual_scale, 9 * 127 * 128);
    ck_neon_copy_bias(8, bias, p->bias + c, small);
    if (residual) {
        small ? slide(&k, pixels, p->stride, true, true) : slide(&k, pixels, p->stride, true, false);
    } else {
        small ? slide(&k, pixels, p->stride, false, true) : slide(&k, pixels, p->stride, false, false);
    }
}

static void run(const void *part, int32_t x, int32_t pixels, const uint8_t *residual, uint8_t *output,
                ptrdiff_t next) {
    const channels8 *q = part;
    const ptrdiff_t at = (ptrdiff_t)x * q->depthwise->stride * q->depthwise->channels;
    for (int32_t c = q->c; c < q->end; c += 8) {
        run_8(q->depthwise, q->rows, at, c, pixels, residual, output, next);
        if (residual) residual += 8;
        output += 8;
    }
}

void ck_neondot_depthwise(const ck_depthwise *p, const uint8_t *const *rows, const uint8_t *residual, uint8_t *output,
                          int32_t x0, int32_t x1) {
    if (p->kernel_height != 3 || p->kernel_width != 3 || p->stride > 2) {
        ck_neon_depthwise_any(p, rows, residual, output, x0, x1);
        return;
    }
    __asm__ volatile("" ::: "memory");  // some loads are hidden from the compiler
    const int32_t end = p->channels & ~7, panel = ck_neon_panel(p);
    const channels8 whole = {p, rows, 0, end}, part = {p, rows, end, p->channels};
    for (int32_t x = x0; x < x1; x += panel) {
        const int32_t pixels = x1 - x < panel ? x1 - x : panel;
        const ptrdiff_t at = (ptrdiff_t)x * p->channels;
        if (end > 0) run(&whole, x, pixels, residual ? residual + at : NULL, output + at, p->channels);
        if (end < p->channels) {
            ck_neon_split_row(run, &part, 1, 8, p->channels, end, residual, output, x, x + pixels);
        }
    }
}

#pragma clang attribute pop

#endif
