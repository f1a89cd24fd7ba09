// The reference for signed storage, and its table.
#define CK_REFERENCE(name) ck_signed_##name
#define CK_FLIP 0x00
#include "reference.h"

#define CK_ENTRY(kernel, parameters) CK_PICK(reference, signed, kernel),
const ck_kernels ck_reference = {"reference", CK_FLIP, CK_KERNELS(CK_ENTRY)};
