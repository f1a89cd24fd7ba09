// The kernels of the engine: one table of function pointers per instruction set, all of which compute the same integers.
//
// Arithmetic
//   A stored activation is one byte: the signed 8-bit value q XOR the table's `activation_flip` (0x00: signed storage,
//   for SMULL, SDOT and VPMADDUBSW; 0x80: unsigned storage, for VPDPBUSD). Weights are signed bytes in [-127, 127], never
//   -128. Accumulators are 32-bit and never overflow, and t below stays under 2^31 in magnitude: the model loader checks
//   the bounds that make it so.
//   Requantization is float32 with one rounding per operation and no fused multiply-add, so that it is the same
//   everywhere:
//       t = (float)accumulator * scale[c]
//       t = t + (float)residual_q * residual_scale[c]          when there is a residual
//       q = saturate_to_int8(round_half_to_even(t))
//   Zero points of input, residual and output are folded into the bias. Saturation is the activation function: an
//   output that is clipped (ReLU, ReLU6, the picture's range) is quantized so that its clip range is [-128, 127].
//
// Layout
//   Activations are NHWC rows without gaps between pixels. A convolution reads `segments` runs of `segment_bytes`
//   contiguous bytes per output pixel (a run is one row of the window: kernel width x input channels, rounded up to a
//   multiple of 4 with zero weights), each run `pixel_step` bytes (stride x input channels) further for the next
//   pixel. So 1x1, 3x3, 7x7, any stride, and convolutions on a space-to-depth input are all one kernel.
//   Weights are packed for K groups of 4: output channels in blocks of 16, the last block 8 wide when 8 or fewer
//   channels remain. Block b starts at weights + 16 * b * segments * segment_bytes and holds
//   [segments * segment_bytes / 4][width of block][4] bytes. Missing channels and bytes are zero.
//
// Reading and writing past the end
//   Kernels may read up to CK_ROW_SLACK bytes past the last byte that a run needs, and treat a row as if
//   CK_TILE_PIXELS - 1 more pixels followed; rows of residuals likewise. `bias`, `scale` and `residual_scale` hold a multiple of 16 entries.
//   Weights of both kinds may be read up to 64 bytes past their end. Kernels write exactly the bytes of pixels [x0, x1).
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CK_ROW_SLACK 64
#define CK_TILE_PIXELS 16

// A dense convolution over one row group (see ck_kernels.convolve).
typedef struct {
    const int8_t *weights;        // packed as above
    const int32_t *bias;          // for the table's storage
    const float *scale;
    const float *residual_scale;  // not read when residual is NULL
    int32_t segments;
    int32_t segment_bytes;        // multiple of 4
    int32_t pixel_step;           // bytes between the runs of neighbouring output pixels
    int32_t output_channels;      // >= 1; bytes per output pixel and between output pixels
    int32_t lane_products;        // 2, 4 or 8: how many signed products fit a 16-bit sum, see below
} ck_convolution;

// lane_products
//   Kernels that sum products in 16 bits before they widen (SMULL, SMLAL, SADALP) may add this many, taken from every
//   segment as follows, since the magnitudes of their weights add up to at most 255, and 255 * 128 fits:
//   2: any two; 4: those at the same byte position of every aligned run of four K groups; 8: those at positions 0 and 1,
//   and at 2 and 3, of every such run. 2 always holds; the quantizer strives for 8.

// A depthwise convolution. Weights are [kernel_height * kernel_width][channels rounded up to 16], zero padded.
typedef struct {
    const int8_t *weights;
    const int32_t *bias;
    const float *scale;
    const float *residual_scale;
    int32_t kernel_height;
    int32_t kernel_width;
    int32_t stride;               // horizontal
    int32_t channels;             // bytes per pixel of input, residual and output
} ck_depthwise;

// A pass over single pixels: what cannot ride on a convolution. In float32, each operation with one rounding, where q is
// the input, r the residual and the results are those of the scalar reference everywhere:
//     t = (float)q * scale[c] + offset[c]
//     t = t + (float)r * residual_scale[c]       when there is a residual that comes first
//     t = max(t, t * slope)                      LeakyReLU; a slope of 1 leaves t as it is
//     t = t + (float)r * residual_scale[c]       when there is a residual that comes last
//     q' = saturate_to_int8(round_half_to_even(t + post[c]))
typedef struct {
    const float *scale;           // a multiple of 16 entries, as all of the following
    const float *offset;
    const float *post;
    const float *residual_scale;  // not read when residual is NULL
    float slope;                  // 0 to 1
    bool residual_first;
    int32_t channels;
} ck_pointwise;

// Twofold or manifold enlargement between two rows and two columns: pixel x of the output lies `weight[x]` / 128 of the
// way from pixel `left[x]` to pixel `right[x]`. With w below for the way between the rows,
//     q' = floor(((a * (128 - w) + b * w) * (128 - v) + (c * (128 - w) + d * w) * v + 8192) / 16384)
typedef struct {
    const int32_t *left;
    const int32_t *right;
    const uint8_t *weight;        // 0 to 128
    int32_t channels;
} ck_resize;

// The window of a pooling.
typedef struct {
    int32_t kernel_height;
    int32_t kernel_width;
    int32_t stride;               // horizontal
    int32_t channels;             // bytes per pixel of input and output
} ck_pool;

