// GPIO lines through libgpiod, which is loaded when it is first needed: version 2 (libgpiod.so.3) where there is one,
// else version 1 (libgpiod.so.2). So one program serves both, and starts on machines that have neither.
//
// All calls but cgpio_load need it to have returned NULL. Functions that return int give a value of at least 0, or a
// negative errno. A request belongs to one thread at a time; different requests are independent.
#ifndef CGPIO_H
#define CGPIO_H

#include <stdbool.h>
#include <stdint.h>

/// Loads the library once. Returns NULL when it is ready, else why it is not (one sentence, static storage).
const char *cgpio_load(void);

/// The version of the library that was loaded, "2.2.1" say; static storage.
const char *cgpio_version(void);

/// A text of the kernel's: at most 31 bytes and a zero.
typedef struct cgpio_chip {
    char name[32];
    char label[32];
    uint32_t line_count;
} cgpio_chip;

typedef struct cgpio_line {
    char name[32];      // "" when it has none
    char consumer[32];  // who holds it, "" when the kernel does not say
    bool is_used;
} cgpio_line;

/// Describes the chip behind a path, /dev/gpiochip0 say.
int cgpio_describe_chip(const char *path, cgpio_chip *chip);

/// Describes one line of a chip.
int cgpio_describe_line(const char *path, uint32_t number, cgpio_line *line);

typedef enum cgpio_bias { CGPIO_BIAS_AS_IS, CGPIO_BIAS_OFF, CGPIO_BIAS_PULL_UP, CGPIO_BIAS_PULL_DOWN } cgpio_bias;

typedef struct cgpio_options {
    const char *consumer;  // what others see as the holder of the line
    cgpio_bias bias;
    bool is_active_low;
    bool is_output;        // an output begins inactive; an input reports both edges
} cgpio_options;

typedef struct cgpio_request cgpio_request;

/// Takes a line for this process, until cgpio_release. -EBUSY when somebody holds it.
int cgpio_take(const char *path, uint32_t number, const cgpio_options *options, cgpio_request **request);

/// What to poll for edges of an input. It belongs to the request.
int cgpio_descriptor(const cgpio_request *request);

typedef struct cgpio_edge {
    bool is_active;        // the level that the line went to, after active-low is applied
    int64_t nanoseconds;   // CLOCK_MONOTONIC
} cgpio_edge;

enum { CGPIO_MOST_EDGES = 16 };

/// Reads the edges that wait, at most CGPIO_MOST_EDGES; blocks when there is none. Returns how many.
int cgpio_read(cgpio_request *request, cgpio_edge edges[CGPIO_MOST_EDGES]);

/// The level of the line: 1 for active.
int cgpio_get(const cgpio_request *request);

/// Drives an output.
int cgpio_set(const cgpio_request *request, bool is_active);

/// Gives the line back and frees the request. NULL is ignored.
void cgpio_release(cgpio_request *request);

#endif
