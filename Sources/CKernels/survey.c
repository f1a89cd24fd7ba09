// One pass over packed weights when a model is opened. Loops are over 4 x 16 bytes so that compilers vectorize them.
#include <string.h>

#include "CKernels.h"

enum { LANES = 64 };

static int32_t magnitude(int8_t weight) { return weight < 0 ? -weight : weight; }

// Whether the sums of `products` (4 or 8) that ck_convolution.lane_products tells of fit 16 bits in a segment.
static bool fits(const int8_t *groups, int32_t count, int32_t lanes, int32_t products) {
    for (int32_t first = 0; first < count; first += 4) {
        const int32_t end = first + 4 < count ? first + 4 : count;
        int16_t sums[LANES] = {0};
        for (int32_t group = first; group < end; group++) {
            const int8_t *weights = groups + (size_t)group * lanes;
            for (int32_t lane = 0; lane < lanes; lane++) sums[lane] += (int16_t)magnitude(weights[lane]);
        }
        if (products == 8) {
            for (int32_t lane = 0; lane < lanes; lane += 2) sums[lane] += sums[lane + 1];
        }
        int16_t most = 0;
        for (int32_t lane = 0; lane < lanes; lane++) most = sums[lane] > most ? sums[lane] : most;
        if (most > 255) return false;
    }
    return true;
}

static bool holds_minus_128(const int8_t *weights, size_t count) {
    int8_t least = 0;
    for (size_t i = 0; i < count; i++) least = weights[i] < least ? weights[i] : least;
    return least == -128;
}

ck_survey ck_survey_convolution(const int8_t *weights, int32_t channels, int32_t segments, int32_t segment_bytes,
                                int32_t *sums) {
    const int32_t depth = segments * segment_bytes;
    const int32_t segment_groups = segment_bytes / 4;
    ck_survey survey = {false, 8};
    memset(sums, 0, (size_t)(channels + 15) / 16 * 16 * sizeof *sums);
    for (int32_t first = 0; first < channels; first += 16) {
        const int32_t lanes = channels - first <= 8 ? LANES / 2 : LANES;
        const int8_t *block = weights + (size_t)first * depth;
        survey.holds_minus_128 |= holds_minus_128(block, (size_t)depth / 4 * lanes);
        int32_t lane_sums[LANES] = {0};
        for (int32_t group = 0; group < depth / 4; group++) {
            for (int32_t lane = 0; lane < lanes; lane++) lane_sums[lane] += block[(size_t)group * lanes + lane];
        }
        for (int32_t lane = 0; lane < lanes; lane++) sums[first + lane / 4] += lane_sums[lane];
        for (int32_t segment = 0; segment < segments; segment++) {
            const int8_t *groups = block + (size_t)segment * segment_groups * lanes;
            while (survey.lane_products > 2 && !fits(groups, segment_groups, lanes, survey.lane_products)) {
                survey.lane_products /= 2;
            }
        }
    }
    return survey;
}

ck_survey ck_survey_depthwise(const int8_t *weights, int32_t channels, int32_t taps, int32_t *sums) {
    const int32_t padded = (channels + 15) / 16 * 16;
    memset(sums, 0, (size_t)padded * sizeof *sums);
    for (int32_t tap = 0; tap < taps; tap++) {
        for (int32_t channel = 0; channel < padded; channel++) {
            sums[channel] += weights[(size_t)tap * padded + channel];
        }
    }
    return (ck_survey){holds_minus_128(weights, (size_t)taps * padded), 2};
}
