// Sums and sums of squares.
void CK_REFERENCE(moments)(const uint8_t *row, int32_t channels, int32_t x0, int32_t x1, int32_t *sums,
                           int32_t *squares) {
    for (int32_t c = 0; c < channels; c++) {
        sums[c] = squares[c] = 0;
        for (int32_t x = x0; x < x1; x++) {
            const int32_t q = CK_VALUE(row[(size_t)x * (size_t)channels + (size_t)c]);
            sums[c] += q;
            squares[c] += q * q;
        }
    }
}
