#include "CCrypt.h"

#include <crypt.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)ccrypt_room >= (int)CRYPT_OUTPUT_SIZE, "hashes have to fit");

// About 20 ms on a small board; a PIN is guarded by the lock-out and not by this.
enum { rounds = 5000 };

bool ccrypt_hash(const char *secret, char out[ccrypt_room]) {
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    if (crypt_gensalt_rn("$6$", rounds, NULL, 0, setting, sizeof setting) == NULL) return false;
    return ccrypt_hash_again(secret, setting, out);
}

bool ccrypt_hash_again(const char *secret, const char *hash, char out[ccrypt_room]) {
    // 32 KB: too much for the stack of a small thread.
    struct crypt_data *data = calloc(1, sizeof *data);
    if (data == NULL) return false;
    const char *result = crypt_r(secret, hash, data);
    bool is_made = result != NULL && result[0] != '*' && strlen(result) < ccrypt_room;
    if (is_made) strcpy(out, result);
    memset(data, 0, sizeof *data);
    free(data);
    return is_made;
}
