// The passes over rows, see ../shared/passes.h.
#include "kernels.h"

#if defined(__x86_64__)
#pragma clang attribute push(CK_AVXVNNI, apply_to = function)

#define CK_PASS(name) ck_avxvnni_##name
#define CK_FLIP 0x80
#include "../shared/passes.h"

#pragma clang attribute pop

#endif
