// Depthwise convolution with a kernel of any size, 8 channels of a pixel at a time: bytes are widened to 16 bits and
// multiplied to 32.
#if defined(__aarch64__)

#include "kernels.h"
#include "requantize.h"
#include "split-row.h"

typedef struct {
    const ck_depthwise *depthwise;
    const uint8_t *const *rows;
    int32_t c;
} channels8;

static void run(const void *part, int32_t x, int32_t pixels, const uint8_t *residual, uint8_t *output,
                ptrdiff_t next) {
    const channels8 *q = part;
    const ck_depthwise *p = q->depthwise;
    const ptrdiff_t c = q->c, channels = p->channels, padded = (channels + 15) & ~(ptrdiff_t)15;
    ck_neon_scales scales[2];
    ck_neon_load_scales(scales, 2, p->scale + c, residual ? p->residual_scale + c : NULL);
    do {
        int32x4_t low = vld1q_s32(p->bias + c), high = vld1q_s32(p->bias + c + 4);
        const int8_t *weights = p->weights + c;
        for (int32_t ky = 0; ky < p->kernel_height; ky++) {
            const int8_t *run = (const int8_t *)q->rows[ky] + (ptrdiff_t)x * p->stride * channels + c;
            for (int32_t kx = 0; kx < p->kernel_width; kx++, run += channels, weights += padded) {
                const int16x8_t w = vmovl_s8(vld1_s8(weights)), a = vmovl_s8(vld1_s8(run));
                low = vmlal_s16(low, vget_low_s16(w), vget_low_s16(a));
                high = vmlal_high_s16(high, w, a);
            }
        }
        if (residual) {
            ck_neon_requantize_add_8(low, high, scales, &residual, &output, next, false);
        } else {
            ck_neon_requantize_8(low, high, scales, &output, next, false);
        }
        x++;
    } while (--pixels);
}

void ck_neon_depthwise_any(const ck_depthwise *p, const uint8_t *const *rows, const uint8_t *residual,
                           uint8_t *output, int32_t x0, int32_t x1) {
    for (int32_t c = 0; c < p->channels; c += 8) {
        const channels8 part = {p, rows, c};
        ck_neon_split_row(run, &part, 1, 8, p->channels, c, residual, output, x0, x1);
    }
}

#endif
