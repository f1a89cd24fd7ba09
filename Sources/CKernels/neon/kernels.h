// The kernels of the table for every 64-bit Arm processor (Cortex-A53, Cortex-A72).
#ifndef CK_NEON_KERNELS_H
#define CK_NEON_KERNELS_H

#include "../tables.h"

void ck_neon_convolve_4x8(const ck_convolution *convolution, const uint8_t *const *rows, const uint8_t *residual,
                          uint8_t *output, int32_t x0, int32_t x1);
void ck_neon_depthwise_any(const ck_depthwise *depthwise, const uint8_t *const *rows, const uint8_t *residual,
                           uint8_t *output, int32_t x0, int32_t x1);

#endif
