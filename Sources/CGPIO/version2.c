// libgpiod 2, as in Debian 13. A request outlives the chip it was made on.
#include <errno.h>

#include "declarations2.h"
#include "functions.h"
#include "library.h"

static const char *version(void) { return api.gpiod_api_version(); }

static int describe_chip(const char *path, cgpio_chip *description) {
    struct gpiod_chip *chip = api.gpiod_chip_open(path);
    if (!chip) return cgpio_failure();
    struct gpiod_chip_info *info = api.gpiod_chip_get_info(chip);
    int status = info ? 0 : cgpio_failure();
    if (info) {
        cgpio_copy(description->name, api.gpiod_chip_info_get_name(info));
        cgpio_copy(description->label, api.gpiod_chip_info_get_label(info));
        description->line_count = (uint32_t)api.gpiod_chip_info_get_num_lines(info);
        api.gpiod_chip_info_free(info);
    }
    api.gpiod_chip_close(chip);
    return status;
}

static int describe_line(const char *path, uint32_t number, cgpio_line *description) {
    struct gpiod_chip *chip = api.gpiod_chip_open(path);
    if (!chip) return cgpio_failure();
    struct gpiod_line_info *info = api.gpiod_chip_get_line_info(chip, number);
    int status = info ? 0 : cgpio_failure();
    if (info) {
        cgpio_copy(description->name, api.gpiod_line_info_get_name(info));
        cgpio_copy(description->consumer, api.gpiod_line_info_get_consumer(info));
        description->is_used = api.gpiod_line_info_is_used(info);
        api.gpiod_line_info_free(info);
    }
    api.gpiod_chip_close(chip);
    return status;
}

static enum gpiod_line_bias bias_for(cgpio_bias bias) {
    switch (bias) {
        case CGPIO_BIAS_AS_IS: return GPIOD_LINE_BIAS_AS_IS;
        case CGPIO_BIAS_OFF: return GPIOD_LINE_BIAS_DISABLED;
        case CGPIO_BIAS_PULL_UP: return GPIOD_LINE_BIAS_PULL_UP;
        case CGPIO_BIAS_PULL_DOWN: return GPIOD_LINE_BIAS_PULL_DOWN;
    }
    return GPIOD_LINE_BIAS_AS_IS;
}

// An output begins inactive and an event's clock is CLOCK_MONOTONIC unless they are asked to be otherwise.
static int configure(struct gpiod_line_settings *settings, struct gpiod_line_config *config, uint32_t number,
                     const cgpio_options *options) {
    api.gpiod_line_settings_set_active_low(settings, options->is_active_low);
    if (api.gpiod_line_settings_set_bias(settings, bias_for(options->bias)) < 0) return cgpio_failure();
    int status = options->is_output
                     ? api.gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT)
                     : api.gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT) |
                           api.gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH);
    if (status < 0) return cgpio_failure();
    const unsigned int offset = number;
    return api.gpiod_line_config_add_line_settings(config, &offset, 1, settings) < 0 ? cgpio_failure() : 0;
}

static int take(const char *path, uint32_t number, const cgpio_options *options, cgpio_request *request) {
    struct gpiod_chip *chip = api.gpiod_chip_open(path);
    if (!chip) return cgpio_failure();
    int status = -ENOMEM;
    struct gpiod_line_settings *settings = api.gpiod_line_settings_new();
    struct gpiod_line_config *lines = api.gpiod_line_config_new();
    struct gpiod_request_config *config = api.gpiod_request_config_new();
    if (!options->is_output) request->events = api.gpiod_edge_event_buffer_new(CGPIO_MOST_EDGES);
    if (settings && lines && config && (options->is_output || request->events))
        status = configure(settings, lines, number, options);
    if (status == 0) {
        api.gpiod_request_config_set_consumer(config, options->consumer);
        request->lines = api.gpiod_chip_request_lines(chip, config, lines);
        if (!request->lines) status = cgpio_failure();
    }
    if (config) api.gpiod_request_config_free(config);
    if (lines) api.gpiod_line_config_free(lines);
    if (settings) api.gpiod_line_settings_free(settings);
    api.gpiod_chip_close(chip);
    return status;
}

static int descriptor(const cgpio_request *request) { return api.gpiod_line_request_get_fd(request->lines); }

static int read_edges(cgpio_request *request, cgpio_edge *edges) {
    int count = api.gpiod_line_request_read_edge_events(request->lines, request->events, CGPIO_MOST_EDGES);
    if (count < 0) return cgpio_failure();
    for (int i = 0; i < count; i++) {
        struct gpiod_edge_event *event = api.gpiod_edge_event_buffer_get_event(request->events, (unsigned long)i);
        edges[i].is_active = api.gpiod_edge_event_get_event_type(event) == GPIOD_EDGE_EVENT_RISING_EDGE;
        edges[i].nanoseconds = (int64_t)api.gpiod_edge_event_get_timestamp_ns(event);
    }
    return count;
}

static int get(const cgpio_request *request) {
    enum gpiod_line_value value = api.gpiod_line_request_get_value(request->lines, request->number);
    return value == GPIOD_LINE_VALUE_ERROR ? cgpio_failure() : value == GPIOD_LINE_VALUE_ACTIVE;
}

static int set(const cgpio_request *request, bool is_active) {
    enum gpiod_line_value value = is_active ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
    return api.gpiod_line_request_set_value(request->lines, request->number, value) < 0 ? cgpio_failure() : 0;
}

static void release(cgpio_request *request) {
    if (request->lines) api.gpiod_line_request_release(request->lines);
    if (request->events) api.gpiod_edge_event_buffer_free(request->events);
}

const cgpio_library *cgpio_version2(void *handle) {
    static const cgpio_library library = {
        version, describe_chip, describe_line, take, descriptor, read_edges, get, set, release,
    };
    return find_functions(handle) ? &library : 0;
}
