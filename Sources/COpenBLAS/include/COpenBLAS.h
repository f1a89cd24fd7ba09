// OpenBLAS, loaded when the first matrix product needs it: the programs that link this target start without it.
#ifndef COPENBLAS_H
#define COPENBLAS_H

#include <stdbool.h>

// Loads the library once. Returns NULL when it is ready, else why it is not (one sentence, static storage).
const char *cob_load(void);

// C = A * B (transpose_b false, B is depth x columns) or A * transpose(B) (B is columns x depth), row-major, no gaps:
// A is rows x depth and C is rows x columns. Runs on the caller's thread alone.
// cob_load must have returned NULL.
void cob_multiply(const float *a, const float *b, float *c, int rows, int columns, int depth, bool transpose_b);

// C = transpose(A) * B, row-major, no gaps: A is depth x rows, B is depth x columns, C is rows x columns.
// cob_load must have returned NULL.
void cob_multiply_transposed(const float *a, const float *b, float *c, int rows, int columns, int depth);

#endif
