// The passes over rows, see ../shared/passes.h.
#include "kernels.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVX2, apply_to = function)

#define CK_PASS(name) ck_avx2_##name
#define CK_FLIP 0x00
#include "../shared/passes.h"

#pragma clang attribute pop

#endif
