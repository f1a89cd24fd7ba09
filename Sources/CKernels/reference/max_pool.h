// The largest value in a window.
void CK_REFERENCE(max_pool)(const ck_pool *p, const uint8_t *const *rows, uint8_t *output, int32_t x0, int32_t x1) {
    for (int32_t x = x0; x < x1; x++) {
        for (int32_t c = 0; c < p->channels; c++) {
            int32_t largest = -128;
            for (int32_t ky = 0; ky < p->kernel_height; ky++) {
                for (int32_t kx = 0; kx < p->kernel_width; kx++) {
                    const int32_t value = CK_VALUE(rows[ky][((size_t)x * p->stride + kx) * p->channels + c]);
                    if (value > largest) largest = value;
                }
            }
            output[(size_t)x * p->channels + c] = CK_STORED(largest);
        }
    }
}
