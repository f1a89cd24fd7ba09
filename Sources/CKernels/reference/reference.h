// The scalar kernels: the definition that every other instruction set is tested against, and what a table has that lacks
// one of its own. Written to be read, one kernel a file. A file that includes this defines
//     CK_REFERENCE(name)   the function's name, and
//     CK_FLIP              the activation_flip of the tables that it is for.
#include <math.h>

#include "../tables.h"

// What a stored byte stands for, and the byte that stands for a value.
#define CK_VALUE(byte) ((int32_t)(int8_t)((byte) ^ CK_FLIP))
#define CK_STORED(value) ((uint8_t)((uint8_t)(value) ^ CK_FLIP))
// A stored byte as a factor of a product: the bias of a table makes up for what unsigned storage adds.
#define CK_FACTOR(byte) (CK_FLIP ? (int32_t)(byte) : (int32_t)(int8_t)(byte))

static inline int8_t ck_saturate(float t) {
    const float rounded = rintf(t);  // the default rounding mode: half to even
    if (rounded <= -128.0f) return -128;
    if (rounded >= 127.0f) return 127;
    return (int8_t)rounded;
}

static inline int8_t ck_requantize(int32_t accumulator, float scale, int32_t residual, float residual_scale) {
    float t = (float)accumulator * scale;
    t = t + (float)residual * residual_scale;
    return ck_saturate(t);
}

#include "convolve.h"
#include "depthwise.h"
#include "max_pool.h"
#include "moments.h"
#include "pointwise.h"
#include "resize.h"
#include "transfer.h"
