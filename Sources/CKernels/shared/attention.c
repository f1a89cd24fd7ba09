// External attention (Guo et al. 2021) after its products: a softmax over all pixels, then a share of each pixel's sum.
// It happens once, at an eighth of the picture's size, and is scalar so that its sums have one order everywhere.
#include <math.h>

#include "../tables.h"

void ck_attend(const ck_attention *p, const uint8_t *input, uint8_t *output, int32_t x0, int32_t x1) {
    for (int32_t x = x0; x < x1; x++) {
        const uint8_t *from = input + (size_t)x * (size_t)p->channels;
        uint8_t *to = output + (size_t)x * (size_t)p->channels;
        float sum = p->epsilon;
        for (int32_t c = 0; c < p->channels; c++) sum = sum + p->powers[from[c]] * p->gain[c];
        for (int32_t c = 0; c < p->channels; c++) {
            const float v = p->powers[from[c]] * p->gain[c] / sum;
            const float t = rintf(v * p->scale[c] + p->zero_point[c]);
            const float clamped = t < -128.0f ? -128.0f : t > 127.0f ? 127.0f : t;
            to[c] = (uint8_t)(int8_t)clamped ^ p->flip;
        }
    }
}
