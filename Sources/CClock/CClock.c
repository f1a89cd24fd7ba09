#include "CClock.h"

#include <sys/timex.h>

bool clock_is_synchronized(void) {
    struct timex state = {0};
    return adjtimex(&state) >= 0 && (state.status & STA_UNSYNC) == 0;
}
