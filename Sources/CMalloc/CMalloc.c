#include "CMalloc.h"

#include <malloc.h>

// By itself the C library makes eight arenas per processor core, and after the first large block that is freed keeps such
// blocks for itself, each arena its own.
enum { arenas = 2, large_block_bytes = 256 << 10 };

void cmalloc_stay_small(void) {
    mallopt(M_ARENA_MAX, arenas);
    mallopt(M_MMAP_THRESHOLD, large_block_bytes);
    mallopt(M_TRIM_THRESHOLD, large_block_bytes);
}

void cmalloc_give_back(void) {
    malloc_trim(0);
}
