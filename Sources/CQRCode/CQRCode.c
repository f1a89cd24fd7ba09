#include "CQRCode.h"

#include <dlfcn.h>
#include <pthread.h>

// What libqrencode 4 and 3 give back; the data has one byte per module, of which bit 0 is the colour.
struct qr_code {
    int version;
    int width;
    unsigned char *data;
};

// Of the levels of correction the second, M; of the modes the one for bytes.
enum { any_version = 0, level_medium = 1, mode_bytes = 2, case_matters = 1 };

typedef struct qr_code *(*encode_function)(const char *text, int version, int level, int mode, int case_matters);
typedef void (*free_function)(struct qr_code *code);

static encode_function encode;
static free_function release;
static const char *problem;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libqrencode.so.4", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) library = dlopen("libqrencode.so.3", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        problem = "QR codes need libqrencode, which was not found; install libqrencode4";
        return;
    }
    encode = (encode_function)dlsym(library, "QRcode_encodeString");
    release = (free_function)dlsym(library, "QRcode_free");
    if (encode == NULL || release == NULL) problem = "the libqrencode that was found cannot be used";
}

const char *cqr_encode(const char *text, uint8_t modules[cqr_longest_side * cqr_longest_side], int *side) {
    pthread_once(&once, load);
    if (problem != NULL) return problem;
    struct qr_code *code = encode(text, any_version, level_medium, mode_bytes, case_matters);
    if (code == NULL || code->width > cqr_longest_side) {
        if (code != NULL) release(code);
        return "the text is too long for a QR code";
    }
    *side = code->width;
    for (int i = 0; i < code->width * code->width; i++) modules[i] = code->data[i] & 1;
    release(code);
    return NULL;
}
