#ifndef CALLOCATIONCOUNT_H
#define CALLOCATIONCOUNT_H

// Counts what the calling thread takes from the heap, by standing in front of malloc and its relatives. Tests only.

// Begins to count on this thread, from zero.
void allocation_count_begin(void);
// Ends counting and returns how many blocks this thread took since it began.
long allocation_count_end(void);
// How many bytes those blocks have in all; a block that grew counts anew with its whole size.
long allocation_count_bytes(void);

#endif
