#include <errno.h>
#include <jerror.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"

enum { first_capacity = 16384 };

typedef struct byte_sink {
    struct jpeg_destination_mgr base;  // first: libjpeg knows this part only
    int descriptor;                    // -1: memory
    uint8_t *buffer;                   // for memory: everything written so far
    size_t capacity;
    size_t count;                      // for memory: known when finished
} byte_sink;

struct cjpeg_writer {
    struct jpeg_compress_struct codec;
    failing_manager errors;
    byte_sink sink;
};

// MARK: What libjpeg calls

static void begin(j_compress_ptr codec) {
    byte_sink *sink = (byte_sink *)codec->dest;
    sink->base.next_output_byte = sink->buffer;
    sink->base.free_in_buffer = sink->capacity;
}

static void send(j_compress_ptr codec, size_t count) {
    byte_sink *sink = (byte_sink *)codec->dest;
    const uint8_t *next = sink->buffer;
    while (count > 0) {
        ssize_t sent = write(sink->descriptor, next, count);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent <= 0) {
            failing_manager_leave((j_common_ptr)codec, CJPEG_WRITE_FAILED, sent < 0 ? errno : EIO);
        }
        next += sent;
        count -= (size_t)sent;
    }
}

/// Called when the buffer is full; libjpeg wants all of it taken, whatever free_in_buffer says.
static boolean empty(j_compress_ptr codec) {
    byte_sink *sink = (byte_sink *)codec->dest;
    if (sink->descriptor >= 0) {
        send(codec, sink->capacity);
        begin(codec);
        return TRUE;
    }
    uint8_t *larger = realloc(sink->buffer, sink->capacity * 2);
    if (larger == NULL) {
        failing_manager_leave((j_common_ptr)codec, CJPEG_NO_MEMORY, 0);
    }
    sink->base.next_output_byte = larger + sink->capacity;
    sink->base.free_in_buffer = sink->capacity;
    sink->buffer = larger;
    sink->capacity *= 2;
    return TRUE;
}

static void end(j_compress_ptr codec) {
    byte_sink *sink = (byte_sink *)codec->dest;
    sink->count = sink->capacity - sink->base.free_in_buffer;
    if (sink->descriptor >= 0) {
        send(codec, sink->count);
    }
}

// MARK: Life

cjpeg_writer *cjpeg_writer_create(int descriptor) {
    cjpeg_writer *writer = calloc(1, sizeof *writer);
    uint8_t *buffer = malloc(first_capacity);
    if (writer == NULL || buffer == NULL) {
        goto no_memory;
    }
    failing_manager_prepare(&writer->errors);
    writer->codec.err = &writer->errors.base;
    if (setjmp(writer->errors.escape)) {
        jpeg_destroy_compress(&writer->codec);
        goto no_memory;
    }
    jpeg_create_compress(&writer->codec);
    writer->sink.base.init_destination = begin;
    writer->sink.base.empty_output_buffer = empty;
    writer->sink.base.term_destination = end;
    writer->sink.descriptor = descriptor;
    writer->sink.buffer = buffer;
    writer->sink.capacity = first_capacity;
    writer->codec.dest = &writer->sink.base;
    return writer;
no_memory:
    free(buffer);
    free(writer);
    return NULL;
}

void cjpeg_writer_destroy(cjpeg_writer *writer) {
    if (writer == NULL) {
        return;
    }
    jpeg_destroy_compress(&writer->codec);
    free(writer->sink.buffer);
    free(writer);
}

cjpeg_failure cjpeg_writer_failure(const cjpeg_writer *writer) {
    return writer->errors.failure;
}

const uint8_t *cjpeg_writer_bytes(const cjpeg_writer *writer, size_t *count) {
    *count = writer->sink.count;
    return writer->sink.buffer;
}

// MARK: A picture

static void describe(struct jpeg_compress_struct *codec, cjpeg_colour colour) {
    J_COLOR_SPACE stored = JCS_YCbCr;
    codec->in_color_space = JCS_RGB;
    codec->input_components = 3;
    if (colour == CJPEG_RGB) {
        stored = JCS_RGB;
    } else if (colour == CJPEG_GREY) {
        codec->in_color_space = stored = JCS_GRAYSCALE;
        codec->input_components = 1;
    } else if (colour == CJPEG_CMYK || colour == CJPEG_YCCK) {
        codec->in_color_space = JCS_CMYK;
        codec->input_components = 4;
        stored = colour == CJPEG_CMYK ? JCS_CMYK : JCS_YCCK;
    }
    jpeg_set_defaults(codec);
    jpeg_set_colorspace(codec, stored);
}

static void write_exif(struct jpeg_compress_struct *codec, const uint8_t *exif, size_t count) {
    static const uint8_t name[6] = "Exif\0";
    jpeg_write_m_header(codec, JPEG_APP0 + 1, (unsigned)(count + sizeof name));
    for (size_t i = 0; i < sizeof name; i++) {
        jpeg_write_m_byte(codec, name[i]);
    }
    for (size_t i = 0; i < count; i++) {
        jpeg_write_m_byte(codec, exif[i]);
    }
}

cjpeg_status cjpeg_writer_start(
    cjpeg_writer *writer, const cjpeg_options *options, const uint8_t *exif, size_t exif_count) {
    struct jpeg_compress_struct *codec = &writer->codec;
    if (setjmp(writer->errors.escape)) {
        return writer->errors.failure.status;
    }
    codec->image_width = (JDIMENSION)options->width;
    codec->image_height = (JDIMENSION)options->height;
    describe(codec, options->colour);
    jpeg_set_quality(codec, options->quality, TRUE);
    int luminance_first = options->colour == CJPEG_YCC || options->colour == CJPEG_YCCK;
    int factor = luminance_first && options->half_chroma ? 2 : 1;
    for (int i = 0; i < codec->num_components; i++) {
        int full = i == 0 || i == 3;
        codec->comp_info[i].h_samp_factor = full ? factor : 1;
        codec->comp_info[i].v_samp_factor = full ? factor : 1;
    }
    codec->dct_method = JDCT_ISLOW;
    codec->optimize_coding = options->optimise ? TRUE : FALSE;
    if (options->progressive) {
        jpeg_simple_progression(codec);
    }
    jpeg_start_compress(codec, TRUE);
    if (exif != NULL && exif_count > 0) {
        write_exif(codec, exif, exif_count);
    }
    return CJPEG_OK;
}

cjpeg_status cjpeg_writer_row(cjpeg_writer *writer, const uint8_t *row) {
    if (setjmp(writer->errors.escape)) {
        return writer->errors.failure.status;
    }
    JSAMPROW source = (JSAMPROW)row;
    jpeg_write_scanlines(&writer->codec, &source, 1);
    return CJPEG_OK;
}

cjpeg_status cjpeg_writer_finish(cjpeg_writer *writer) {
    if (setjmp(writer->errors.escape)) {
        return writer->errors.failure.status;
    }
    jpeg_finish_compress(&writer->codec);
    return CJPEG_OK;
}
