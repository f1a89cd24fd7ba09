/// What Debian's Swift runtime wants of glibc 2.38, for boards that have glibc 2.36 (Debian 12 and the Raspberry Pi OS of
/// its day). Linked into the ARM command, which so runs on both.
///
/// The number readers of C23 differ from the older ones only in accepting "0b1010", which the runtime, reading settings
/// from the environment and from /proc, has no use for.

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

long __isoc23_strtol(const char *text, char **end, int base) {
    return strtol(text, end, base);
}

long long __isoc23_strtoll(const char *text, char **end, int base) {
    return strtoll(text, end, base);
}

unsigned long __isoc23_strtoul(const char *text, char **end, int base) {
    return strtoul(text, end, base);
}

unsigned long long __isoc23_strtoull(const char *text, char **end, int base) {
    return strtoull(text, end, base);
}

int __isoc23_sscanf(const char *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int count = vsscanf(text, format, arguments);
    va_end(arguments);
    return count;
}

/// Copies as much of `source` as fits into `size` bytes with its end mark; returns the length of `source`.
size_t strlcpy(char *destination, const char *source, size_t size) {
    size_t length = strlen(source);
    if (size > 0) {
        size_t copied = length < size ? length : size - 1;
        memcpy(destination, source, copied);
        destination[copied] = '\0';
    }
    return length;
}

/// Appends as much of `source` as fits; `size` is that of all of `destination`. Returns the length it tried to make.
size_t strlcat(char *destination, const char *source, size_t size) {
    size_t length = strnlen(destination, size);
    return length + strlcpy(destination + length, source, size - length);
}
