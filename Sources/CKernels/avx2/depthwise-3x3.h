// Depthwise convolution 3x3, stride 1 and 2, 1 pixel x 32 channels, in 256-bit registers. To be included once by a
// kernel file that defines, under the attribute of its instruction set, CK_FLIP (the activation_flip of its table) and
//     __m256i ck_accumulate(__m256i sums, __m256i activations, __m256i weights);
// which adds the four products of every lane.
//
// A column of the window is three bytes per channel, one from each row. Unpacking the rows into each other twice turns
// 32 channels of a column into four registers of (row 0, row 1, row 2, 0) groups, which the product multiplies with
// equally arranged weights. A column is arranged once and added at once to every pixel whose window it is in, so that
// only sums stay in registers: 12 at stride 1, 8 at stride 2. The unpacks work inside 128-bit lanes, and so do the
// packs at the end, which therefore restore the order; bias and scales are arranged once per row.

// Channels 0-3, 4-7, 8-11, 12-15 of each lane of 16.
typedef struct {
    __m256i q[4];
} quads;

// What does not change within a row of one block of channels.
typedef struct {
    __m256i weights[3][4];
    __m256i bias[4];
    __m256 scale[4], residual_scale[4];
} arranged;

CK_INLINE __m256i load(const void *bytes) { return _mm256_loadu_si256((const __m256i *)bytes); }

CK_INLINE quads column(__m256i row0, __m256i row1, __m256i row2) {
    const __m256i low = _mm256_unpacklo_epi8(row0, row1), high = _mm256_unpackhi_epi8(row0, row1);
    const __m256i zero = _mm256_setzero_si256();
    const __m256i low2 = _mm256_unpacklo_epi8(row2, zero), high2 = _mm256_unpackhi_epi8(row2, zero);
    return (quads){{_mm256_unpacklo_epi16(low, low2), _mm256_unpackhi_epi16(low, low2),
                    _mm256_unpacklo_epi16(high, high2), _mm256_unpackhi_epi16(high, high2)}};
}

// The 32-bit entries of channels `c` on, in the order of the sums; a lane at `end` or past it is zero.
CK_INLINE void arrange(const void *entries, int32_t c, int32_t end, void *into) {
    for (int lane = 0; lane < 2; lane++) {
        const int32_t from = c + 16 * lane;
        for (int j = 0; j < 4; j++) {
            const __m128i *const at = (const __m128i *)((const int32_t *)entries + from + 4 * j);
            const __m128i four = from < end ? _mm_loadu_si128(at) : _mm_setzero_si128();
            _mm_store_si128((__m128i *)((int32_t *)into + 8 * j + 4 * lane), four);
        }
    }
}

// Thirty-two residual bytes as floats in the order of the sums.
CK_INLINE void residual_floats(__m256i stored, __m256 into[4]) {
    const __m256i zero = _mm256_setzero_si256();
    const __m256i bytes = _mm256_xor_si256(stored, _mm256_set1_epi8((char)CK_FLIP));
    const __m256i low = _mm256_unpacklo_epi8(zero, bytes), high = _mm256_unpackhi_epi8(zero, bytes);
    into[0] = _mm256_cvtepi32_ps(_mm256_srai_epi32(_mm256_unpacklo_epi16(zero, low), 24));
    into[1] = _mm256_cvtepi32_ps(_mm256_srai_epi32(_mm256_unpackhi_epi16(zero, low), 24));
    into[2] = _mm256_cvtepi32_ps(_mm256_srai_epi32(_mm256_unpacklo_epi16(zero, high), 24));
    into[3] = _mm256_cvtepi32_ps(_mm256_srai_epi32(_mm256_unpackhi_epi16(zero, high), 24));
}

CK_INLINE void finish(const arranged *constants, const __m256i sums[4], const uint8_t *residual, uint8_t *to,
                      int32_t count) {
    __m256i q[4];
    if (residual) {
        __m256 r[4];
        residual_floats(load(residual), r);
#pragma clang loop unroll(full)
        for (int j = 0; j < 4; j++)
            q[j] = ck_scaled8_with_residual(sums[j], constants->scale[j], r[j], constants->residual_scale[j]);
    } else {
#pragma clang loop unroll(full)
        for (int j = 0; j < 4; j++) q[j] = ck_scaled8(sums[j], constants->scale[j]);
    }
    const __m256i packed = _mm256_packs_epi16(_mm256_packs_epi32(q[0], q[1]), _mm256_packs_epi32(q[2], q[3]));
    const __m256i bytes = _mm256_xor_si256(packed, _mm256_set1_epi8((char)CK_FLIP));
    if (count >= 32) {
        _mm256_storeu_si256((__m256i *)to, bytes);
    } else {
        ck_store_bytes(to, _mm256_castsi256_si128(bytes), count);
        if (count > 16) ck_store_bytes(to + 16, _mm256_extracti128_si256(bytes, 1), count - 16);
    }
}

