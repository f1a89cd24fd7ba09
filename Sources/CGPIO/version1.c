// libgpiod 1.6, as in Debian 12. A line belongs to its chip, which stays open while the line is held.
#include "declarations1.h"
#include "functions.h"
#include "library.h"

static const char *version(void) { return api.gpiod_version_string(); }

static int describe_chip(const char *path, cgpio_chip *description) {
    struct gpiod_chip *chip = api.gpiod_chip_open(path);
    if (!chip) return cgpio_failure();
    cgpio_copy(description->name, api.gpiod_chip_name(chip));
    cgpio_copy(description->label, api.gpiod_chip_label(chip));
    description->line_count = api.gpiod_chip_num_lines(chip);
    api.gpiod_chip_close(chip);
    return 0;
}

static int describe_line(const char *path, uint32_t number, cgpio_line *description) {
    struct gpiod_chip *chip = api.gpiod_chip_open(path);
    if (!chip) return cgpio_failure();
    struct gpiod_line *line = api.gpiod_chip_get_line(chip, number);
    int status = line ? 0 : cgpio_failure();
    if (line) {
        cgpio_copy(description->name, api.gpiod_line_name(line));
        cgpio_copy(description->consumer, api.gpiod_line_consumer(line));
        description->is_used = api.gpiod_line_is_used(line);
    }
    api.gpiod_chip_close(chip);
    return status;
}

static int flags_for(const cgpio_options *options) {
    int flags = options->is_active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;
    switch (options->bias) {
        case CGPIO_BIAS_AS_IS: return flags;
        case CGPIO_BIAS_OFF: return flags | GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE;
        case CGPIO_BIAS_PULL_UP: return flags | GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP;
        case CGPIO_BIAS_PULL_DOWN: return flags | GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN;
    }
    return flags;
}

static int take(const char *path, uint32_t number, const cgpio_options *options, cgpio_request *request) {
    request->chip = api.gpiod_chip_open(path);
    if (!request->chip) return cgpio_failure();
    request->lines = api.gpiod_chip_get_line(request->chip, number);
    if (!request->lines) return cgpio_failure();
    struct gpiod_line_request_config config = {
        .consumer = options->consumer,
        .request_type =
            options->is_output ? GPIOD_LINE_REQUEST_DIRECTION_OUTPUT : GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES,
        .flags = flags_for(options),
    };
    return api.gpiod_line_request(request->lines, &config, 0) < 0 ? cgpio_failure() : 0;
}

static int descriptor(const cgpio_request *request) {
    int descriptor = api.gpiod_line_event_get_fd(request->lines);
    return descriptor < 0 ? cgpio_failure() : descriptor;
}

static int read_edges(cgpio_request *request, cgpio_edge *edges) {
    struct gpiod_line_event events[CGPIO_MOST_EDGES];
    int count = api.gpiod_line_event_read_multiple(request->lines, events, CGPIO_MOST_EDGES);
    if (count < 0) return cgpio_failure();
    for (int i = 0; i < count; i++) {
        edges[i].is_active = events[i].event_type == GPIOD_LINE_EVENT_RISING_EDGE;
        edges[i].nanoseconds = (int64_t)events[i].ts.tv_sec * 1000000000 + events[i].ts.tv_nsec;
    }
    return count;
}

static int get(const cgpio_request *request) {
    int value = api.gpiod_line_get_value(request->lines);
    return value < 0 ? cgpio_failure() : value;
}

static int set(const cgpio_request *request, bool is_active) {
    return api.gpiod_line_set_value(request->lines, is_active) < 0 ? cgpio_failure() : 0;
}

static void release(cgpio_request *request) {
    if (request->chip) api.gpiod_chip_close(request->chip);
}

const cgpio_library *cgpio_version1(void *handle) {
    static const cgpio_library library = {
        version, describe_chip, describe_line, take, descriptor, read_edges, get, set, release,
    };
    return find_functions(handle) ? &library : 0;
}
