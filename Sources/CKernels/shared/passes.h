// Passes over rows whose arithmetic is little and whose memory traffic is all: written once, in the compiler's own
// vectors, for every instruction set. A file that includes this defines, within its target attribute,
//     CK_PASS(name)   the function's name in that table, and
//     CK_FLIP         the table's activation_flip.
//
// A vector is 16 channels of one pixel: one register of AVX-512, two of AVX2, four of NEON. Parameters of a block of 16
// channels stay in registers along the row. Per vector a pointwise pass takes 2 conversions, 2 to 7 float operations and
// the rounding. On x86 that is an addition: 1.5 * 2^23 leaves no room for a fraction, and after clamping the integer is
// the low byte of the sum.
#include <string.h>

#include "../tables.h"
#if defined(__aarch64__)
#include <arm_neon.h>
#endif

// Vectors are passed between functions that are all inlined.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float ck_floats __attribute__((ext_vector_type(16)));
typedef int32_t ck_words __attribute__((ext_vector_type(16)));
typedef int16_t ck_halves __attribute__((ext_vector_type(16)));
typedef uint8_t ck_bytes __attribute__((ext_vector_type(16)));
typedef int8_t ck_signed_bytes __attribute__((ext_vector_type(16)));

#define CK_PASS_INLINE static inline __attribute__((always_inline))

CK_PASS_INLINE ck_bytes CK_PASS(load)(const uint8_t *from) {
    ck_bytes bytes;
    memcpy(&bytes, from, 16);
    return bytes;
}

CK_PASS_INLINE ck_floats CK_PASS(load_floats)(const float *from) {
    ck_floats floats;
    memcpy(&floats, from, 64);
    return floats;
}

CK_PASS_INLINE ck_words CK_PASS(words)(ck_bytes stored) {
    return __builtin_convertvector((ck_signed_bytes)(stored ^ CK_FLIP), ck_words);
}

#if defined(__aarch64__)
// Conversions round halves to even and saturate, and so does narrowing: 10 instructions where the general way takes 24.
CK_PASS_INLINE ck_bytes CK_PASS(round)(ck_floats t) {
    const int32x4_t a = vcvtnq_s32_f32(__builtin_shufflevector(t, t, 0, 1, 2, 3));
    const int32x4_t b = vcvtnq_s32_f32(__builtin_shufflevector(t, t, 4, 5, 6, 7));
    const int32x4_t c = vcvtnq_s32_f32(__builtin_shufflevector(t, t, 8, 9, 10, 11));
    const int32x4_t d = vcvtnq_s32_f32(__builtin_shufflevector(t, t, 12, 13, 14, 15));
    const int16x8_t low = vqmovn_high_s32(vqmovn_s32(a), b), high = vqmovn_high_s32(vqmovn_s32(c), d);
    return (ck_bytes)vqmovn_high_s16(vqmovn_s16(low), high);
}

CK_PASS_INLINE ck_floats CK_PASS(larger)(ck_floats a, ck_floats b) { return __builtin_elementwise_max(a, b); }
#else
CK_PASS_INLINE ck_bytes CK_PASS(round)(ck_floats t) {
    const ck_floats zero = {0}, least = zero - 128.0f, most = zero + 127.0f, magic = zero + 12582912.0f;
    t = t < least ? least : t;
    t = t > most ? most : t;
    const ck_words integers = (ck_words)(t + magic);
    return __builtin_convertvector(integers, ck_bytes) ^ CK_FLIP;
}

// One instruction here, and several as the compiler's own, which heeds what is not a number.
CK_PASS_INLINE ck_floats CK_PASS(larger)(ck_floats a, ck_floats b) { return a > b ? a : b; }
#endif

CK_PASS_INLINE ck_bytes CK_PASS(value)(const ck_pointwise *p, const int residuals, ck_floats scale, ck_floats offset,
                                       ck_floats post, ck_floats residual_scale, ck_bytes q, ck_bytes r) {
    ck_floats t = __builtin_convertvector(CK_PASS(words)(q), ck_floats) * scale + offset;
    ck_floats added = t;
    if (residuals) added = __builtin_convertvector(CK_PASS(words)(r), ck_floats) * residual_scale;
    if (residuals == 1) t = t + added;
    t = CK_PASS(larger)(t, t * p->slope);
    if (residuals == 2) t = t + added;
    return CK_PASS(round)(t + post);
}

CK_PASS_INLINE void CK_PASS(pointwise_block)(const ck_pointwise *p, const int residuals, int32_t c, int32_t lanes,
                                             const uint8_t *input, const uint8_t *residual, uint8_t *output,
                                             int32_t x0, int32_t x1) {
    const ck_floats scale = CK_PASS(load_floats)(p->scale + c), offset = CK_PASS(load_floats)(p->offset + c);
    const ck_floats post = CK_PASS(load_floats)(p->post + c);
    ck_floats residual_scale = post;
    if (residuals) residual_scale = CK_PASS(load_floats)(p->residual_scale + c);
    for (int32_t x = x0; x < x1; x++) {
        const size_t at = (size_t)x * (size_t)p->channels + (size_t)c;
        ck_bytes q = CK_PASS(load)(input + at), r = {0};
        if (residuals) r = CK_PASS(load)(residual + at);
        q = CK_PASS(value)(p, residuals, scale, offset, post, residual_scale, q, r);
        // Rows may be read past their pixels, but not written.
        if (lanes == 16)
            memcpy(output + at, &q, 16);
        else
            for (int32_t i = 0; i < lanes; i++) output[at + (size_t)i] = q[i];
    }
}

