// Dense convolution, tile of 8 pixels x 8 channels, for weights that let 8 products fit 16 bits: SMULL and SMLAL sum 4
// products, ADDP adds neighbours, SADALP adds them up in 32 bits.
//
// Registers: v0 to v7 weights of four K groups (a group of eight channels fills two), v8 to v11 activations of one
// pixel, one K group broadcast into each, v12 to v15 sums of products, v16 to v31 sums: two per pixel, four channels
// each.
//
// Instructions per 16 bytes of K (1024 products a tile): 128 multiplications, 16 ADDP, 16 SADALP, 8 LD4R, 4 LDP and 2
// for the loop: 174, or 0.170 per product. Per tile about 85 more (150 with a residual) and about 10 per segment.
//
// Without ADDP (convolve-4x8-smlal.c) a pixel needs twice the sums, so a tile has half the pixels, and the end of each
// adds the pairs. Sums of 8 K groups without ADDP need 16 registers of weights, which leaves 2 pixels, or 4 channels:
// fewer SADALP, more loads, and chains of 8 multiplications in two registers, which cost the Cortex-A72 a tenth.
//
// The Cortex-A72 multiplies in one of its two pipes, 8 products a cycle, and does the rest in the other; llvm-mca finds
// 7.99 products a cycle in the loop. The Cortex-A53 has one pipe for 128-bit operations, of which ADDP and SADALP take a
// fifth, so that 6.4 is the most; the model counts 3.4, as it completes loads, address updates and arithmetic in order and
// lets six cycles pass between two multiplications into the same sum, of which there are four. Eight (two pixels at a
// time) leave room for a tile of 4 pixels and need a thirtieth more instructions.
#if defined(__aarch64__)

#include "kernels.h"
#include "requantize.h"
#include "split-row.h"

// Eight channels of a row.
typedef struct {
    const int8_t *weights;
    int32_t bias[8];
    const float *scale, *residual_scale;
    const uint8_t *const *rows;
    ptrdiff_t pixel_step;
    int32_t segments, steps, rest;  // a segment is `steps` times 16 bytes and `rest` bytes
    bool small;                     // sums are small, see requantize.h
} channels8;

// The next pixel's 16 bytes, and on to the pixel after it.
#define LOAD(move) "ld4r {v8.4s, v9.4s, v10.4s, v11.4s}, [%[run]], %[" #move "]\n"

// Products of one K group of a pixel with two or four channels at a time.
#define ODD(op, w0, w1, a) op "2 v13.8h, v" #w0 ".16b, v" #a ".16b\n" op "2 v15.8h, v" #w1 ".16b, v" #a ".16b\n"
#define EVEN(op, w0, w1, a) op "  v12.8h, v" #w0 ".8b,  v" #a ".8b\n" op "  v14.8h, v" #w1 ".8b,  v" #a ".8b\n"
#define GROUP(w0, w1, a) EVEN("smlal", w0, w1, a) ODD("smlal", w0, w1, a)

#define PAIRS "addp v12.8h, v12.8h, v13.8h\n addp v14.8h, v14.8h, v15.8h\n"
#define WIDEN(s0, s1) "sadalp v" #s0 ".4s, v12.8h\n sadalp v" #s1 ".4s, v14.8h\n"

// What follows the first K group of a pixel.
#define ONE_GROUP ""
#define TWO_GROUPS GROUP(2, 3, 9)
#define THREE_GROUPS GROUP(2, 3, 9) GROUP(4, 5, 10)
#define FOUR_GROUPS GROUP(2, 3, 9) GROUP(4, 5, 10) GROUP(6, 7, 11)

#define FIRST_PIXEL(groups) LOAD(pixel) ODD("smull", 0, 1, 8) EVEN("smull", 0, 1, 8) groups
// The pixel before ends while this one, whose loads come as soon as its registers are free, begins.
#define NEXT_PIXEL(groups, move, s0, s1) \
    LOAD(move) PAIRS ODD("smull", 0, 1, 8) WIDEN(s0, s1) EVEN("smull", 0, 1, 8) groups
// The last move is back to the first pixel, 16 bytes further.
#define PIXELS(groups)                                                                              \
    FIRST_PIXEL(groups) NEXT_PIXEL(groups, pixel, 16, 17) NEXT_PIXEL(groups, pixel, 18, 19)         \
    NEXT_PIXEL(groups, pixel, 20, 21) NEXT_PIXEL(groups, pixel, 22, 23)                             \
    NEXT_PIXEL(groups, pixel, 24, 25) NEXT_PIXEL(groups, pixel, 26, 27)                             \
    NEXT_PIXEL(groups, back, 28, 29) PAIRS WIDEN(30, 31)

