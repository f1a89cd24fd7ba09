// After one of the declarations: a structure `api` of pointers to its functions, and how to fill it.

#include <dlfcn.h>

#define CGPIO_POINTER(result, name, parameters) result(*name) parameters;
static struct { CGPIO_FUNCTIONS(CGPIO_POINTER) } api;

#ifdef CGPIO_CHECK
#define CGPIO_SAME_TYPE(result, name, parameters) \
    _Static_assert(__builtin_types_compatible_p(__typeof__(name), result parameters), #name);
#define CGPIO_SAME_VALUE(name, value) _Static_assert((name) == (value), #name);
CGPIO_FUNCTIONS(CGPIO_SAME_TYPE)
CGPIO_CONSTANTS(CGPIO_SAME_VALUE)
#elif !defined(CGPIO_DEFINE)
#define CGPIO_DEFINE(name, value) name = value,
enum { CGPIO_CONSTANTS(CGPIO_DEFINE) };
#endif

// False when the library lacks one.
static bool find_functions(void *handle) {
#define CGPIO_FIND(result, name, parameters)                       \
    api.name = (__typeof__(api.name))dlsym(handle, #name);         \
    if (!api.name) return false;
    CGPIO_FUNCTIONS(CGPIO_FIND)
    return true;
}
