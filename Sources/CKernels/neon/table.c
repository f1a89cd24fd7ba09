#if defined(__aarch64__)

#include "kernels.h"

const ck_kernels ck_neon = {"neon", 0x00, ck_neon_convolve, ck_neon_depthwise, ck_neon_transfer,
    ck_neon_pointwise, ck_neon_resize, ck_neon_moments};

#endif
