// Tables of bytes: the same code for every instruction set.
#include "../tables.h"

void ck_lookup(const uint8_t *tables, int32_t channels, const uint8_t *input, uint8_t *output, int32_t x0,
               int32_t x1) {
    for (int32_t x = x0; x < x1; x++) {
        const size_t at = (size_t)x * (size_t)channels;
        for (int32_t c = 0; c < channels; c++) output[at + (size_t)c] = tables[256 * (size_t)c + input[at + (size_t)c]];
    }
}

void ck_count(uint32_t *counts, int32_t channels, const uint8_t *row, int32_t x0, int32_t x1) {
    for (int32_t x = x0; x < x1; x++)
        for (int32_t c = 0; c < channels; c++) counts[256 * (size_t)c + row[(size_t)x * (size_t)channels + (size_t)c]]++;
}
