// The kernels of the table for processors with the dot product instructions (Cortex-A76).
#ifndef CK_NEONDOT_KERNELS_H
#define CK_NEONDOT_KERNELS_H

#include "../tables.h"

// Sixteen and the last eight channels of a row; `part` is a ck_neondot_part, the rest is explained at ck_neon_run.
void ck_neondot_convolve_4x16(const void *part, int32_t x, int32_t pixels, const uint8_t *residual, uint8_t *output,
                              ptrdiff_t next);
void ck_neondot_convolve_8x8(const void *part, int32_t x, int32_t pixels, const uint8_t *residual, uint8_t *output,
                             ptrdiff_t next);

#endif
