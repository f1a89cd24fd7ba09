// What this target uses of libgpiod 1.6, in a form that needs no header of its to build. scripts/check-gpio compiles
// the same file with CGPIO_CHECK against the real header, which then has to agree in every type and constant.

// FUNCTION(result, name, parameters)
#define CGPIO_FUNCTIONS(FUNCTION)                                                                                    \
    FUNCTION(const char *, gpiod_version_string, (void))                                                             \
    FUNCTION(struct gpiod_chip *, gpiod_chip_open, (const char *))                                                   \
    FUNCTION(void, gpiod_chip_close, (struct gpiod_chip *))                                                          \
    FUNCTION(const char *, gpiod_chip_name, (struct gpiod_chip *))                                                   \
    FUNCTION(const char *, gpiod_chip_label, (struct gpiod_chip *))                                                  \
    FUNCTION(unsigned int, gpiod_chip_num_lines, (struct gpiod_chip *))                                              \
    FUNCTION(struct gpiod_line *, gpiod_chip_get_line, (struct gpiod_chip *, unsigned int))                          \
    FUNCTION(const char *, gpiod_line_name, (struct gpiod_line *))                                                   \
    FUNCTION(const char *, gpiod_line_consumer, (struct gpiod_line *))                                               \
    FUNCTION(bool, gpiod_line_is_used, (struct gpiod_line *))                                                        \
    FUNCTION(int, gpiod_line_request, (struct gpiod_line *, const struct gpiod_line_request_config *, int))          \
    FUNCTION(int, gpiod_line_event_get_fd, (struct gpiod_line *))                                                    \
    FUNCTION(int, gpiod_line_event_read_multiple, (struct gpiod_line *, struct gpiod_line_event *, unsigned int))    \
    FUNCTION(int, gpiod_line_get_value, (struct gpiod_line *))                                                       \
    FUNCTION(int, gpiod_line_set_value, (struct gpiod_line *, int))

// CONSTANT(name, value)
#define CGPIO_CONSTANTS(CONSTANT)                      \
    CONSTANT(GPIOD_LINE_REQUEST_DIRECTION_OUTPUT, 3)   \
    CONSTANT(GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES, 6)   \
    CONSTANT(GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW, 4)    \
    CONSTANT(GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE, 8)  \
    CONSTANT(GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN, 16) \
    CONSTANT(GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP, 32) \
    CONSTANT(GPIOD_LINE_EVENT_RISING_EDGE, 1)

#ifdef CGPIO_CHECK
#include <gpiod.h>
#include <stddef.h>
#ifndef GPIOD_LINE_BULK_MAX_LINES
#error "this is not the header of libgpiod 1"
#endif
_Static_assert(sizeof(struct gpiod_line_event) == sizeof(struct timespec) + 8, "gpiod_line_event");
_Static_assert(offsetof(struct gpiod_line_event, event_type) == sizeof(struct timespec), "gpiod_line_event");
_Static_assert(offsetof(struct gpiod_line_request_config, consumer) == 0, "gpiod_line_request_config");
_Static_assert(offsetof(struct gpiod_line_request_config, request_type) == sizeof(void *), "gpiod_line_request_config");
_Static_assert(offsetof(struct gpiod_line_request_config, flags) == sizeof(void *) + 4, "gpiod_line_request_config");
#else
#include <stdbool.h>
#include <time.h>
struct gpiod_chip;
struct gpiod_line;
struct gpiod_line_request_config {
    const char *consumer;
    int request_type;
    int flags;
};
struct gpiod_line_event {
    struct timespec ts;
    int event_type;
};
#endif