// Adds column `kx` of the window at `at`, the first one on top of the bias.
CK_INLINE void add_column(const arranged *constants, const quads *c, int kx, __m256i sums[4]) {
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++)
        sums[j] = ck_accumulate(kx == 0 ? constants->bias[j] : sums[j], c->q[j], constants->weights[kx][j]);
}

// A row of the channels [c, c + 32).
CK_INLINE void block(const int stride, const ck_depthwise *p, const uint8_t *const *rows, const uint8_t *residual,
                     uint8_t *output, int32_t x0, int32_t x1, int32_t c) {
    const size_t channels = (size_t)p->channels, padded = (channels + 15) / 16 * 16;
    const int32_t count = p->channels - c < 32 ? p->channels - c : 32;

    arranged constants;
    arrange(p->bias, c, (int32_t)padded, constants.bias);
    arrange(p->scale, c, (int32_t)padded, constants.scale);
    if (residual) arrange(p->residual_scale, c, (int32_t)padded, constants.residual_scale);
    for (int kx = 0; kx < 3; kx++) {
        const int8_t *tap = p->weights + (size_t)kx * padded + (size_t)c;
        const quads w = column(load(tap), load(tap + 3 * padded), load(tap + 6 * padded));
        for (int j = 0; j < 4; j++) constants.weights[kx][j] = w.q[j];
    }
    // Sixteen registers are for sums and columns: the rest is loaded where it is needed.
    __asm__("" : "+m"(constants));

    const uint8_t *in0 = rows[0] + (size_t)x0 * (size_t)stride * channels + (size_t)c;
    const uint8_t *in1 = rows[1] + (size_t)x0 * (size_t)stride * channels + (size_t)c;
    const uint8_t *in2 = rows[2] + (size_t)x0 * (size_t)stride * channels + (size_t)c;
    size_t in = 0, out = (size_t)x0 * channels + (size_t)c;
    __m256i sums[3][4];  // of the pixels whose windows are open, by turns
    quads q = column(load(in0), load(in1), load(in2));
    add_column(&constants, &q, 0, sums[0]);
    if (stride == 1) {
        in += channels;
        q = column(load(in0 + in), load(in1 + in), load(in2 + in));
        add_column(&constants, &q, 1, sums[0]);
        add_column(&constants, &q, 0, sums[1]);
    }
    for (int32_t x = x0;;) {
#pragma clang loop unroll(full)
        for (int u = 0; u < (stride == 1 ? 3 : 2); u++) {
            __m256i *const done = sums[u], *const next = sums[stride == 1 ? (u + 1) % 3 : 1 - u];
            in += channels;
            q = column(load(in0 + in), load(in1 + in), load(in2 + in));
            if (stride == 2) {
                add_column(&constants, &q, 1, done);
                in += channels;
                q = column(load(in0 + in), load(in1 + in), load(in2 + in));
            }
            add_column(&constants, &q, 2, done);
            finish(&constants, done, residual ? residual + out : NULL, output + out, count);
            if (++x >= x1) return;
            if (stride == 1) {
                add_column(&constants, &q, 1, next);
                add_column(&constants, &q, 0, sums[(u + 2) % 3]);
            } else {
                add_column(&constants, &q, 0, next);
            }
            out += channels;
        }
    }
}

CK_INLINE void ck_depthwise_3x3(const ck_depthwise *p, const uint8_t *const *rows, const uint8_t *residual,
                                uint8_t *output, int32_t x0, int32_t x1) {
    if (x0 >= x1) return;
    if (p->kernel_width != 3 || p->kernel_height != 3 || p->stride > 2) {
        ck_avx2_depthwise_any(CK_FLIP, p, rows, residual, output, x0, x1);
        return;
    }
    for (int32_t c = 0; c < p->channels; c += 32) {
        if (p->stride == 1)
            block(1, p, rows, residual, output, x0, x1, c);
        else
            block(2, p, rows, residual, output, x0, x1, c);
    }
}
