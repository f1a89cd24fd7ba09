// What the kernel knows of the machine's clock; Swift's Glibc module has no <sys/timex.h>.
#ifndef CCLOCK_H
#define CCLOCK_H

#include <stdbool.h>

// Whether something (NTP, say) keeps the machine's date right.
bool clock_is_synchronized(void);

#endif
