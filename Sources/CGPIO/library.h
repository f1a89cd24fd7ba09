// What the two versions of libgpiod have in common: the calls of CGPIO.h, as a table that each version fills.
#ifndef CGPIO_LIBRARY_H
#define CGPIO_LIBRARY_H

#include "CGPIO.h"

struct cgpio_request {
    void *chip;    // version 1: struct gpiod_chip, which owns the line; version 2: not used
    void *lines;   // version 1: struct gpiod_line; version 2: struct gpiod_line_request
    void *events;  // version 2: struct gpiod_edge_event_buffer of an input
    uint32_t number;
};

typedef struct cgpio_library {
    const char *(*version)(void);
    int (*describe_chip)(const char *path, cgpio_chip *chip);
    int (*describe_line)(const char *path, uint32_t number, cgpio_line *line);
    int (*take)(const char *path, uint32_t number, const cgpio_options *options, cgpio_request *request);
    int (*descriptor)(const cgpio_request *request);
    int (*read)(cgpio_request *request, cgpio_edge *edges);
    int (*get)(const cgpio_request *request);
    int (*set)(const cgpio_request *request, bool is_active);
    void (*release)(cgpio_request *request);
} cgpio_library;

// Each looks its functions up in a loaded library. NULL when one is missing.
const cgpio_library *cgpio_version1(void *handle);
const cgpio_library *cgpio_version2(void *handle);

// Copies a text that may be NULL, cut to what fits.
void cgpio_copy(char to[32], const char *from);

// -errno of the call that failed just now; never 0.
int cgpio_failure(void);

#endif
