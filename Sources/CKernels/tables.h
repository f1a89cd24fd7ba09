// The tables, one per folder, and how they are filled.
#ifndef CK_TABLES_H
#define CK_TABLES_H

#include "CKernels.h"

// Requantization is exact only if a multiply and an add stay two operations.
#pragma STDC FP_CONTRACT OFF

// The reference, for signed and for unsigned storage, and the kernels of every table are called ck_TABLE_KERNEL.
#define CK_DECLARE_REFERENCE(kernel, parameters) \
    void ck_signed_##kernel parameters;          \
    void ck_unsigned_##kernel parameters;
CK_KERNELS(CK_DECLARE_REFERENCE)

// A kernel of a table, for CK_KERNELS. A file that fills a table defines, for each kernel that it has of its own,
//     #define CK_OWN_kernel ~,                for ck_TABLE_kernel, or
//     #define CK_OWN_kernel ~, ck_another,    for one of another name;
// for all others CK_PICK takes the reference's.
#define CK_PICK(table, reference, kernel) CK_CHOOSE(CK_OWN_##kernel ck_##table##_##kernel, ck_##reference##_##kernel, ~)
#define CK_CHOOSE(...) CK_SECOND(__VA_ARGS__)
#define CK_SECOND(first, second, ...) second

extern const ck_kernels ck_reference;
#if defined(__aarch64__)
extern const ck_kernels ck_neon;
extern const ck_kernels ck_neondot;
#define CK_DECLARE(kernel, parameters)  \
    void ck_neon_##kernel parameters;   \
    void ck_neondot_##kernel parameters;
CK_KERNELS(CK_DECLARE)
#elif defined(__x86_64__)
extern const ck_kernels ck_avx2;
extern const ck_kernels ck_avxvnni;
extern const ck_kernels ck_avx512vnni;
#define CK_DECLARE(kernel, parameters)   \
    void ck_avx2_##kernel parameters;    \
    void ck_avxvnni_##kernel parameters; \
    void ck_avx512vnni_##kernel parameters;
CK_KERNELS(CK_DECLARE)
#endif

#endif
