#if defined(__aarch64__)

#include "../neon/kernels.h"
#include "kernels.h"

#define CK_OWN_convolve ~,
#define CK_OWN_depthwise ~,
#define CK_OWN_transfer ~, ck_neon_transfer,
#define CK_OWN_pointwise ~, ck_neon_pointwise,
#define CK_OWN_resize ~, ck_neon_resize,
#define CK_OWN_max_pool ~, ck_neon_max_pool,
#define CK_OWN_moments ~, ck_neon_moments,
#define CK_ENTRY(kernel, parameters) CK_PICK(neondot, signed, kernel),
const ck_kernels ck_neondot = {"neondot", 0x00, CK_KERNELS(CK_ENTRY)};

#endif
