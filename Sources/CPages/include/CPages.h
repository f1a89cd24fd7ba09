// The files of Sources/Web/Pages, inside the program.
#ifndef CPAGES_H
#define CPAGES_H

#include <stddef.h>
#include <stdint.h>

struct cpages_file {
    // Relative to Sources/Web/Pages, "script/main.js" say.
    const char *path;
    const uint8_t *bytes;
    size_t count;
};

extern const size_t cpages_count;

// The file at an index below cpages_count.
const struct cpages_file *cpages_file_at(size_t index);

#endif
