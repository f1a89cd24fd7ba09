// Hashes of short secrets as the system keeps its passwords.
#ifndef CCRYPT_H
#define CCRYPT_H

#include <stdbool.h>
#include <stddef.h>

// Room for a hash with its salt and the byte 0 at its end.
enum { ccrypt_room = 384 };

// Hashes a secret with SHA-512 and a new random salt. Returns false when the system cannot.
bool ccrypt_hash(const char *secret, char out[ccrypt_room]);

// Hashes a secret with the salt of an earlier hash: the same secret gives the same text. Returns false for a hash that
// is none.
bool ccrypt_hash_again(const char *secret, const char *hash, char out[ccrypt_room]);

#endif
