// Samples to stored activations and back.
void CK_REFERENCE(transfer)(const uint8_t *source, uint8_t *destination, size_t count) {
    for (size_t i = 0; i < count; i++) destination[i] = source[i] ^ CK_FLIP ^ 0x80;
}
