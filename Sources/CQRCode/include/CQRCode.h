// libqrencode, loaded when the first code is drawn.
#ifndef CQRCODE_H
#define CQRCODE_H

#include <stddef.h>
#include <stdint.h>

// The longest side of a code in modules.
enum { cqr_longest_side = 177 };

// Makes a code of a text: one byte per module from the top left, 1 for dark, `side` of them in a row.
// Returns NULL when it is made, else why it is not (one sentence, static storage).
const char *cqr_encode(const char *text, uint8_t modules[cqr_longest_side * cqr_longest_side], int *side);

#endif
