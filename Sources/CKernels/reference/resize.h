// Enlargement between two rows and two columns.
void CK_REFERENCE(resize)(const ck_resize *p, const uint8_t *const *rows, int32_t weight, uint8_t *output,
                          int32_t x0, int32_t x1) {
    for (int32_t x = x0; x < x1; x++) {
        for (int32_t c = 0; c < p->channels; c++) {
            const size_t left = (size_t)p->left[x] * (size_t)p->channels + (size_t)c;
            const size_t right = (size_t)p->right[x] * (size_t)p->channels + (size_t)c;
            const int32_t l = CK_VALUE(rows[0][left]) * (128 - weight) + CK_VALUE(rows[1][left]) * weight;
            const int32_t r = CK_VALUE(rows[0][right]) * (128 - weight) + CK_VALUE(rows[1][right]) * weight;
            const int32_t sum = l * (128 - p->weight[x]) + r * p->weight[x] + 8192;
            output[(size_t)x * (size_t)p->channels + (size_t)c] = CK_STORED(sum >> 14);
        }
    }
}
