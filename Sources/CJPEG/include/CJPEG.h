// libjpeg behind a reader and a writer that hand errors back instead of leaving the process.
//
// Only calls of libjpeg 6b are used, so any libjpeg with that interface will do. All choices that could make two
// processors differ are fixed: exact integer DCT, full chroma interpolation, no block smoothing.
// A reader or a writer belongs to one thread at a time.
#ifndef CJPEG_H
#define CJPEG_H

#include <stddef.h>
#include <stdint.h>

typedef enum cjpeg_status {
    CJPEG_OK = 0,
    CJPEG_NO_MEMORY,    // the system gave no memory
    CJPEG_EMPTY,        // not a single byte
    CJPEG_NOT_JPEG,     // does not begin as a JPEG file does
    CJPEG_TRUNCATED,    // ends before the picture does
    CJPEG_DAMAGED,      // contradicts itself
    CJPEG_TOO_DETAILED, // comes in several scans and needs more memory than was allowed
    CJPEG_UNSUPPORTED,  // a kind of JPEG that libjpeg does not decode
    CJPEG_READ_FAILED,  // the system refused to read, see system_error
    CJPEG_WRITE_FAILED  // the system refused to write, see system_error
} cjpeg_status;

/// What went wrong in the last call that did not return CJPEG_OK.
typedef struct cjpeg_failure {
    cjpeg_status status;
    int system_error;   // errno, or 0
    char message[200];  // libjpeg's words, or ""
} cjpeg_failure;

typedef enum cjpeg_colour {
    CJPEG_GREY,
    CJPEG_RGB,    // stored as red, green, blue
    CJPEG_YCC,    // stored as luminance and two colour differences: the usual kind
    CJPEG_CMYK,
    CJPEG_YCCK,
    CJPEG_OTHER_COLOUR
} cjpeg_colour;

// MARK: Reading

/// What the header of a picture says.
typedef struct cjpeg_header {
    int32_t width;
    int32_t height;
    cjpeg_colour colour;
    /// Bytes of coefficients that decoding has to go back to because the file comes in several scans; 0 for one scan.
    /// They are held packed.
    int64_t buffered_bytes;
    /// The TIFF block of the first EXIF marker, owned by the reader; NULL when there is none.
    const uint8_t *exif;
    size_t exif_count;
} cjpeg_header;

typedef struct cjpeg_reader cjpeg_reader;

/// Reads from a file descriptor, which the reader closes in the end. NULL when there is no memory.
cjpeg_reader *cjpeg_reader_from_descriptor(int descriptor);

/// Reads from memory that is lent. NULL when there is no memory for the reader itself.
cjpeg_reader *cjpeg_reader_from_memory(void);

/// Lends the file's bytes until the next call of the reader returns: nothing is copied. The same bytes have to be lent
/// again before each call, from whatever address.
void cjpeg_reader_lend(cjpeg_reader *reader, const uint8_t *bytes, size_t count);

/// Copies up to `capacity` of the first bytes without consuming them; only before the header is read.
size_t cjpeg_reader_peek(cjpeg_reader *reader, uint8_t *bytes, size_t capacity);

/// Reads up to the first scan. No memory that grows with the picture is taken.
cjpeg_status cjpeg_reader_header(cjpeg_reader *reader, cjpeg_header *header);

/// Takes the memory and begins to decode at 1/denominator of the size (1, 2, 4 or 8), sides rounded up. A file in
/// several scans is read to its end, and refused when it holds more than `most_packed_bytes` meanwhile.
cjpeg_status cjpeg_reader_start(
    cjpeg_reader *reader, int denominator, int64_t most_packed_bytes, int32_t *width, int32_t *height);

/// Decodes the next row to 3 * width bytes of RGB. With the last row the rest of the file is checked too.
cjpeg_status cjpeg_reader_row(cjpeg_reader *reader, uint8_t *row);

cjpeg_failure cjpeg_reader_failure(const cjpeg_reader *reader);

void cjpeg_reader_destroy(cjpeg_reader *reader);

// MARK: Writing

typedef struct cjpeg_options {
    int32_t width;
    int32_t height;
    /// What is stored. Rows are RGB for CJPEG_YCC and CJPEG_RGB, one byte a pixel for CJPEG_GREY, four inks a pixel
    /// as they are to be stored for CJPEG_CMYK and CJPEG_YCCK.
    cjpeg_colour colour;
    int quality;        // 1 to 100
    int half_chroma;    // not 0: colour differences at half width and height
    int optimise;       // not 0: Huffman tables for this picture, at the cost of holding its coefficients
    int progressive;    // not 0: several scans
} cjpeg_options;

typedef struct cjpeg_writer cjpeg_writer;

/// Writes to a file descriptor, which stays open, or with -1 to memory. NULL when there is no memory.
cjpeg_writer *cjpeg_writer_create(int descriptor);

/// Begins a picture. `exif` is a TIFF block of at most 65527 bytes, or NULL.
cjpeg_status cjpeg_writer_start(
    cjpeg_writer *writer, const cjpeg_options *options, const uint8_t *exif, size_t exif_count);

cjpeg_status cjpeg_writer_row(cjpeg_writer *writer, const uint8_t *row);

cjpeg_status cjpeg_writer_finish(cjpeg_writer *writer);

/// What was written to memory: valid until the writer is destroyed.
const uint8_t *cjpeg_writer_bytes(const cjpeg_writer *writer, size_t *count);

cjpeg_failure cjpeg_writer_failure(const cjpeg_writer *writer);

void cjpeg_writer_destroy(cjpeg_writer *writer);

#endif
