// What the AVX-VNNI kernels share: 256-bit registers, sixteen of them, and VPDPBUSD. See avx512vnni/kernels.h for the
// frame of a kernel file; the attribute here is CK_AVXVNNI.
#ifndef CK_AVXVNNI_KERNELS_H
#define CK_AVXVNNI_KERNELS_H

#include "../avx2/kernels.h"

#if defined(__x86_64__)

#define CK_AVXVNNI __attribute__((target("avx2,avxvnni")))

ck_avx2_pass ck_avxvnni_convolve_6x16, ck_avxvnni_convolve_8x8;

void ck_avxvnni_depthwise_3x3(const ck_depthwise *p, const uint8_t *const *rows, const uint8_t *residual,
                              uint8_t *output, int32_t x0, int32_t x1);

#endif
#endif
