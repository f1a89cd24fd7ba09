#if defined(__aarch64__)

#include "../neon/kernels.h"
#include "kernels.h"

const ck_kernels ck_neondot = {"neondot", 0x00, ck_neondot_convolve, ck_neondot_depthwise, ck_neon_transfer,
    ck_neon_pointwise, ck_neon_resize, ck_neon_moments};

#endif
