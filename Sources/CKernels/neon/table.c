#if defined(__aarch64__)

#include "kernels.h"

#define CK_OWN_convolve ~,
#define CK_OWN_depthwise ~,
#define CK_OWN_transfer ~,
#define CK_OWN_pointwise ~,
#define CK_OWN_resize ~,
#define CK_OWN_max_pool ~,
#define CK_OWN_moments ~,
#define CK_ENTRY(kernel, parameters) CK_PICK(neon, signed, kernel),
const ck_kernels ck_neon = {"neon", 0x00, CK_KERNELS(CK_ENTRY)};

#endif
