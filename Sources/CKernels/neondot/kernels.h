// The kernels of the table for processors with the dot product instructions (Cortex-A76).
#ifndef CK_NEONDOT_KERNELS_H
#define CK_NEONDOT_KERNELS_H

#include "../tables.h"

void ck_neondot_convolve(const ck_convolution *convolution, const uint8_t *const *rows, const uint8_t *residual,
                         uint8_t *output, int32_t x0, int32_t x1);
void ck_neondot_depthwise(const ck_depthwise *depthwise, const uint8_t *const *rows, const uint8_t *residual,
                          uint8_t *output, int32_t x0, int32_t x1);

// Sixteen and the last eight channels of a row; `part` is a ck_neondot_part, the rest is explained at ck_neon_run.
void ck_neondot_convolve_4x16(const void *part, int32_t x, int32_t pixels, const uint8_t *residual, uint8_t *output,
                              ptrdiff_t next);
void ck_neondot_convolve_8x8(const void *part, int32_t x, int32_t pixels, const uint8_t *residual, uint8_t *output,
                             ptrdiff_t next);

#endif
