// The table of AVX2 kernels.
#include "kernels.h"

#if defined(__x86_64__)

void ck_avx2_convolve(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual, uint8_t *output,
                      int32_t x0, int32_t x1) {
    int32_t channel = 0;
    for (; p->output_channels - channel > 8; channel += 16)
        ck_avx2_convolve_4x16(p, rows, residual, output, x0, x1, channel);
    if (channel < p->output_channels) ck_avx2_convolve_8x8(p, rows, residual, output, x0, x1, channel);
}

#pragma clang attribute push(CK_AVX2, apply_to = function)

// The compiler makes this loop one of 32 bytes at a time.
void ck_avx2_transfer(const uint8_t *source, uint8_t *destination, size_t count) {
    for (size_t i = 0; i < count; i++) destination[i] = source[i] ^ 0x80;
}

#pragma clang attribute pop

#define CK_OWN_convolve ~,
#define CK_OWN_depthwise ~, ck_avx2_depthwise_3x3,
#define CK_OWN_transfer ~,
#define CK_OWN_pointwise ~,
#define CK_OWN_resize ~,
#define CK_OWN_max_pool ~,
#define CK_OWN_moments ~,
#define CK_ENTRY(kernel, parameters) CK_PICK(avx2, signed, kernel),
const ck_kernels ck_avx2 = {"avx2", 0x00, CK_KERNELS(CK_ENTRY)};

#endif