void CK_PASS(pointwise)(const ck_pointwise *p, const uint8_t *input, const uint8_t *residual, uint8_t *output,
                               int32_t x0, int32_t x1) {
    for (int32_t c = 0; c < p->channels; c += 16) {
        const int32_t lanes = p->channels - c < 16 ? p->channels - c : 16;
        if (!residual)
            CK_PASS(pointwise_block)(p, 0, c, lanes, input, residual, output, x0, x1);
        else if (p->residual_first)
            CK_PASS(pointwise_block)(p, 1, c, lanes, input, residual, output, x0, x1);
        else
            CK_PASS(pointwise_block)(p, 2, c, lanes, input, residual, output, x0, x1);
    }
}

// The way between two rows first, which keeps 16 bits, then between two columns. Storage with a flip gives the same
// bytes, because the weights of each pixel add up to one.
CK_PASS_INLINE ck_halves CK_PASS(between_rows)(const uint8_t *const *rows, size_t at, int16_t weight) {
    const ck_halves a = __builtin_convertvector((ck_signed_bytes)(CK_PASS(load)(rows[0] + at) ^ CK_FLIP), ck_halves);
    const ck_halves b = __builtin_convertvector((ck_signed_bytes)(CK_PASS(load)(rows[1] + at) ^ CK_FLIP), ck_halves);
    return a * (int16_t)(128 - weight) + b * weight;
}

void CK_PASS(resize)(const ck_resize *p, const uint8_t *const *rows, int32_t weight, uint8_t *output,
                            int32_t x0, int32_t x1) {
    const size_t channels = (size_t)p->channels;
    for (int32_t x = x0; x < x1; x++) {
        const size_t left = (size_t)p->left[x] * channels, right = (size_t)p->right[x] * channels;
        const int32_t v = p->weight[x];
        uint8_t *to = output + (size_t)x * channels;
        for (size_t c = 0; c < channels; c += 16) {
            const ck_words l = __builtin_convertvector(CK_PASS(between_rows)(rows, left + c, (int16_t)weight), ck_words);
            const ck_words r =
                __builtin_convertvector(CK_PASS(between_rows)(rows, right + c, (int16_t)weight), ck_words);
            const ck_words sum = (l * (128 - v) + r * v + 8192) >> 14;
            const ck_bytes bytes = __builtin_convertvector(sum, ck_bytes) ^ CK_FLIP;
            if (channels - c >= 16)
                memcpy(to + c, &bytes, 16);
            else
                for (size_t i = 0; c + i < channels; i++) to[c + i] = bytes[i];
        }
    }
}

// Stored bytes are compared as what they are: unsigned, or signed.
#if CK_FLIP
typedef ck_bytes CK_PASS(ordered);
#else
typedef ck_signed_bytes CK_PASS(ordered);
#endif

void CK_PASS(max_pool)(const ck_pool *p, const uint8_t *const *rows, uint8_t *output, int32_t x0, int32_t x1) {
    const size_t channels = (size_t)p->channels;
    for (int32_t x = x0; x < x1; x++) {
        uint8_t *to = output + (size_t)x * channels;
        for (size_t c = 0; c < channels; c += 16) {
            const size_t at = (size_t)x * (size_t)p->stride * channels + c;
            ck_bytes largest = CK_PASS(load)(rows[0] + at);
            for (int32_t ky = 0; ky < p->kernel_height; ky++) {
                for (int32_t kx = ky == 0; kx < p->kernel_width; kx++) {
                    const ck_bytes q = CK_PASS(load)(rows[ky] + at + (size_t)kx * channels);
                    largest = (ck_bytes)__builtin_elementwise_max((CK_PASS(ordered))largest, (CK_PASS(ordered))q);
                }
            }
            if (channels - c >= 16)
                memcpy(to + c, &largest, 16);
            else
                for (size_t i = 0; c + i < channels; i++) to[c + i] = largest[i];
        }
    }
}

void CK_PASS(moments)(const uint8_t *row, int32_t channels, int32_t x0, int32_t x1, int32_t *sums,
                             int32_t *squares) {
    for (int32_t c = 0; c < channels; c += 16) {
        ck_words sum = {0}, square = {0};
        for (int32_t x = x0; x < x1; x++) {
            const ck_words q = CK_PASS(words)(CK_PASS(load)(row + (size_t)x * (size_t)channels + (size_t)c));
            sum += q;
            square += q * q;
        }
        memcpy(sums + c, &sum, 64);
        memcpy(squares + c, &square, 64);
    }
}
