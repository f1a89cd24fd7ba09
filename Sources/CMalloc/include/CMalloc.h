// The C library's heap in a program that runs for months on a small machine.
#ifndef CMALLOC_H
#define CMALLOC_H

// To be called before threads start: few arenas, and large blocks from the system itself, to which they return at once.
void cmalloc_stay_small(void);

// Gives free pages back to the system; takes about a millisecond.
void cmalloc_give_back(void);

#endif