// The kernels of a table
//   convolve, depthwise  One output row, pixels [x0, x1). `rows[s]` is the run of segment s for pixel 0, or row s of the
//                        window of pixel 0; `output` and `residual` point at pixel 0; `residual` may be NULL and never
//                        overlaps `output`.
//   convolve_sums,       The same without a residual and without requantization: (float)accumulator * scale[c], for what
//   depthwise_sums       leaves a network and needs more than 8 bits.
//   transfer             Copies `count` bytes, each XOR `activation_flip` XOR 0x80: unsigned picture samples to stored
//                        activations and back. Source and destination are the same or do not overlap.
//   pointwise            Pixels [x0, x1) of a row; `output` may be `input`, and `residual` may be NULL. All three point at
//                        pixel 0.
//   resize               Pixels [x0, x1) of a row that lies `weight` / 128 of the way from `rows[0]` to `rows[1]`.
//   max_pool             One output row, pixels [x0, x1): the largest value of each channel in the window, of which
//                        `rows[s]` is row s for pixel 0.
//   moments              Adds up the values of each channel and their squares over pixels [x0, x1), at most 65536 of
//                        them. The sums are written, not added to, and hold a multiple of 16 entries.
//
// The list of them, each with its parameters: what a table holds, what fills it, and what must be tested follow from it.
// README.md tells how to add one.
#define CK_KERNELS(KERNEL)                                                                                             \
    KERNEL(convolve, (const ck_convolution *convolution, const uint8_t *const *rows, const uint8_t *residual,          \
                      uint8_t *output, int32_t x0, int32_t x1))                                                        \
    KERNEL(depthwise, (const ck_depthwise *depthwise, const uint8_t *const *rows, const uint8_t *residual,             \
                       uint8_t *output, int32_t x0, int32_t x1))                                                       \
    KERNEL(convolve_sums, (const ck_convolution *convolution, const uint8_t *const *rows, float *output, int32_t x0,   \
                           int32_t x1))                                                                                \
    KERNEL(depthwise_sums,                                                                                             \
           (const ck_depthwise *depthwise, const uint8_t *const *rows, float *output, int32_t x0, int32_t x1))         \
    KERNEL(transfer, (const uint8_t *source, uint8_t *destination, size_t count))                                      \
    KERNEL(pointwise, (const ck_pointwise *pass, const uint8_t *input, const uint8_t *residual, uint8_t *output,       \
                       int32_t x0, int32_t x1))                                                                        \
    KERNEL(resize, (const ck_resize *resize, const uint8_t *const *rows, int32_t weight, uint8_t *output, int32_t x0,  \
                    int32_t x1))                                                                                       \
    KERNEL(max_pool,                                                                                                   \
           (const ck_pool *pool, const uint8_t *const *rows, uint8_t *output, int32_t x0, int32_t x1))                 \
    KERNEL(moments, (const uint8_t *row, int32_t channels, int32_t x0, int32_t x1, int32_t *sums, int32_t *squares))

// A table: the kernels of one instruction set.
typedef struct {
    const char *name;
    uint8_t activation_flip;
#define CK_MEMBER(kernel, parameters) void(*kernel) parameters;
    CK_KERNELS(CK_MEMBER)
#undef CK_MEMBER
} ck_kernels;

// The instruction sets compiled into this binary, best last; the first is the scalar reference.
// Returns how many there are.
size_t ck_table_count(void);
// The table at `index`, or NULL past the end.
const ck_kernels *ck_table(size_t index);
// Whether this processor can run the table at `index`.
bool ck_table_supported(size_t index);

// The scalar reference for unsigned storage, which is not among the tables: no processor needs it, but tables of such
// storage have its kernels where they lack one of their own.
const ck_kernels *ck_unsigned_reference(void);

// How many kernels a table has.
size_t ck_kernel_count(void);
// The name of a kernel, or NULL past the end.
const char *ck_kernel_name(size_t kernel);
// Whether a table has a kernel of its own and not the reference's.
bool ck_table_owns(size_t table, size_t kernel);

// What one look at the packed weights of a row group tells, before they are trusted.
typedef struct {
    bool holds_minus_128;   // which no kernel is made for
    int32_t lane_products;  // 8, 4 or 2, see ck_convolution; 2 for a depthwise convolution
} ck_survey;

// Looks at the weights of a dense convolution and writes the sum of each output channel's weights to `sums`
// (channels rounded up to a multiple of 16 entries).
ck_survey ck_survey_convolution(const int8_t *weights, int32_t channels, int32_t segments, int32_t segment_bytes,
                                int32_t *sums);
// The same for a depthwise convolution with `taps` weights per channel.
ck_survey ck_survey_depthwise(const int8_t *weights, int32_t channels, int32_t taps, int32_t *sums);

// What needs no instruction set of its own. Tables are indexed by stored bytes, so they suit one storage.

// Replaces each byte of pixels [x0, x1) by its entry in the channel's table of 256 bytes.
void ck_lookup(const uint8_t *tables, int32_t channels, const uint8_t *input, uint8_t *output, int32_t x0, int32_t x1);

// Counts the bytes of pixels [x0, x1): `counts` holds 256 numbers per channel, which are added to.
void ck_count(uint32_t *counts, int32_t channels, const uint8_t *row, int32_t x0, int32_t x1);

// Attention over pixels [x0, x1): with v[c] = powers[byte of c] * gain[c], the result of channel c is
// saturate_to_int8(round_half_to_even(v[c] / (epsilon + sum of v) * scale[c] + zero_point[c])) XOR flip, the sum taken
// from channel 0 up.
typedef struct {
    const float *powers;      // 256
    const float *gain;
    const float *scale;
    const float *zero_point;
    float epsilon;
    int32_t channels;
    uint8_t flip;
} ck_attention;
void ck_attend(const ck_attention *attention, const uint8_t *input, uint8_t *output, int32_t x0, int32_t x1);

// Tells the processor that this thread is spinning.
static inline void ck_relax(void) {
#if defined(__aarch64__)
    __asm__ volatile("yield");
#elif defined(__x86_64__)
    __asm__ volatile("pause");
#endif
}

#endif
