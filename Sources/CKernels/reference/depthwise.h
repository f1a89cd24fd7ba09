// A convolution of each channel by itself.
static inline int32_t CK_REFERENCE(channel_sum)(const ck_depthwise *p, const uint8_t *const *rows, int32_t x,
                                                int32_t c) {
    const int32_t padded_channels = (p->channels + 15) / 16 * 16;
    int32_t accumulator = p->bias[c];
    for (int32_t ky = 0; ky < p->kernel_height; ky++) {
        for (int32_t kx = 0; kx < p->kernel_width; kx++) {
            const int8_t weight = p->weights[(size_t)(ky * p->kernel_width + kx) * padded_channels + c];
            accumulator += weight * CK_FACTOR(rows[ky][((size_t)x * p->stride + kx) * p->channels + c]);
        }
    }
    return accumulator;
}

void CK_REFERENCE(depthwise)(const ck_depthwise *p, const uint8_t *const *rows, const uint8_t *residual,
                             uint8_t *output, int32_t x0, int32_t x1) {
    for (int32_t x = x0; x < x1; x++) {
        for (int32_t c = 0; c < p->channels; c++) {
            const int32_t sum = CK_REFERENCE(channel_sum)(p, rows, x, c);
            const size_t at = (size_t)x * p->channels + c;
            output[at] = CK_STORED(
                residual ? ck_requantize(sum, p->scale[c], CK_VALUE(residual[at]), p->residual_scale[c])
                         : ck_requantize(sum, p->scale[c], 0, 0));
        }
    }
}

void CK_REFERENCE(depthwise_sums)(const ck_depthwise *p, const uint8_t *const *rows, float *output, int32_t x0,
                                  int32_t x1) {
    for (int32_t x = x0; x < x1; x++) {
        for (int32_t c = 0; c < p->channels; c++) {
            output[(size_t)x * p->channels + c] = (float)CK_REFERENCE(channel_sum)(p, rows, x, c) * p->scale[c];
        }
    }
}
