// Dense convolution: blocks of sixteen channels, and the last channels eight wide.
#if defined(__aarch64__)

#include "kernels.h"
#include "part.h"

void ck_neondot_convolve(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual,
                         uint8_t *output, int32_t x0, int32_t x1) {
    const ptrdiff_t depth = (ptrdiff_t)p->segments * p->segment_bytes;
    const int64_t products = ck_neon_product_bound(p);
    __asm__ volatile("" ::: "memory");  // some loads of the kernels are hidden from the compiler
    ck_neondot_part part = {.rows = rows,
                            .pixel_step = p->pixel_step,
                            .segments = p->segments,
                            .steps = p->segment_bytes / 16,
                            .rest = p->segment_bytes % 16};
    for (int32_t c = 0; c < p->output_channels; c += 16) {
        part.weights = p->weights + c * depth;
        part.scale = p->scale + c;
        part.residual_scale = residual ? p->residual_scale + c : NULL;
        part.small = ck_neon_small_sums(16, p->bias + c, part.scale, part.residual_scale, products);
        ck_neon_copy_bias(16, part.bias, p->bias + c, part.small);
        if (p->output_channels - c > 8) {
            ck_neon_split_row(ck_neondot_convolve_4x16, &part, 4, 16, p->output_channels, c, residual, output, x0, x1);
        } else {
            ck_neon_split_row(ck_neondot_convolve_8x8, &part, 8, 8, p->output_channels, c, residual, output, x0, x1);
        }
    }
}

#endif
