#include "coefficients.h"

#include <jerror.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(JBLOCK) == 2 * DCTSIZE2, "a coefficient has two bytes");

enum {
    // More than malloc keeps for itself when it is freed.
    slab_bytes = 320 << 10,
    // Sets, and seven half bytes for each coefficient.
    most_packed_block = 1 + DCTSIZE + 7 * DCTSIZE2 / 2
};

/// Packed rows one after the other. A scan goes through the rows in order and packs each anew, so that old slabs empty
/// as fast as new ones fill.
typedef struct slab {
    uint32_t live;  // rows in it that are not packed anew yet
    size_t used;
    size_t capacity;
    uint8_t bytes[];
} slab;

typedef struct packed_row {
    slab *slab;  // NULL: all coefficients are 0
    size_t offset;
} packed_row;

/// What libjpeg knows as a virtual array; one for each component.
typedef struct coefficient_array {
    struct coefficient_array *next;
    JDIMENSION blocks;      // in a row
    JDIMENSION row_count;
    JDIMENSION most_rows;   // that are asked for at once
    packed_row *rows;
    slab *filling;
    JBLOCKARRAY window;     // the rows that libjpeg works on
    JBLOCK *window_blocks;
    JDIMENSION window_capacity;
    JDIMENSION first;
    JDIMENSION held;        // rows in the window from `first` on
    int is_changed;
} coefficient_array;

// MARK: Packing

// A block is packed as the set of its lines of eight that are not all 0, for each of those the set of coefficients that
// are not 0, and these in half bytes from the lower one on: 1 to 15 for -7 to 7, or 0 and two more for a signed byte,
// which is -128 where four more hold the coefficient.

typedef struct half_bytes {
    uint8_t *next;
    uint64_t waiting;
    unsigned bits;
} half_bytes;

static void put_halves(half_bytes *halves, uint32_t value, unsigned bits) {
    halves->waiting |= (uint64_t)value << halves->bits;
    halves->bits += bits;
    for (; halves->bits >= 8; halves->bits -= 8) {
        *halves->next++ = (uint8_t)halves->waiting;
        halves->waiting >>= 8;
    }
}

static void put_value(half_bytes *halves, JCOEF value) {
    if (value >= -7 && value <= 7) {
        put_halves(halves, (uint32_t)(value + 8), 4);
    } else if (value >= -127 && value <= 127) {
        put_halves(halves, (uint32_t)(uint8_t)value << 4, 12);
    } else {
        put_halves(halves, 0x80U << 4 | (uint32_t)(uint16_t)value << 12, 28);
    }
}

static size_t pack(const JBLOCK *blocks, JDIMENSION count, uint8_t *packed) {
    half_bytes halves = {packed, 0, 0};
    for (JDIMENSION b = 0; b < count; b++) {
        uint8_t *lines = halves.next++;
        *lines = 0;
        for (int line = 0; line < DCTSIZE; line++) {
            const JCOEF *values = &blocks[b][DCTSIZE * line];
            unsigned places = 0;
            for (int i = 0; i < DCTSIZE; i++) {
                places |= (unsigned)(values[i] != 0) << i;
            }
            if (places != 0) {
                *lines |= (uint8_t)(1U << line);
                *halves.next++ = (uint8_t)places;
            }
        }
        const uint8_t *places = lines + 1;
        for (unsigned left = *lines; left != 0; left &= left - 1) {
            const JCOEF *values = &blocks[b][DCTSIZE * __builtin_ctz(left)];
            for (unsigned set = *places++; set != 0; set &= set - 1) {
                put_value(&halves, values[__builtin_ctz(set)]);
            }
        }
        put_halves(&halves, 0, halves.bits & 4);
    }
    return (size_t)(halves.next - packed);
}

static unsigned half_at(const uint8_t *packed, size_t place) {
    return packed[place / 2] >> (place % 2 * 4) & 15;
}

static JCOEF value_at(const uint8_t *packed, size_t *place) {
    unsigned half = half_at(packed, (*place)++);
    if (half != 0) {
        return (JCOEF)((int)half - 8);
    }
    unsigned bits = 0;
    for (unsigned i = 0; i < 2; i++) {
        bits |= half_at(packed, (*place)++) << (4 * i);
    }
    if (bits != 0x80) {
        return (int8_t)bits;
    }
    bits = 0;
    for (unsigned i = 0; i < 4; i++) {
        bits |= half_at(packed, (*place)++) << (4 * i);
    }
    return (JCOEF)bits;
}

/// Into blocks that are 0.
static void unpack(const uint8_t *packed, JBLOCK *blocks, JDIMENSION count) {
    for (JDIMENSION b = 0; b < count; b++) {
        unsigned lines = *packed++;
        const uint8_t *places = packed;
        packed += __builtin_popcount(lines);
        size_t place = 0;
        for (; lines != 0; lines &= lines - 1) {
            JCOEF *values = &blocks[b][DCTSIZE * __builtin_ctz(lines)];
            for (unsigned set = *places++; set != 0; set &= set - 1) {
                values[__builtin_ctz(set)] = value_at(packed, &place);
            }
        }
        packed += (place + 1) / 2;
    }
}

