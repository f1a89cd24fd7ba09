#include <jerror.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coefficients.h"
#include "source.h"

/// No encoder writes more scans; a file with thousands of them is made to keep the processor busy.
enum { most_scans = 200 };

struct cjpeg_reader {
    struct jpeg_decompress_struct codec;
    failing_manager errors;
    byte_source source;
    coefficient_store coefficients;
    struct jpeg_progress_mgr progress;
    uint8_t *exif;  // the first EXIF marker, after its "Exif\0\0"
    size_t exif_count;
    uint8_t *inks;  // one row of a CMYK picture
};

// MARK: What libjpeg calls

/// Keeps the first EXIF block and skips every other APP1 marker, so that a file cannot make us hold more than 64 KB.
static boolean keep_exif(j_decompress_ptr codec) {
    static const uint8_t name[6] = "Exif\0";
    cjpeg_reader *reader = codec->client_data;
    long left = byte_source_next(codec) << 8;
    left += byte_source_next(codec);
    if (left < 2) {
        ERREXIT(codec, JERR_BAD_LENGTH);
    }
    left -= 2;
    int matches = reader->exif == NULL && left > (long)sizeof name;
    for (size_t i = 0; matches && i < sizeof name; i++) {
        left -= 1;
        matches = byte_source_next(codec) == name[i];
    }
    if (matches) {
        reader->exif = malloc((size_t)left);
        if (reader->exif == NULL) {
            failing_manager_leave((j_common_ptr)codec, CJPEG_NO_MEMORY, 0);
        }
        for (; left > 0; left--) {
            reader->exif[reader->exif_count] = byte_source_next(codec);
            reader->exif_count += 1;
        }
    }
    codec->src->skip_input_data(codec, left);
    return TRUE;
}

static void count_scans(j_common_ptr codec) {
    if (((j_decompress_ptr)codec)->input_scan_number > most_scans) {
        failing_manager_leave(codec, CJPEG_DAMAGED, 0);
    }
}

coefficient_store *coefficient_store_of(j_common_ptr codec) {
    cjpeg_reader *reader = codec->client_data;
    return &reader->coefficients;
}

// MARK: Life

static cjpeg_reader *create(int descriptor, uint8_t *buffer) {
    cjpeg_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL || (descriptor >= 0 && buffer == NULL)) {
        goto no_memory;
    }
    failing_manager_prepare(&reader->errors);
    reader->codec.err = &reader->errors.base;
    if (setjmp(reader->errors.escape)) {
        jpeg_destroy_decompress(&reader->codec);
        goto no_memory;
    }
    jpeg_create_decompress(&reader->codec);
    byte_source_prepare(&reader->source);
    reader->source.descriptor = descriptor;
    reader->source.buffer = buffer;
    reader->source.base.next_input_byte = buffer;
    reader->source.base.bytes_in_buffer = 0;
    reader->codec.src = &reader->source.base;
    reader->codec.client_data = reader;
    reader->progress.progress_monitor = count_scans;
    reader->codec.progress = &reader->progress;
    jpeg_set_marker_processor(&reader->codec, JPEG_APP0 + 1, keep_exif);
    coefficient_store_prepare((j_common_ptr)&reader->codec);
    return reader;
no_memory:
    free(buffer);
    free(reader);
    if (descriptor >= 0) {
        close(descriptor);
    }
    return NULL;
}

cjpeg_reader *cjpeg_reader_from_descriptor(int descriptor) {
    return create(descriptor, malloc(source_buffer_bytes));
}

cjpeg_reader *cjpeg_reader_from_memory(void) {
    return create(-1, NULL);
}

void cjpeg_reader_lend(cjpeg_reader *reader, const uint8_t *bytes, size_t count) {
    byte_source *source = &reader->source;
    size_t left = source->is_lent ? source->base.bytes_in_buffer : count;
    source->is_lent = 1;
    source->base.next_input_byte = bytes + (count - left);
    source->base.bytes_in_buffer = left;
}

void cjpeg_reader_destroy(cjpeg_reader *reader) {
    if (reader == NULL) {
        return;
    }
    jpeg_destroy_decompress(&reader->codec);
    if (reader->source.descriptor >= 0) {
        close(reader->source.descriptor);
    }
    coefficient_store_destroy(&reader->coefficients);
    free(reader->source.buffer);
    free(reader->exif);
    free(reader->inks);
    free(reader);
}

cjpeg_failure cjpeg_reader_failure(const cjpeg_reader *reader) {
    return reader->errors.failure;
}

// MARK: Header

