// Factors, offsets, LeakyReLU and additions.
void CK_REFERENCE(pointwise)(const ck_pointwise *p, const uint8_t *input, const uint8_t *residual, uint8_t *output,
                             int32_t x0, int32_t x1) {
    for (size_t at = (size_t)x0 * (size_t)p->channels; at < (size_t)x1 * (size_t)p->channels; at++) {
        const size_t c = at % (size_t)p->channels;
        float t = (float)CK_VALUE(input[at]) * p->scale[c];
        t = t + p->offset[c];
        const float added = residual ? (float)CK_VALUE(residual[at]) * p->residual_scale[c] : 0;
        if (residual && p->residual_first) t = t + added;
        const float leaked = t * p->slope;
        if (!(t > leaked)) t = leaked;
        if (residual && !p->residual_first) t = t + added;
        output[at] = CK_STORED(ck_saturate(t + p->post[c]));
    }
}
