// A dense convolution.
static inline int32_t CK_REFERENCE(sum)(const ck_convolution *p, const uint8_t *const *rows, int32_t x, int32_t o) {
    const int32_t depth = p->segments * p->segment_bytes;
    const int32_t block = o / 16;
    const int32_t remaining = p->output_channels - 16 * block;
    const int32_t width = remaining <= 8 ? 8 : 16;
    const int8_t *weights = p->weights + (size_t)16 * block * depth + 4 * (o % 16);
    int32_t accumulator = p->bias[o];
    for (int32_t k = 0; k < depth; k++) {
        const uint8_t *run = rows[k / p->segment_bytes] + (size_t)x * p->pixel_step;
        const int8_t weight = weights[(size_t)(k / 4) * width * 4 + k % 4];
        accumulator += weight * CK_FACTOR(run[k % p->segment_bytes]);
    }
    return accumulator;
}

void CK_REFERENCE(convolve)(const ck_convolution *p, const uint8_t *const *rows, const uint8_t *residual,
                            uint8_t *output, int32_t x0, int32_t x1) {
    for (int32_t x = x0; x < x1; x++) {
        for (int32_t o = 0; o < p->output_channels; o++) {
            const int32_t sum = CK_REFERENCE(sum)(p, rows, x, o);
            const size_t at = (size_t)x * p->output_channels + o;
            output[at] = CK_STORED(
                residual ? ck_requantize(sum, p->scale[o], CK_VALUE(residual[at]), p->residual_scale[o])
                         : ck_requantize(sum, p->scale[o], 0, 0));
        }
    }
}

void CK_REFERENCE(convolve_sums)(const ck_convolution *p, const uint8_t *const *rows, float *output, int32_t x0,
                                 int32_t x1) {
    for (int32_t x = x0; x < x1; x++) {
        for (int32_t o = 0; o < p->output_channels; o++) {
            output[(size_t)x * p->output_channels + o] = (float)CK_REFERENCE(sum)(p, rows, x, o) * p->scale[o];
        }
    }
}
