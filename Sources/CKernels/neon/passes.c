// The passes over rows, see ../shared/passes.h; the table for SDOT shares them.
#if defined(__aarch64__)

#include "kernels.h"

#define CK_PASS(name) ck_neon_##name
#define CK_FLIP 0x00
#include "../shared/passes.h"

#endif
