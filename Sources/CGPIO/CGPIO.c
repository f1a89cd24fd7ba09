#include "CGPIO.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"

static const cgpio_library *library;
static const char *problem;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *handle = dlopen("libgpiod.so.3", RTLD_NOW | RTLD_LOCAL);
    if (handle) {
        library = cgpio_version2(handle);
    } else if ((handle = dlopen("libgpiod.so.2", RTLD_NOW | RTLD_LOCAL))) {
        library = cgpio_version1(handle);
    } else {
        problem = "GPIO lines are used through libgpiod, which was not found; install libgpiod3, or libgpiod2 on Debian 12";
        return;
    }
    if (!library) problem = "the libgpiod that was found lacks a function; versions 1.6 and 2 have them all";
}

const char *cgpio_load(void) {
    pthread_once(&once, load);
    return problem;
}

const char *cgpio_version(void) { return library->version(); }

int cgpio_describe_chip(const char *path, cgpio_chip *chip) { return library->describe_chip(path, chip); }

int cgpio_describe_line(const char *path, uint32_t number, cgpio_line *line) {
    return library->describe_line(path, number, line);
}

int cgpio_take(const char *path, uint32_t number, const cgpio_options *options, cgpio_request **request) {
    *request = NULL;
    cgpio_request *made = calloc(1, sizeof *made);
    if (!made) return -ENOMEM;
    made->number = number;
    int status = library->take(path, number, options, made);
    if (status < 0) {
        library->release(made);
        free(made);
        return status;
    }
    *request = made;
    return 0;
}

int cgpio_descriptor(const cgpio_request *request) { return library->descriptor(request); }

int cgpio_read(cgpio_request *request, cgpio_edge edges[CGPIO_MOST_EDGES]) { return library->read(request, edges); }

int cgpio_get(const cgpio_request *request) { return library->get(request); }

int cgpio_set(const cgpio_request *request, bool is_active) { return library->set(request, is_active); }

void cgpio_release(cgpio_request *request) {
    if (!request) return;
    library->release(request);
    free(request);
}

void cgpio_copy(char to[32], const char *from) {
    size_t count = from ? strnlen(from, 31) : 0;
    if (count) memcpy(to, from, count);
    to[count] = 0;
}

int cgpio_failure(void) { return errno > 0 ? -errno : -EIO; }
