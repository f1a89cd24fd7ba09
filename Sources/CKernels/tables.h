// The tables, one per folder.
#ifndef CK_TABLES_H
#define CK_TABLES_H

#include "CKernels.h"

// Requantization is exact only if a multiply and an add stay two operations.
#pragma STDC FP_CONTRACT OFF

// The passes of a table, see shared/passes.h.
#define CK_DECLARE_PASSES(table)                                                                                       \
    void ck_##table##_pointwise(const ck_pointwise *p, const uint8_t *input, const uint8_t *residual, uint8_t *output, \
                                int32_t x0, int32_t x1);                                                               \
    void ck_##table##_resize(const ck_resize *p, const uint8_t *const *rows, int32_t weight, uint8_t *output,          \
                             int32_t x0, int32_t x1);                                                                  \
    void ck_##table##_moments(const uint8_t *row, int32_t channels, int32_t x0, int32_t x1, int32_t *sums,             \
                              int32_t *squares)

extern const ck_kernels ck_reference;
#if defined(__aarch64__)
extern const ck_kernels ck_neon;
extern const ck_kernels ck_neondot;
CK_DECLARE_PASSES(neon);
#elif defined(__x86_64__)
extern const ck_kernels ck_avx2;
extern const ck_kernels ck_avxvnni;
extern const ck_kernels ck_avx512vnni;
CK_DECLARE_PASSES(avx2);
CK_DECLARE_PASSES(avxvnni);
CK_DECLARE_PASSES(avx512vnni);
#endif

#endif