// MARK: Rows

static void *taken(j_common_ptr codec, void *memory) {
    if (memory == NULL) {
        failing_manager_leave(codec, CJPEG_NO_MEMORY, 0);
    }
    return memory;
}

static void release(coefficient_store *store, slab *slab) {
    store->bytes -= (int64_t)slab->used;
    free(slab);
}

static void put_row(j_common_ptr codec, coefficient_array *array, JDIMENSION y, const JBLOCK *blocks) {
    coefficient_store *store = coefficient_store_of(codec);
    packed_row *row = &array->rows[y];
    size_t count = pack(blocks, array->blocks, store->packing);
    if (array->filling == NULL || array->filling->used + count > array->filling->capacity) {
        size_t capacity = count > slab_bytes ? count : slab_bytes;
        slab *fresh = taken(codec, malloc(sizeof(slab) + capacity));
        fresh->live = 0;
        fresh->used = 0;
        fresh->capacity = capacity;
        if (array->filling != NULL && array->filling->live == 0) {
            release(store, array->filling);
        }
        array->filling = fresh;
    }
    slab *old = row->slab;
    row->slab = array->filling;
    row->offset = array->filling->used;
    memcpy(array->filling->bytes + array->filling->used, store->packing, count);
    array->filling->used += count;
    array->filling->live += 1;
    store->bytes += (int64_t)count;
    if (old != NULL) {
        old->live -= 1;
        if (old->live == 0 && old != array->filling) {
            release(store, old);
        }
    }
    if (store->bytes > store->most_bytes) {
        failing_manager_leave(codec, CJPEG_TOO_DETAILED, 0);
    }
}

static void widen(j_common_ptr codec, coefficient_array *array, JDIMENSION rows) {
    if (rows <= array->window_capacity) {
        return;
    }
    array->window_blocks =
        taken(codec, realloc(array->window_blocks, (size_t)rows * array->blocks * sizeof(JBLOCK)));
    array->window = taken(codec, realloc(array->window, rows * sizeof(JBLOCKROW)));
    for (JDIMENSION i = 0; i < rows; i++) {
        array->window[i] = array->window_blocks + (size_t)i * array->blocks;
    }
    array->window_capacity = rows;
}

static JBLOCKARRAY reach(
    j_common_ptr codec, jvirt_barray_ptr pointer, JDIMENSION first, JDIMENSION count, boolean writable) {
    coefficient_array *array = (coefficient_array *)pointer;
    if (first > array->row_count || count > array->row_count - first || count > array->most_rows) {
        ERREXIT(codec, JERR_BAD_VIRTUAL_ACCESS);
    }
    if (first != array->first || count != array->held) {
        JDIMENSION changed = array->is_changed ? array->held : 0;
        array->is_changed = 0;
        array->held = 0;
        for (JDIMENSION i = 0; i < changed; i++) {
            put_row(codec, array, array->first + i, array->window[i]);
        }
        widen(codec, array, count);
        for (JDIMENSION i = 0; i < count; i++) {
            memset(array->window[i], 0, array->blocks * sizeof(JBLOCK));
            packed_row row = array->rows[first + i];
            if (row.slab != NULL) {
                unpack(row.slab->bytes + row.offset, array->window[i], array->blocks);
            }
        }
        array->first = first;
        array->held = count;
    }
    array->is_changed |= writable;
    return array->window;
}

// MARK: What libjpeg calls

static jvirt_barray_ptr request(
    j_common_ptr codec, int pool, boolean zeroed, JDIMENSION blocks, JDIMENSION rows, JDIMENSION most_rows) {
    (void)pool;
    (void)zeroed;
    coefficient_store *store = coefficient_store_of(codec);
    size_t most_packed = (size_t)blocks * most_packed_block;
    if (most_packed > store->packing_capacity) {
        free(store->packing);
        // What follows may jump out of here.
        store->packing = NULL;
        store->packing_capacity = 0;
        store->packing = taken(codec, malloc(most_packed));
        store->packing_capacity = most_packed;
    }
    coefficient_array *array = taken(codec, calloc(1, sizeof *array));
    array->next = store->arrays;
    store->arrays = array;
    array->blocks = blocks;
    array->row_count = rows;
    array->most_rows = most_rows;
    array->rows = taken(codec, calloc(rows, sizeof *array->rows));
    return (jvirt_barray_ptr)array;
}

void coefficient_store_prepare(j_common_ptr codec) {
    codec->mem->request_virt_barray = request;
    codec->mem->access_virt_barray = reach;
}

void coefficient_store_destroy(coefficient_store *store) {
    while (store->arrays != NULL) {
        coefficient_array *array = store->arrays;
        store->arrays = array->next;
        for (JDIMENSION y = 0; array->rows != NULL && y < array->row_count; y++) {
            slab *slab = array->rows[y].slab;
            if (slab != NULL) {
                slab->live -= 1;
                if (slab->live == 0 && slab != array->filling) {
                    free(slab);
                }
            }
        }
        free(array->filling);
        free(array->rows);
        free(array->window);
        free(array->window_blocks);
        free(array);
    }
    free(store->packing);
    store->packing = NULL;
}
