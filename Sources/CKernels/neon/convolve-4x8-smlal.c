// Dense convolution, tile of 4 pixels x 8 channels: SMULL and SMLAL sum `lane_products` products (4 where 8 would fit)
// in 16 bits, SADALP adds them up in 32 bits. For models whose weights do not allow what convolve-8x8-smlal.c does.
//
// Registers: v0 to v7 weights of four K groups (a group of eight channels fills two), v8 to v11 activations of one
// pixel, one K group broadcast into each, v12 to v15 sums of products, v16 to v31 sums: four per pixel, each with two
// sums for each of two channels, which the end adds pairwise.
//
// Instructions per 16 bytes of K (512 products a tile): 64 multiplications, 16 SADALP (lane_products 2: 32), 4 LD4R,
// 4 LDP and 2 for the loop: 90, or 0.176 per product (0.207). Per tile 65 more (100 with a residual) and about 10 per
// segment.
//
// The Cortex-A72 multiplies in one of its two pipes, 8 products a cycle, and does the rest in the other: llvm-mca finds
// 7.99 products a cycle in the loop. The Cortex-A53 has one pipe for 128-bit operations, of which SADALP takes a fifth,
// so that 6.4 is the most; the model counts 3.6, as it completes loads, address updates and arithmetic in order, and
// waits six cycles for a sum. Broadcasting 16 bytes with one instruction, and weights that stay for four pixels, keep
// the number of instructions low on both. Multiplying 16-bit values (SMLAL by element) or floats (FMLA) makes four
// products a cycle. Written as assembly, as it needs every register and the Cortex-A53 takes loads in the order given.
#if defined(__aarch64__)

#include "kernels.h"
#include "requantize.h"
#include "split-row.h"

// Eight channels of a row.
typedef struct {
    const int8_t *weights;
    int32_t bias[16];  // of channel c at 2 * c, else 0
    const float *scale, *residual_scale;
    const uint8_t *const *rows;
    ptrdiff_t pixel_step;
    int32_t segments, steps, rest;  // a segment is `steps` times 16 bytes and `rest` bytes
} channels8;

// The next pixel's 16 bytes, and on to the pixel after it.
#define LOAD(move) "ld4r {v8.4s, v9.4s, v10.4s, v11.4s}, [%[run]], %[" #move "]\n"

// One K group of a pixel.
#define GROUP(op, w0, w1, a)                                                              \
    op "  v12.8h, v" #w0 ".8b,  v" #a ".8b\n"  op "2 v13.8h, v" #w0 ".16b, v" #a ".16b\n" \
    op "  v14.8h, v" #w1 ".8b,  v" #a ".8b\n"  op "2 v15.8h, v" #w1 ".16b, v" #a ".16b\n"
#define GROUP_0 GROUP("smull", 0, 1, 8)
#define GROUP_1 GROUP("smlal", 2, 3, 9)
#define GROUP_2(op) GROUP(op, 4, 5, 10)
#define GROUP_3 GROUP("smlal", 6, 7, 11)

#define WIDEN(s0, s1, s2, s3)                                   \
    "sadalp v" #s0 ".4s, v12.8h\n sadalp v" #s1 ".4s, v13.8h\n" \
    "sadalp v" #s2 ".4s, v14.8h\n sadalp v" #s3 ".4s, v15.8h\n"

// K groups of a pixel. `next` loads the next pixel as soon as this one's registers are free.
#define ONE_GROUP(widen, next) GROUP_0 next widen
#define TWO_GROUPS(widen, next) GROUP_0 GROUP_1 next widen
#define THREE_GROUPS_BY_2(widen, next) GROUP_0 GROUP_1 widen GROUP_2("smull") next widen
#define FOUR_GROUPS_BY_2(widen, next) GROUP_0 GROUP_1 widen GROUP_2("smull") GROUP_3 next widen
#define THREE_GROUPS_BY_4(widen, next) GROUP_0 GROUP_1 GROUP_2("smlal") next widen
#define FOUR_GROUPS_BY_4(widen, next) GROUP_0 GROUP_1 GROUP_2("smlal") GROUP_3 next widen

