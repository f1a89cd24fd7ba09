// The reference for unsigned storage.
#define CK_REFERENCE(name) ck_unsigned_##name
#define CK_FLIP 0x80
#include "reference.h"

#define CK_ENTRY(kernel, parameters) CK_PICK(reference, unsigned, kernel),
static const ck_kernels table = {"unsigned reference", CK_FLIP, CK_KERNELS(CK_ENTRY)};

const ck_kernels *ck_unsigned_reference(void) { return &table; }
