// The table of AVX-VNNI kernels.
#include "kernels.h"

#if defined(__x86_64__)

static void convolve(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual, uint8_t *output,
                     int32_t x0, int32_t x1) {
    int32_t channel = 0;
    for (; p->output_channels - channel > 8; channel += 16)
        ck_avxvnni_convolve_6x16(p, rows, residual, output, x0, x1, channel);
    if (channel < p->output_channels) ck_avxvnni_convolve_8x8(p, rows, residual, output, x0, x1, channel);
}

static void transfer(const uint8_t *source, uint8_t *destination, size_t count) { memcpy(destination, source, count); }

const ck_kernels ck_avxvnni = {"avxvnni", 0x80, convolve, ck_avxvnni_depthwise_3x3, transfer,
    ck_avxvnni_pointwise, ck_avxvnni_resize, ck_avxvnni_moments};

#endif
