#include "COpenBLAS.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

// The constants of the CBLAS interface.
enum { row_major = 101, not_transposed = 111, transposed = 112 };

typedef void (*sgemm_function)(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                               const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);
typedef void (*set_threads_function)(int count);

static sgemm_function sgemm;
static const char *problem;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        problem = "OpenBLAS is needed to run float32 networks and was not found; install libopenblas0";
        return;
    }
    sgemm = (sgemm_function)dlsym(library, "cblas_sgemm");
    set_threads_function set_threads = (set_threads_function)dlsym(library, "openblas_set_num_threads");
    if (sgemm == NULL || set_threads == NULL) {
        problem = "the OpenBLAS that was found lacks cblas_sgemm; install libopenblas0";
        return;
    }
    // Work is divided among pictures, which keeps the order of every sum independent of the number of cores.
    set_threads(1);
}

const char *cob_load(void) {
    pthread_once(&once, load);
    return problem;
}

void cob_multiply(const float *a, const float *b, float *c, int rows, int columns, int depth, bool transpose_b) {
    sgemm(row_major, not_transposed, transpose_b ? transposed : not_transposed, rows, columns, depth, 1.0f, a, depth, b,
          transpose_b ? depth : columns, 0.0f, c, columns);
}

void cob_multiply_transposed(const float *a, const float *b, float *c, int rows, int columns, int depth) {
    sgemm(row_major, transposed, not_transposed, rows, columns, depth, 1.0f, a, rows, b, columns, 0.0f, c, columns);
}
