// Tells ThreadSanitizer of Swift's Mutex. Its quick paths are compiled into whoever uses it, and so seen; what it does where
// threads meet is in a library that is not instrumented, and every second access behind it would look like a race.
//
// Stands in front of the library's functions, and calls them.

#include "CSwiftMutex.h"

#include <dlfcn.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

void __tsan_acquire(void *);
void __tsan_release(void *);

// _MutexHandle._lockSlow(_ thread: UInt32) and _MutexHandle._unlockSlow().
typedef SWIFT void lock_function(uint32_t thread, SELF void *self);
typedef SWIFT void unlock_function(SELF void *self);

static lock_function *lock_of_library;
static unlock_function *unlock_of_library;

__attribute__((constructor)) static void find(void) {
    lock_of_library = (lock_function *)dlsym(RTLD_NEXT, LOCK);
    unlock_of_library = (unlock_function *)dlsym(RTLD_NEXT, UNLOCK);
}

SWIFT void swift_mutex_lock(uint32_t thread, SELF void *self) __asm__(LOCK);
SWIFT void swift_mutex_lock(uint32_t thread, SELF void *self) {
    lock_of_library(thread, self);
    __tsan_acquire(self);
}

SWIFT void swift_mutex_unlock(SELF void *self) __asm__(UNLOCK);
SWIFT void swift_mutex_unlock(SELF void *self) {
    __tsan_release(self);
    unlock_of_library(self);
}