size_t cjpeg_reader_peek(cjpeg_reader *reader, uint8_t *bytes, size_t capacity) {
    struct jpeg_source_mgr *source = &reader->source.base;
    if (setjmp(reader->errors.escape)) {
        return 0;
    }
    if (source->bytes_in_buffer == 0 && reader->source.descriptor >= 0) {
        source->fill_input_buffer(&reader->codec);
    }
    size_t count = source->bytes_in_buffer < capacity ? source->bytes_in_buffer : capacity;
    if (count > 0) {
        memcpy(bytes, source->next_input_byte, count);
    }
    return count;
}

static cjpeg_colour colour_of(const struct jpeg_decompress_struct *codec) {
    switch (codec->jpeg_color_space) {
    case JCS_GRAYSCALE:
        return CJPEG_GREY;
    case JCS_RGB:
        return CJPEG_RGB;
    case JCS_YCbCr:
        return CJPEG_YCC;
    case JCS_CMYK:
        return CJPEG_CMYK;
    case JCS_YCCK:
        return CJPEG_YCCK;
    default:
        return CJPEG_OTHER_COLOUR;
    }
}

cjpeg_status cjpeg_reader_header(cjpeg_reader *reader, cjpeg_header *header) {
    struct jpeg_decompress_struct *codec = &reader->codec;
    if (setjmp(reader->errors.escape)) {
        return reader->errors.failure.status;
    }
    if (reader->source.descriptor < 0 && reader->source.base.bytes_in_buffer == 0) {
        failing_manager_leave((j_common_ptr)codec, CJPEG_EMPTY, 0);
    }
    jpeg_read_header(codec, TRUE);
    memset(header, 0, sizeof *header);
    header->width = (int32_t)codec->image_width;
    header->height = (int32_t)codec->image_height;
    header->colour = colour_of(codec);
    header->exif = reader->exif;
    header->exif_count = reader->exif_count;
    if (jpeg_has_multiple_scans(codec)) {
        for (int i = 0; i < codec->num_components; i++) {
            const jpeg_component_info *component = &codec->comp_info[i];
            header->buffered_bytes +=
                (int64_t)component->width_in_blocks * component->height_in_blocks * (int64_t)sizeof(JBLOCK);
        }
    }
    return CJPEG_OK;
}

// MARK: Rows

cjpeg_status cjpeg_reader_start(
    cjpeg_reader *reader, int denominator, int64_t most_packed_bytes, int32_t *width, int32_t *height) {
    struct jpeg_decompress_struct *codec = &reader->codec;
    if (setjmp(reader->errors.escape)) {
        return reader->errors.failure.status;
    }
    int inks = codec->jpeg_color_space == JCS_CMYK || codec->jpeg_color_space == JCS_YCCK;
    codec->out_color_space = inks ? JCS_CMYK : JCS_RGB;
    codec->scale_num = 1;
    codec->scale_denom = (unsigned)denominator;
    // The slow integer DCT and the interpolated chroma are the same numbers with and without vector instructions.
    codec->dct_method = JDCT_ISLOW;
    codec->do_fancy_upsampling = TRUE;
    codec->do_block_smoothing = FALSE;
    reader->coefficients.most_bytes = most_packed_bytes;
    jpeg_start_decompress(codec);
    if (inks) {
        reader->inks = malloc((size_t)codec->output_width * 4);
        if (reader->inks == NULL) {
            failing_manager_leave((j_common_ptr)codec, CJPEG_NO_MEMORY, 0);
        }
    }
    *width = (int32_t)codec->output_width;
    *height = (int32_t)codec->output_height;
    return CJPEG_OK;
}

static uint8_t scaled(unsigned value, unsigned by) {
    unsigned product = value * by + 128;
    return (uint8_t)((product + (product >> 8)) >> 8);
}

/// Adobe's files hold 255 for no ink, others 0.
static void mix_inks(const uint8_t *inks, uint8_t *row, size_t width, int inverted) {
    uint8_t flip = inverted ? 0 : 255;
    for (size_t x = 0; x < width; x++) {
        uint8_t black = inks[4 * x + 3] ^ flip;
        for (size_t c = 0; c < 3; c++) {
            row[3 * x + c] = scaled(inks[4 * x + c] ^ flip, black);
        }
    }
}

cjpeg_status cjpeg_reader_row(cjpeg_reader *reader, uint8_t *row) {
    struct jpeg_decompress_struct *codec = &reader->codec;
    if (setjmp(reader->errors.escape)) {
        return reader->errors.failure.status;
    }
    JSAMPROW target = reader->inks != NULL ? reader->inks : row;
    jpeg_read_scanlines(codec, &target, 1);
    if (reader->inks != NULL) {
        mix_inks(reader->inks, row, codec->output_width, codec->saw_Adobe_marker);
    }
    if (codec->output_scanline == codec->output_height) {
        jpeg_finish_decompress(codec);
    }
    return CJPEG_OK;
}
