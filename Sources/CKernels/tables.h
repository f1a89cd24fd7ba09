// The tables, one per folder.
#ifndef CK_TABLES_H
#define CK_TABLES_H

#include "CKernels.h"

// Requantization is exact only if a multiply and an add stay two operations.
#pragma STDC FP_CONTRACT OFF

extern const ck_kernels ck_reference;
#if defined(__aarch64__)
extern const ck_kernels ck_neon;
extern const ck_kernels ck_neondot;
#elif defined(__x86_64__)
extern const ck_kernels ck_avx2;
extern const ck_kernels ck_avxvnni;
extern const ck_kernels ck_avx512vnni;
#endif

#endif
