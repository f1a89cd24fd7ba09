// The table of AVX-VNNI kernels.
#include "kernels.h"

#if defined(__x86_64__)

void ck_avxvnni_convolve(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual,
                         uint8_t *output, int32_t x0, int32_t x1) {
    int32_t channel = 0;
    for (; p->output_channels - channel > 8; channel += 16)
        ck_avxvnni_convolve_6x16(p, rows, residual, output, x0, x1, channel);
    if (channel < p->output_channels) ck_avxvnni_convolve_8x8(p, rows, residual, output, x0, x1, channel);
}

void ck_avxvnni_transfer(const uint8_t *source, uint8_t *destination, size_t count) {
    memcpy(destination, source, count);
}

#define CK_OWN_convolve ~,
#define CK_OWN_depthwise ~, ck_avxvnni_depthwise_3x3,
#define CK_OWN_transfer ~,
#define CK_OWN_pointwise ~,
#define CK_OWN_resize ~,
#define CK_OWN_max_pool ~,
#define CK_OWN_moments ~,
#define CK_ENTRY(kernel, parameters) CK_PICK(avxvnni, unsigned, kernel),
const ck_kernels ck_avxvnni = {"avxvnni", 0x80, CK_KERNELS(CK_ENTRY)};

#endif
