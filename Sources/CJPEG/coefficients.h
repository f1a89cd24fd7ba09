// Coefficients of pictures in several scans, held packed.
//
// libjpeg keeps 2 bytes for each coefficient until the last scan has come, 36 MB for 12 megapixels with halved colour,
// though most of them are 0. Here rows of blocks that nobody works on are held as their coefficients that are not 0: about a
// fifth of it for a photo.
#ifndef CJPEG_COEFFICIENTS_H
#define CJPEG_COEFFICIENTS_H

#include "failure.h"

struct coefficient_array;

typedef struct coefficient_store {
    struct coefficient_array *arrays;
    uint8_t *packing;         // room for the longest row that is being packed
    size_t packing_capacity;
    int64_t bytes;            // held packed
    int64_t most_bytes;       // more of them are CJPEG_TOO_DETAILED
} coefficient_store;

/// Takes the place of libjpeg's own arrays, which ask `coefficient_store_of` for their store. Call it once the codec is
/// made.
void coefficient_store_prepare(j_common_ptr codec);

/// Gives all memory back.
void coefficient_store_destroy(coefficient_store *store);

/// The store of a codec: its owner defines this.
coefficient_store *coefficient_store_of(j_common_ptr codec);

#endif
