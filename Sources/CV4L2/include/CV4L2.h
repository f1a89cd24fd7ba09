// Video4Linux capture devices: what one can do, and its frames through memory-mapped buffers.
//
// Functions that return int give a value of at least 0, or a negative errno. A stream belongs to one thread at a time.
#ifndef CV4L2_H
#define CV4L2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What a device says it is. The texts end with a zero.
typedef struct cv4l2_device {
    char driver[16];    // "uvcvideo", "vivid", "unicam"
    char card[32];      // what people call it
    char bus[32];       // where it is connected
    bool is_capture;    // delivers pictures to memory, in one plane
    bool is_streaming;  // by memory-mapped buffers
    bool is_converter;  // also takes pictures: a codec or an image processor, no camera
} cv4l2_device;

/// Opens a device without waiting for it. Returns the descriptor.
int cv4l2_open(const char *path);

void cv4l2_close(int descriptor);

int cv4l2_describe(int descriptor, cv4l2_device *device);

/// Gives the four-character code of the format with this index, 0 on, as text; -EINVAL after the last.
int cv4l2_format(int descriptor, uint32_t index, char code[5]);

/// A picture's kind and size. The driver changes what it cannot do.
typedef struct cv4l2_shape {
    char code[5];            // "MJPG", "YUYV", "NV12"
    uint32_t width;
    uint32_t height;
    uint32_t bytes_per_row;  // of the first plane; 0 for MJPG
    uint32_t rate;           // frames per second, 0 when the driver does not say
} cv4l2_shape;

typedef struct cv4l2_stream cv4l2_stream;

/// Asks for a shape, maps buffers and starts. `shape` becomes what the device delivers. The descriptor stays the
/// caller's and must outlive the stream. -EBUSY when somebody else has the camera.
int cv4l2_start(int descriptor, cv4l2_shape *shape, cv4l2_stream **stream);

typedef struct cv4l2_frame {
    const uint8_t *bytes;   // valid until cv4l2_return
    size_t count;
    bool is_damaged;        // the driver lost data of it
    int64_t nanoseconds;    // CLOCK_MONOTONIC; 0 when the driver uses another clock
    uint32_t index;
} cv4l2_frame;

/// Waits for the next frame. Returns 1, or 0 when none came in time; -ENODEV when the device is gone.
int cv4l2_next(cv4l2_stream *stream, int timeout_milliseconds, cv4l2_frame *frame);

/// Gives a frame's buffer back to the driver.
int cv4l2_return(cv4l2_stream *stream, const cv4l2_frame *frame);

/// Stops and unmaps. NULL is ignored.
void cv4l2_stop(cv4l2_stream *stream);

#endif