#define SUM_SEGMENT(step)                                                                                  \
    __asm__ volatile(                                                                                      \
        "cbz %w[steps], 2f\n"                                                                              \
        "1:\n"                                                                                             \
        "ldp q0, q1, [%[weights]], #4 * " #step "\n"                                                       \
        "ldp q2, q3, [%[weights], #-3 * " #step "]\n"                                                      \
        "ldp q4, q5, [%[weights], #-2 * " #step "]\n"                                                      \
        "ldp q6, q7, [%[weights], #-1 * " #step "]\n"                                                      \
        "subs %w[steps], %w[steps], #1\n" PIXELS(FOUR_GROUPS)                                              \
        "b.ne 1b\n"                                                                                        \
        "2: cbz %w[rest], 5f\n"                                                                            \
        "ldp q0, q1, [%[weights]], #" #step "\n"                                                           \
        "tbnz %w[rest], #3, 3f\n" PIXELS(ONE_GROUP)                                                        \
        "b 5f\n"                                                                                           \
        "3: ldp q2, q3, [%[weights]], #" #step "\n"                                                        \
        "tbnz %w[rest], #2, 4f\n" PIXELS(TWO_GROUPS)                                                       \
        "b 5f\n"                                                                                           \
        "4: ldp q4, q5, [%[weights]], #" #step "\n" PIXELS(THREE_GROUPS)                                   \
        "5:\n"                                                                                             \
        : [run] "+r"(run), [weights] "+r"(weights), [steps] "+r"(steps), "+w"(s0), "+w"(s1), "+w"(s2),     \
          "+w"(s3), "+w"(s4), "+w"(s5), "+w"(s6), "+w"(s7), "+w"(s8), "+w"(s9), "+w"(s10), "+w"(s11),      \
          "+w"(s12), "+w"(s13), "+w"(s14), "+w"(s15)                                                       \
        : [pixel] "r"(pixel), [back] "r"(back), [rest] "r"(rest)                                           \
        : "cc", "memory", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", \
          "v13", "v14", "v15")

#define LOAD_BIAS(a, b) __asm__ volatile("ldp %q0, %q1, [%2]" : "=w"(a), "=w"(b) : "r"(p->bias) : "memory")

// `pixels` is a multiple of 8, see ck_neon_run. `step` is the distance of K groups in the weights.
CK_INLINE void convolve_tiles(const channels8 *p, int32_t x, int32_t pixels, const uint8_t *residual, uint8_t *output,
                              ptrdiff_t next, const int step, const bool has_residual, const bool small) {
    const ptrdiff_t pixel = p->pixel_step, back = 16 - 7 * pixel;
    const int32_t rest = p->rest;
    ptrdiff_t at = x * pixel;
    do {
        register int32x4_t s0 __asm__("v16"), s1 __asm__("v17"), s2 __asm__("v18"), s3 __asm__("v19");
        register int32x4_t s4 __asm__("v20"), s5 __asm__("v21"), s6 __asm__("v22"), s7 __asm__("v23");
        register int32x4_t s8 __asm__("v24"), s9 __asm__("v25"), s10 __asm__("v26"), s11 __asm__("v27");
        register int32x4_t s12 __asm__("v28"), s13 __asm__("v29"), s14 __asm__("v30"), s15 __asm__("v31");
        LOAD_BIAS(s0, s1);
        LOAD_BIAS(s2, s3);
        LOAD_BIAS(s4, s5);
        LOAD_BIAS(s6, s7);
        LOAD_BIAS(s8, s9);
        LOAD_BIAS(s10, s11);
        LOAD_BIAS(s12, s13);
        LOAD_BIAS(s14, s15);
        const int8_t *weights = p->weights;
        const uint8_t *const *rows = p->rows;
        int32_t segments = p->segments;
        do {
            const uint8_t *run = *rows++ + at;
            int32_t steps = p->steps;
            if (step == 64) {
                SUM_SEGMENT(64);
            } else {
                SUM_SEGMENT(32);
            }
        } while (--segments);
        ck_neon_scales scales[2];
        ck_neon_load_scales(scales, 2, p->scale, has_residual ? p->residual_scale : NULL);
        const int32x4_t low[8] = {s0, s2, s4, s6, s8, s10, s12, s14}, high[8] = {s1, s3, s5, s7, s9, s11, s13, s15};
#pragma clang loop unroll(full)
        for (int i = 0; i < 8; i++) {
            if (has_residual) {
                ck_neon_requantize_add_8(low[i], high[i], scales, &residual, &output, next, small);
            } else {
                ck_neon_requantize_8(low[i], high[i], scales, &output, next, small);
            }
        }
        at += 8 * pixel;
    } while (pixels -= 8);
}

#define TILES(name, step, small)                                                                            \
    static void name(const void *part, int32_t x, int32_t pixels, const uint8_t *residual, uint8_t *output, \
                     ptrdiff_t next) {                                                                      \
        if (residual) {                                                                                     \
            convolve_tiles(part, x, pixels, residual, output, next, step, true, small);                     \
        } else {                                                                                            \
            convolve_tiles(part, x, pixels, residual, output, next, step, false, small);                    \
        }                                                                                                   \
    }

TILES(blocks_of_16, 64, false)
TILES(blocks_of_16_small, 64, true)
TILES(blocks_of_8, 32, false)
TILES(blocks_of_8_small, 32, true)

void ck_neon_convolve(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual, uint8_t *output,
                      int32_t x0, int32_t x1) {
    if (p->lane_products < 8) {
        ck_neon_convolve_4x8(p, rows, residual, output, x0, x1);
        return;
    }
    const ptrdiff_t depth = (ptrdiff_t)p->segments * p->segment_bytes;
    const int64_t products = ck_neon_product_bound(p);
    channels8 part = {.rows = rows,
                      .pixel_step = p->pixel_step,
                      .segments = p->segments,
                      .steps = p->segment_bytes / 16,
                      .rest = p->segment_bytes % 16};
    for (int32_t c = 0; c < p->output_channels; c += 8) {
        const int32_t block = c & ~15;
        part.weights = p->weights + block * depth + 4 * (c - block);
        part.scale = p->scale + c;
        part.residual_scale = residual ? p->residual_scale + c : NULL;
        part.small = ck_neon_small_sums(8, p->bias + c, part.scale, part.residual_scale, products);
        ck_neon_copy_bias(8, part.bias, p->bias + c, part.small);
        const bool wide = p->output_channels - block > 8;
        const ck_neon_run run =
            wide ? (part.small ? blocks_of_16_small : blocks_of_16) : (part.small ? blocks_of_8_small : blocks_of_8);
        ck_neon_split_row(run, &part, 8, 8, p->output_channels, c, residual, output, x0, x1);
    }
}

#endif
