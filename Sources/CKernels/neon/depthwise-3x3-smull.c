// Depthwise 3x3 convolution, tile of 1 pixel x 8 channels: SMULL and SMLAL sum two products in 16 bits, SADDW adds them
// to 32 bits.
//
// Registers: nine of weights, nine of activations, of which a pixel replaces three (with stride 1, the loop is unrolled
// three times, so that nothing moves), two of bias, two of scales.
//
// Instructions per pixel and eight channels (72 products): 9 multiplications, 10 SADDW, 3 loads, 10 to requantize and
// store: with the loop 33, or 0.46 per product; 41 with a residual. Widening first and multiplying 16-bit values would
// take 18 multiplications and no SADDW, but 3 more to widen.
#if defined(__aarch64__)

#include "kernels.h"
#include "requantize.h"
#include "split-row.h"

typedef struct {
    const ck_depthwise *depthwise;
    const uint8_t *const *rows;
    int32_t c, end;  // channels, eight at a time
} channels8;

// One column of the window.
typedef struct {
    int8x8_t row[3];
} column;

typedef struct {
    const int8_t *row[3];
} cursor;

// The next column. The window slides over columns that stay in registers.
CK_INLINE column load(cursor *at, ptrdiff_t channels) {
    column a;
#pragma clang loop unroll(full)
    for (int i = 0; i < 3; i++) {
        __asm__("ld1 {%0.8b}, [%1], %2" : "=w"(a.row[i]), "+r"(at->row[i]) : "r"(channels));
    }
    return a;
}

CK_INLINE int16x8_t pair(int8x8_t w0, int8x8_t a0, int8x8_t w1, int8x8_t a1) {
    return vmlal_s8(vmull_s8(w0, a0), w1, a1);
}

typedef struct {
    column weights[3];
    int32x4_t bias[2];
    ck_neon_scales scales[2];
    const uint8_t *residual;
    uint8_t *output;
    ptrdiff_t next;
} constants;

CK_INLINE void pixel(constants *k, column a, column b, column c, const bool has_residual) {
    const column *w = k->weights;
    const int16x8_t products[5] = {
        pair(w[0].row[0], a.row[0], w[0].row[1], a.row[1]), pair(w[0].row[2], a.row[2], w[1].row[0], b.row[0]),
        pair(w[1].row[1], b.row[1], w[1].row[2], b.row[2]), pair(w[2].row[0], c.row[0], w[2].row[1], c.row[1]),
        vmull_s8(w[2].row[2], c.row[2])};
    int32x4_t low = k->bias[0], high = k->bias[1];
#pragma clang loop unroll(full)
    for (int i = 0; i < 5; i++) {
        low = vaddw_s16(low, vget_low_s16(products[i]));
        high = vaddw_high_s16(high, products[i]);
    }
    if (has_residual) {
        ck_neon_requantize_add_8(low, high, k->scales, &k->residual, &k->output, k->next, false);
    } else {
        ck_neon_requantize_8(low, high, k->scales, &k->output, k->next, false);
    }
}

CK_INLINE void stride_1(constants *k, cursor *at, ptrdiff_t channels, int32_t pixels, const bool has_residual) {
    column a = load(at, channels), b = load(at, channels), c;
    for (; pixels >= 3; pixels -= 3) {
        c = load(at, channels);
        pixel(k, a, b, c, has_residual);
        a = load(at, channels);
        pixel(k, b, c, a, has_residual);
        b = load(at, channels);
        pixel(k, c, a, b, has_residual);
    }
    for (; pixels > 0; pixels--) {
        c = load(at, channels);
        pixel(k, a, b, c, has_residual);
        a = b;
        b = c;
    }
}

CK_INLINE void stride_2(constants *k, cursor *at, ptrdiff_t channels, int32_t pixels, const bool has_residual) {
    column a = load(at, channels);
    for (; pixels > 0; pixels--) {
        const column b = load(at, channels), c = load(at, channels);
        pixel(k, a, b, c, has_residual);
        a = c;
    }
}

CK_INLINE void run_8(const ck_depthwise *p, const uint8_t *const *rows, ptrdiff_t at, ptrdiff_t c, int32_t pixels,
                     const uint8_t *residual, uint8_t *output, ptrdiff_t next) {
    const ptrdiff_t channels = p->channels, padded = (channels + 15) & ~(ptrdiff_t)15;
    const int8_t *w = p->weights + c;
    constants k = {.bias = {vld1q_s32(p->bias + c), vld1q_s32(p->bias + c + 4)},
                   .residual = residual,
                   .output = output,
                   .next = next};
    ck_neon_load_scales(k.scales, 2, p->scale + c, residual ? p->residual_scale + c : NULL);
    cursor cursor;
#pragma clang loop unroll(full)
    for (int i = 0; i < 3; i++) {
        cursor.row[i] = (const int8_t *)rows[i] + at + c;
        for (int j = 0; j < 3; j++, w += padded) k.weights[j].row[i] = vld1_s8(w);
    }
    if (p->stride == 1) {
        residual ? stride_1(&k, &cursor, channels, pixels, true) : stride_1(&k, &cursor, channels, pixels, false);
    } else {
        residual ? stride_2(&k, &cursor, channels, pixels, true) : stride_2(&k, &cursor, channels, pixels, false);
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

void ck_neon_depthwise(const ck_depthwise *p, const uint8_t *const *rows, const uint8_t *residual, uint8_t *output,
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

#endif
