// The scalar kernels: the definition that every other instruction set is tested against. Written to be read.
#include <math.h>

#include "../tables.h"

static int8_t saturate(float t) {
    const float rounded = rintf(t);  // the default rounding mode: half to even
    if (rounded <= -128.0f) return -128;
    if (rounded >= 127.0f) return 127;
    return (int8_t)rounded;
}

static int8_t requantize(int32_t accumulator, float scale, int32_t residual, float residual_scale) {
    float t = (float)accumulator * scale;
    t = t + (float)residual * residual_scale;
    return saturate(t);
}

static void convolve(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual, uint8_t *output,
                     int32_t x0, int32_t x1) {
    const int32_t depth = p->segments * p->segment_bytes;
    for (int32_t x = x0; x < x1; x++) {
        for (int32_t o = 0; o < p->output_channels; o++) {
            const int32_t block = o / 16;
            const int32_t remaining = p->output_channels - 16 * block;
            const int32_t width = remaining <= 8 ? 8 : 16;
            const int8_t *weights = p->weights + (size_t)16 * block * depth + 4 * (o % 16);
            int32_t accumulator = p->bias[o];
            for (int32_t k = 0; k < depth; k++) {
                const uint8_t *run = rows[k / p->segment_bytes] + (size_t)x * p->pixel_step;
                const int8_t weight = weights[(size_t)(k / 4) * width * 4 + k % 4];
                accumulator += weight * (int8_t)run[k % p->segment_bytes];
            }
            const size_t at = (size_t)x * p->output_channels + o;
            output[at] = (uint8_t)(residual ? requantize(accumulator, p->scale[o], (int8_t)residual[at],
                                                         p->residual_scale[o])
                                            : requantize(accumulator, p->scale[o], 0, 0));
        }
    }
}

static void depthwise(const ck_depthwise *p, const uint8_t *const *rows, const uint8_t *residual, uint8_t *output,
                      int32_t x0, int32_t x1) {
    const int32_t padded_channels = (p->channels + 15) / 16 * 16;
    for (int32_t x = x0; x < x1; x++) {
        for (int32_t c = 0; c < p->channels; c++) {
            int32_t accumulator = p->bias[c];
            for (int32_t ky = 0; ky < p->kernel_height; ky++) {
                for (int32_t kx = 0; kx < p->kernel_width; kx++) {
                    const int8_t weight = p->weights[(size_t)(ky * p->kernel_width + kx) * padded_channels + c];
                    accumulator += weight * (int8_t)rows[ky][((size_t)x * p->stride + kx) * p->channels + c];
                }
            }
            const size_t at = (size_t)x * p->channels + c;
            output[at] = (uint8_t)(residual ? requantize(accumulator, p->scale[c], (int8_t)residual[at],
                                                         p->residual_scale[c])
                                            : requantize(accumulator, p->scale[c], 0, 0));
        }
    }
}

static void transfer(const uint8_t *source, uint8_t *destination, size_t count) {
    for (size_t i = 0; i < count; i++) destination[i] = source[i] ^ 0x80;
}

static void pointwise(const ck_pointwise *p, const uint8_t *input, const uint8_t *residual, uint8_t *output,
                      int32_t x0, int32_t x1) {
    for (size_t at = (size_t)x0 * (size_t)p->channels; at < (size_t)x1 * (size_t)p->channels; at++) {
        const size_t c = at % (size_t)p->channels;
        float t = (float)(int8_t)input[at] * p->scale[c];
        t = t + p->offset[c];
        const float added = residual ? (float)(int8_t)residual[at] * p->residual_scale[c] : 0;
        if (residual && p->residual_first) t = t + added;
        const float leaked = t * p->slope;
        if (!(t > leaked)) t = leaked;
        if (residual && !p->residual_first) t = t + added;
        output[at] = (uint8_t)saturate(t + p->post[c]);
    }
}

static void resize(const ck_resize *p, const uint8_t *const *rows, int32_t weight, uint8_t *output, int32_t x0,
                   int32_t x1) {
    for (int32_t x = x0; x < x1; x++) {
        for (int32_t c = 0; c < p->channels; c++) {
            const size_t left = (size_t)p->left[x] * (size_t)p->channels + (size_t)c;
            const size_t right = (size_t)p->right[x] * (size_t)p->channels + (size_t)c;
            const int32_t l = (int8_t)rows[0][left] * (128 - weight) + (int8_t)rows[1][left] * weight;
            const int32_t r = (int8_t)rows[0][right] * (128 - weight) + (int8_t)rows[1][right] * weight;
            const int32_t sum = l * (128 - p->weight[x]) + r * p->weight[x] + 8192;
            output[(size_t)x * (size_t)p->channels + (size_t)c] = (uint8_t)(sum >> 14);
        }
    }
}

static void moments(const uint8_t *row, int32_t channels, int32_t x0, int32_t x1, int32_t *sums, int32_t *squares) {
    for (int32_t c = 0; c < channels; c++) {
        sums[c] = squares[c] = 0;
        for (int32_t x = x0; x < x1; x++) {
            const int32_t q = (int8_t)row[(size_t)x * (size_t)channels + (size_t)c];
            sums[c] += q;
            squares[c] += q * q;
        }
    }
}

const ck_kernels ck_reference = {"reference", 0x00,      convolve, depthwise,
                                 transfer,    pointwise, resize,   moments};
