// Picture samples to stored activations and back: XOR 0x80, 64 bytes at a time.
#if defined(__aarch64__)

#include <arm_neon.h>

#include "kernels.h"

void ck_neon_transfer(const uint8_t *source, uint8_t *destination, size_t count) {
    const uint8x16_t flip = vdupq_n_u8(0x80);
    for (; count >= 64; count -= 64, source += 64, destination += 64) {
        uint8x16x4_t v = vld1q_u8_x4(source);
        for (int i = 0; i < 4; i++) v.val[i] = veorq_u8(v.val[i], flip);
        vst1q_u8_x4(destination, v);
    }
    for (; count >= 8; count -= 8, source += 8, destination += 8) {
        vst1_u8(destination, veor_u8(vld1_u8(source), vget_low_u8(flip)));
    }
    for (; count > 0; count--) *destination++ = *source++ ^ 0x80;
}

#endif