// The same of four pixels, the first of which is loaded. The last move is back to the first pixel, 16 bytes further.
#define PIXELS(groups)                                                                    \
    groups(WIDEN(16, 17, 18, 19), LOAD(pixel)) groups(WIDEN(20, 21, 22, 23), LOAD(pixel)) \
    groups(WIDEN(24, 25, 26, 27), LOAD(back)) groups(WIDEN(28, 29, 30, 31), "")

#define SUM_SEGMENT(step, three_groups, four_groups)                                                       \
    __asm__ volatile(                                                                                      \
        "cbz %w[steps], 2f\n"                                                                              \
        "1:\n" LOAD(pixel)                                                                                 \
        "ldp q0, q1, [%[weights]], #4 * " #step "\n"                                                       \
        "ldp q2, q3, [%[weights], #-3 * " #step "]\n"                                                      \
        "ldp q4, q5, [%[weights], #-2 * " #step "]\n"                                                      \
        "ldp q6, q7, [%[weights], #-1 * " #step "]\n"                                                      \
        "subs %w[steps], %w[steps], #1\n" PIXELS(four_groups)                                              \
        "b.ne 1b\n"                                                                                        \
        "2: cbz %w[rest], 5f\n" LOAD(pixel)                                                                \
        "ldp q0, q1, [%[weights]], #" #step "\n"                                                           \
        "tbnz %w[rest], #3, 3f\n" PIXELS(ONE_GROUP)                                                        \
        "b 5f\n"                                                                                           \
        "3: ldp q2, q3, [%[weights]], #" #step "\n"                                                        \
        "tbnz %w[rest], #2, 4f\n" PIXELS(TWO_GROUPS)                                                       \
        "b 5f\n"                                                                                           \
        "4: ldp q4, q5, [%[weights]], #" #step "\n" PIXELS(three_groups)                                   \
        "5:\n"                                                                                             \
        : [run] "+r"(run), [weights] "+r"(weights), [steps] "+r"(steps), "+w"(s0), "+w"(s1), "+w"(s2),     \
          "+w"(s3), "+w"(s4), "+w"(s5), "+w"(s6), "+w"(s7), "+w"(s8), "+w"(s9), "+w"(s10), "+w"(s11),      \
          "+w"(s12), "+w"(s13), "+w"(s14), "+w"(s15)                                                       \
        : [pixel] "r"(pixel), [back] "r"(back), [rest] "r"(rest)                                           \
        : "cc", "memory", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", \
          "v13", "v14", "v15")

#define LOAD_BIAS(a, b, offset) \
    __asm__ volatile("ldp %q0, %q1, [%2, #" #offset "]" : "=w"(a), "=w"(b) : "r"(p->bias) : "memory")

// `pixels` is a multiple of 4, see ck_neon_run. `step` is the distance of K groups in the weights.
CK_INLINE void convolve_tiles(const channels8 *p, int32_t x, int32_t pixels, const uint8_t *residual, uint8_t *output,
                              ptrdiff_t next, const int step, const int products, const bool has_residual) {
    const ptrdiff_t pixel = p->pixel_step, back = 16 - 3 * pixel;
    const int32_t rest = p->rest;
    ptrdiff_t at = x * pixel;
    do {
        register int32x4_t s0 __asm__("v16"), s1 __asm__("v17"), s2 __asm__("v18"), s3 __asm__("v19");
        register int32x4_t s4 __asm__("v20"), s5 __asm__("v21"), s6 __asm__("v22"), s7 __asm__("v23");
        register int32x4_t s8 __asm__("v24"), s9 __asm__("v25"), s10 __asm__("v26"), s11 __asm__("v27");
        register int32x4_t s12 __asm__("v28"), s13 __asm__("v29"), s14 __asm__("v30"), s15 __asm__("v31");
        LOAD_BIAS(s0, s1, 0);
        LOAD_BIAS(s2, s3, 32);
        LOAD_BIAS(s4, s5, 0);
        LOAD_BIAS(s6, s7, 32);
        LOAD_BIAS(s8, s9, 0);
        LOAD_BIAS(s10, s11, 32);
        LOAD_BIAS(s12, s13, 0);
        LOAD_BIAS(s14, s15, 32);
        const int8_t *weights = p->weights;
        const uint8_t *const *rows = p->rows;
        int32_t segments = p->segments;
        do {
            const uint8_t *run = *rows++ + at;
            int32_t steps = p->steps;
            if (step == 64 && products == 4) {
                SUM_SEGMENT(64, THREE_GROUPS_BY_4, FOUR_GROUPS_BY_4);
            } else if (step == 64) {
                SUM_SEGMENT(64, THREE_GROUPS_BY_2, FOUR_GROUPS_BY_2);
            } else if (products == 4) {
                SUM_SEGMENT(32, THREE_GROUPS_BY_4, FOUR_GROUPS_BY_4);
            } else {
                SUM_SEGMENT(32, THREE_GROUPS_BY_2, FOUR_GROUPS_BY_2);
            }
        } while (--segments);
        ck_neon_scales scales[2];
        ck_neon_load_scales(scales, 2, p->scale, has_residual ? p->residual_scale : NULL);
        const int32x4_t low[4] = {vpaddq_s32(s0, s1), vpaddq_s32(s4, s5), vpaddq_s32(s8, s9), vpaddq_s32(s12, s13)};
        const int32x4_t high[4] = {vpaddq_s32(s2, s3), vpaddq_s32(s6, s7), vpaddq_s32(s10, s11),
                                   vpaddq_s32(s14, s15)};
#pragma clang loop unroll(full)
        for (int i = 0; i < 4; i++) {
            if (has_residual) {
                ck_neon_requantize_add_8(low[i], high[i], scales, &residual, &output, next, false);
            } else {
                ck_neon_requantize_8(low[i], high[i], scales, &output, next, false);
            }
        }
        at += 4 * pixel;
    } while (pixels -= 4);
}

#define TILES(name, step, products)                                                                         \
    static void name(const void *part, int32_t x, int32_t pixels, const uint8_t *residual, uint8_t *output, \
                     ptrdiff_t next) {                                                                      \
        if (residual) {                                                                                     \
            convolve_tiles(part, x, pixels, residual, output, next, step, products, true);                  \
        } else {                                                                                            \
            convolve_tiles(part, x, pixels, residual, output, next, step, products, false);                 \
        }                                                                                                   \
    }

TILES(blocks_of_16_by_2, 64, 2)
TILES(blocks_of_16_by_4, 64, 4)
TILES(blocks_of_8_by_2, 32, 2)
TILES(blocks_of_8_by_4, 32, 4)

void ck_neon_convolve_4x8(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual,
                          uint8_t *output, int32_t x0, int32_t x1) {
    const ptrdiff_t depth = (ptrdiff_t)p->segments * p->segment_bytes;
    const bool by_4 = p->lane_products >= 4;
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
        for (int i = 0; i < 8; i += 4) {
            const int32x4x2_t pairs = {{vld1q_s32(p->bias + c + i), vdupq_n_s32(0)}};
            vst2q_s32(part.bias + 2 * i, pairs);
        }
        const ck_neon_run run = p->output_channels - block > 8 ? (by_4 ? blocks_of_16_by_4 : blocks_of_16_by_2)
                                                               : (by_4 ? blocks_of_8_by_4 : blocks_of_8_by_2);
        ck_neon_split_row(run, &part, 4, 8, p->output_channels, c, residual, output, x0, x1);
    }
}

#endif
