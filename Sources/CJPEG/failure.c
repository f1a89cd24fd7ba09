#include "failure.h"

#include <jerror.h>
#include <string.h>

static cjpeg_status status_of(int code) {
    switch (code) {
    case JERR_OUT_OF_MEMORY:
    case JERR_NO_BACKING_STORE:
        return CJPEG_NO_MEMORY;
    case JERR_NO_SOI:
        return CJPEG_NOT_JPEG;
    case JERR_INPUT_EOF:
    case JWRN_JPEG_EOF:
        return CJPEG_TRUNCATED;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_J_COLORSPACE:
    case JERR_BAD_PRECISION:
    case JERR_CCIR601_NOTIMPL:
    case JERR_COMPONENT_COUNT:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_SOF_UNSUPPORTED:
        return CJPEG_UNSUPPORTED;
    default:
        return CJPEG_DAMAGED;
    }
}

static void leave(j_common_ptr codec) {
    failing_manager *manager = (failing_manager *)codec->err;
    char words[JMSG_LENGTH_MAX];
    manager->failure.status = status_of(manager->base.msg_code);
    manager->failure.system_error = 0;
    manager->base.format_message(codec, words);
    snprintf(manager->failure.message, sizeof manager->failure.message, "%s", words);
    longjmp(manager->escape, 1);
}

void failing_manager_leave(j_common_ptr codec, cjpeg_status status, int system_error) {
    failing_manager *manager = (failing_manager *)codec->err;
    manager->failure.status = status;
    manager->failure.system_error = system_error;
    manager->failure.message[0] = '\0';
    longjmp(manager->escape, 1);
}

/// Level -1 is a warning: libjpeg would go on with made-up data. Only what leaves every pixel as it was written is
/// let pass; webcams, for one, put stray bytes before markers.
static void weigh_message(j_common_ptr codec, int level) {
    if (level >= 0) {
        return;
    }
    switch (codec->err->msg_code) {
    case JWRN_ADOBE_XFORM:
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR:
    case JWRN_TOO_MUCH_DATA:
        return;
    default:
        leave(codec);
    }
}

static void stay_silent(j_common_ptr codec) {
    (void)codec;
}

void failing_manager_prepare(failing_manager *manager) {
    jpeg_std_error(&manager->base);
    manager->base.error_exit = leave;
    manager->base.emit_message = weigh_message;
    manager->base.output_message = stay_silent;
    memset(&manager->failure, 0, sizeof manager->failure);
}
