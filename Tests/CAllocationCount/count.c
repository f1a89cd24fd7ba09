#include "CAllocationCount.h"

#include <errno.h>
#include <stdlib.h>

// What glibc's own functions are called when somebody stands in front of them.
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

static __thread int counting __attribute__((tls_model("initial-exec")));
static __thread long blocks __attribute__((tls_model("initial-exec")));
static __thread size_t bytes __attribute__((tls_model("initial-exec")));

void allocation_count_begin(void) {
    blocks = 0;
    bytes = 0;
    counting = 1;
}

long allocation_count_end(void) {
    counting = 0;
    return blocks;
}

long allocation_count_bytes(void) { return (long)bytes; }

// AddressSanitizer and ThreadSanitizer stand there themselves.
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

static void count(size_t size) {
    blocks += counting;
    bytes += counting ? size : 0;
}

void *malloc(size_t size) {
    count(size);
    return __libc_malloc(size);
}

void *calloc(size_t items, size_t size) {
    count(items * size);
    return __libc_calloc(items, size);
}

void *realloc(void *block, size_t size) {
    count(size);
    return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count(size);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    count(size);
    *block = __libc_memalign(alignment, size);
    return *block ? 0 : ENOMEM;
}

#endif
