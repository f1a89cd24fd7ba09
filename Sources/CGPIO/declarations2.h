// What this target uses of libgpiod 2, in a form that needs no header of its to build. scripts/check-gpio compiles
// the same file with CGPIO_CHECK against the real header, which then has to agree in every type and constant.

// FUNCTION(result, name, parameters)
#define CGPIO_FUNCTIONS(FUNCTION)                                                                                    \
    FUNCTION(const char *, gpiod_api_version, (void))                                                                \
    FUNCTION(struct gpiod_chip *, gpiod_chip_open, (const char *))                                                   \
    FUNCTION(void, gpiod_chip_close, (struct gpiod_chip *))                                                          \
    FUNCTION(struct gpiod_chip_info *, gpiod_chip_get_info, (struct gpiod_chip *))                                   \
    FUNCTION(void, gpiod_chip_info_free, (struct gpiod_chip_info *))                                                 \
    FUNCTION(const char *, gpiod_chip_info_get_name, (struct gpiod_chip_info *))                                     \
    FUNCTION(const char *, gpiod_chip_info_get_label, (struct gpiod_chip_info *))                                    \
    FUNCTION(size_t, gpiod_chip_info_get_num_lines, (struct gpiod_chip_info *))                                      \
    FUNCTION(struct gpiod_line_info *, gpiod_chip_get_line_info, (struct gpiod_chip *, unsigned int))                \
    FUNCTION(void, gpiod_line_info_free, (struct gpiod_line_info *))                                                 \
    FUNCTION(const char *, gpiod_line_info_get_name, (struct gpiod_line_info *))                                     \
    FUNCTION(const char *, gpiod_line_info_get_consumer, (struct gpiod_line_info *))                                 \
    FUNCTION(bool, gpiod_line_info_is_used, (struct gpiod_line_info *))                                              \
    FUNCTION(struct gpiod_line_settings *, gpiod_line_settings_new, (void))                                          \
    FUNCTION(void, gpiod_line_settings_free, (struct gpiod_line_settings *))                                         \
    FUNCTION(int, gpiod_line_settings_set_direction, (struct gpiod_line_settings *, enum gpiod_line_direction))      \
    FUNCTION(int, gpiod_line_settings_set_edge_detection, (struct gpiod_line_settings *, enum gpiod_line_edge))      \
    FUNCTION(int, gpiod_line_settings_set_bias, (struct gpiod_line_settings *, enum gpiod_line_bias))                \
    FUNCTION(void, gpiod_line_settings_set_active_low, (struct gpiod_line_settings *, bool))                         \
    FUNCTION(struct gpiod_line_config *, gpiod_line_config_new, (void))                                              \
    FUNCTION(void, gpiod_line_config_free, (struct gpiod_line_config *))                                             \
    FUNCTION(int, gpiod_line_config_add_line_settings,                                                               \
             (struct gpiod_line_config *, const unsigned int *, size_t, struct gpiod_line_settings *))               \
    FUNCTION(struct gpiod_request_config *, gpiod_request_config_new, (void))                                        \
    FUNCTION(void, gpiod_request_config_free, (struct gpiod_request_config *))                                       \
    FUNCTION(void, gpiod_request_config_set_consumer, (struct gpiod_request_config *, const char *))                 \
    FUNCTION(struct gpiod_line_request *, gpiod_chip_request_lines,                                                  \
             (struct gpiod_chip *, struct gpiod_request_config *, struct gpiod_line_config *))                       \
    FUNCTION(void, gpiod_line_request_release, (struct gpiod_line_request *))                                        \
    FUNCTION(int, gpiod_line_request_get_fd, (struct gpiod_line_request *))                                          \
    FUNCTION(enum gpiod_line_value, gpiod_line_request_get_value, (struct gpiod_line_request *, unsigned int))       \
    FUNCTION(int, gpiod_line_request_set_value, (struct gpiod_line_request *, unsigned int, enum gpiod_line_value))  \
    FUNCTION(int, gpiod_line_request_read_edge_events,                                                               \
             (struct gpiod_line_request *, struct gpiod_edge_event_buffer *, size_t))                                \
    FUNCTION(struct gpiod_edge_event_buffer *, gpiod_edge_event_buffer_new, (size_t))                                \
    FUNCTION(void, gpiod_edge_event_buffer_free, (struct gpiod_edge_event_buffer *))                                 \
    FUNCTION(struct gpiod_edge_event *, gpiod_edge_event_buffer_get_event,                                           \
             (struct gpiod_edge_event_buffer *, unsigned long))                                                      \
    FUNCTION(enum gpiod_edge_event_type, gpiod_edge_event_get_event_type, (struct gpiod_edge_event *))               \
    FUNCTION(uint64_t, gpiod_edge_event_get_timestamp_ns, (struct gpiod_edge_event *))

// CONSTANT(name, value), one list per enumeration.
#define CGPIO_VALUES(CONSTANT)              \
    CONSTANT(GPIOD_LINE_VALUE_ERROR, -1)    \
    CONSTANT(GPIOD_LINE_VALUE_INACTIVE, 0)  \
    CONSTANT(GPIOD_LINE_VALUE_ACTIVE, 1)
#define CGPIO_DIRECTIONS(CONSTANT)            \
    CONSTANT(GPIOD_LINE_DIRECTION_INPUT, 2)   \
    CONSTANT(GPIOD_LINE_DIRECTION_OUTPUT, 3)
#define CGPIO_EDGES(CONSTANT) \
    CONSTANT(GPIOD_LINE_EDGE_BOTH, 4)
#define CGPIO_BIASES(CONSTANT)                \
    CONSTANT(GPIOD_LINE_BIAS_AS_IS, 1)        \
    CONSTANT(GPIOD_LINE_BIAS_DISABLED, 3)     \
    CONSTANT(GPIOD_LINE_BIAS_PULL_UP, 4)      \
    CONSTANT(GPIOD_LINE_BIAS_PULL_DOWN, 5)
#define CGPIO_EVENT_TYPES(CONSTANT) \
    CONSTANT(GPIOD_EDGE_EVENT_RISING_EDGE, 1)

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef CGPIO_CHECK
#include <gpiod.h>
#ifdef GPIOD_LINE_BULK_MAX_LINES
#error "this is not the header of libgpiod 2"
#endif
#define CGPIO_CONSTANTS(CONSTANT) \
    CGPIO_VALUES(CONSTANT)        \
    CGPIO_DIRECTIONS(CONSTANT)    \
    CGPIO_EDGES(CONSTANT)         \
    CGPIO_BIASES(CONSTANT)        \
    CGPIO_EVENT_TYPES(CONSTANT)
#else
#define CGPIO_DEFINE(name, value) name = value,
enum gpiod_line_value { CGPIO_VALUES(CGPIO_DEFINE) };
enum gpiod_line_direction { CGPIO_DIRECTIONS(CGPIO_DEFINE) };
enum gpiod_line_edge { CGPIO_EDGES(CGPIO_DEFINE) };
enum gpiod_line_bias { CGPIO_BIASES(CGPIO_DEFINE) };
enum gpiod_edge_event_type { CGPIO_EVENT_TYPES(CGPIO_DEFINE) };
struct gpiod_chip;
struct gpiod_chip_info;
struct gpiod_line_info;
struct gpiod_line_settings;
struct gpiod_line_config;
struct gpiod_request_config;
struct gpiod_line_request;
struct gpiod_edge_event;
struct gpiod_edge_event_buffer;
#define CGPIO_CONSTANTS(CONSTANT)
#endif
