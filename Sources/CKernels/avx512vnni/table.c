// The table of AVX512 VNNI kernels.
#include "kernels.h"

#if defined(__x86_64__)

void ck_avx512vnni_convolve(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual,
                            uint8_t *output, int32_t x0, int32_t x1) {
    int32_t blocks = (p->output_channels + 7) / 16;
    const bool ends_in_8 = (p->output_channels + 15) / 16 > blocks;
    if (ends_in_8 && blocks > 0) blocks--;  // the last 24 channels go together
    int32_t channel = 0;
    while (blocks > 0) {
        if (blocks == 1) {
            ck_avx512vnni_convolve_16x16(p, rows, residual, output, x0, x1, channel);
            blocks -= 1;
            channel += 16;
        } else if (blocks == 2 || blocks == 4) {
            ck_avx512vnni_convolve_6x32(p, rows, residual, output, x0, x1, channel);
            blocks -= 2;
            channel += 32;
        } else {
            ck_avx512vnni_convolve_4x48(p, rows, residual, output, x0, x1, channel);
            blocks -= 3;
            channel += 48;
        }
    }
    if (!ends_in_8) return;
    if (p->output_channels - channel > 8)
        ck_avx512vnni_convolve_8x24(p, rows, residual, output, x0, x1, channel);
    else
        ck_avx512vnni_convolve_8x8(p, rows, residual, output, x0, x1, channel);
}

void ck_avx512vnni_transfer(const uint8_t *source, uint8_t *destination, size_t count) {
    memcpy(destination, source, count);
}

#define CK_OWN_convolve ~,
#define CK_OWN_depthwise ~, ck_avx512vnni_depthwise_3x3,
#define CK_OWN_transfer ~,
#define CK_OWN_pointwise ~,
#define CK_OWN_resize ~,
#define CK_OWN_max_pool ~,
#define CK_OWN_moments ~,
#define CK_ENTRY(kernel, parameters) CK_PICK(avx512vnni, unsigned, kernel),
const ck_kernels ck_avx512vnni = {"avx512vnni", 0x80, CK_KERNELS(CK_ENTRY)};

#endif
