// The error manager that the reader and the writer share.
#ifndef CJPEG_FAILURE_H
#define CJPEG_FAILURE_H

#include <setjmp.h>
#include <stdio.h>
// jpeglib.h needs FILE and size_t before it.
#include <jpeglib.h>

#include "CJPEG.h"

/// A libjpeg error manager that remembers the first failure and jumps out.
typedef struct failing_manager {
    struct jpeg_error_mgr base;  // first: libjpeg knows this part only
    cjpeg_failure failure;
    jmp_buf escape;              // set at every entry from outside
} failing_manager;

void failing_manager_prepare(failing_manager *manager);

/// Notes a failure that libjpeg has no words for and jumps out.
__attribute__((noreturn)) void failing_manager_leave(j_common_ptr codec, cjpeg_status status, int system_error);

#endif
