#include "CV4L2.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { buffer_count = 4 };

struct cv4l2_stream {
    int descriptor;
    uint32_t count;
    struct {
        void *start;
        size_t length;
    } buffers[buffer_count];
};

// 0 or -errno. A signal does not end a call.
static int call(int descriptor, unsigned long request, void *argument) {
    int status;
    do status = ioctl(descriptor, request, argument);
    while (status < 0 && errno == EINTR);
    return status < 0 ? -errno : 0;
}

static void copy_text(char *to, size_t capacity, const uint8_t *from, size_t count) {
    size_t length = strnlen((const char *)from, count < capacity - 1 ? count : capacity - 1);
    memcpy(to, from, length);
    to[length] = 0;
}

int cv4l2_open(const char *path) {
    int descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

void cv4l2_close(int descriptor) {
    if (descriptor >= 0) close(descriptor);
}

int cv4l2_describe(int descriptor, cv4l2_device *device) {
    struct v4l2_capability capability = {0};
    int status = call(descriptor, VIDIOC_QUERYCAP, &capability);
    if (status < 0) return status;
    // A physical device may have several nodes: what counts is what this one can do.
    uint32_t can = capability.capabilities & V4L2_CAP_DEVICE_CAPS ? capability.device_caps : capability.capabilities;
    copy_text(device->driver, sizeof device->driver, capability.driver, sizeof capability.driver);
    copy_text(device->card, sizeof device->card, capability.card, sizeof capability.card);
    copy_text(device->bus, sizeof device->bus, capability.bus_info, sizeof capability.bus_info);
    device->is_capture = can & V4L2_CAP_VIDEO_CAPTURE;
    device->is_streaming = can & V4L2_CAP_STREAMING;
    device->is_converter = can & (V4L2_CAP_VIDEO_M2M | V4L2_CAP_VIDEO_M2M_MPLANE | V4L2_CAP_VIDEO_OUTPUT |
                                  V4L2_CAP_VIDEO_OUTPUT_MPLANE);
    return 0;
}

int cv4l2_format(int descriptor, uint32_t index, char code[5]) {
    struct v4l2_fmtdesc format = {.index = index, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
    int status = call(descriptor, VIDIOC_ENUM_FMT, &format);
    if (status < 0) return status;
    for (int i = 0; i < 4; i++) code[i] = (char)(format.pixelformat >> 8 * i & 0x7f);
    code[4] = 0;
    return 0;
}

static int set_shape(int descriptor, cv4l2_shape *shape) {
    struct v4l2_format format = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
    struct v4l2_pix_format *pixels = &format.fmt.pix;
    pixels->width = shape->width;
    pixels->height = shape->height;
    pixels->pixelformat = v4l2_fourcc((uint8_t)shape->code[0], (uint8_t)shape->code[1], (uint8_t)shape->code[2],
                                      (uint8_t)shape->code[3]);
    pixels->field = V4L2_FIELD_NONE;
    int status = call(descriptor, VIDIOC_S_FMT, &format);
    if (status < 0) return status;
    for (int i = 0; i < 4; i++) shape->code[i] = (char)(pixels->pixelformat >> 8 * i & 0x7f);
    shape->width = pixels->width;
    shape->height = pixels->height;
    shape->bytes_per_row = pixels->bytesperline;

    // A driver without frame rates has its own: no reason to fail.
    struct v4l2_streamparm rate = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
    rate.parm.capture.timeperframe.numerator = 1;
    rate.parm.capture.timeperframe.denominator = shape->rate;
    shape->rate = 0;
    if (rate.parm.capture.timeperframe.denominator && call(descriptor, VIDIOC_S_PARM, &rate) == 0 &&
        rate.parm.capture.timeperframe.numerator)
        shape->rate = rate.parm.capture.timeperframe.denominator / rate.parm.capture.timeperframe.numerator;
    return 0;
}

static int map_buffers(cv4l2_stream *stream) {
    struct v4l2_requestbuffers request = {
        .count = buffer_count, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
    int status = call(stream->descriptor, VIDIOC_REQBUFS, &request);
    if (status < 0) return status;
    if (request.count < 2) return -ENOMEM;
    uint32_t count = request.count < buffer_count ? request.count : buffer_count;
    for (uint32_t i = 0; i < count; i++) {
        struct v4l2_buffer buffer = {.index = i, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
        if ((status = call(stream->descriptor, VIDIOC_QUERYBUF, &buffer)) < 0) return status;
        void *start = mmap(NULL, buffer.length, PROT_READ | PROT_WRITE, MAP_SHARED, stream->descriptor,
                           (off_t)buffer.m.offset);
        if (start == MAP_FAILED) return -errno;
        stream->buffers[i].start = start;
        stream->buffers[i].length = buffer.length;
        stream->count = i + 1;
        if ((status = call(stream->descriptor, VIDIOC_QBUF, &buffer)) < 0) return status;
    }
    return 0;
}

int cv4l2_start(int descriptor, cv4l2_shape *shape, cv4l2_stream **started) {
    *started = NULL;
    int status = set_shape(descriptor, shape);
    if (status < 0) return status;
    cv4l2_stream *stream = calloc(1, sizeof *stream);
    if (!stream) return -ENOMEM;
    stream->descriptor = descriptor;
    status = map_buffers(stream);
    int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    if (status == 0) status = call(descriptor, VIDIOC_STREAMON, &type);
    if (status < 0) {
        cv4l2_stop(stream);
        return status;
    }
    *started = stream;
    return 0;
}

int cv4l2_next(cv4l2_stream *stream, int timeout_milliseconds, cv4l2_frame *frame) {
    struct pollfd waiting = {.fd = stream->descriptor, .events = POLLIN};
    int ready = poll(&waiting, 1, timeout_milliseconds);
    if (ready < 0) return errno == EINTR ? 0 : -errno;
    if (ready == 0) return 0;
    struct v4l2_buffer buffer = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
    int status = call(stream->descriptor, VIDIOC_DQBUF, &buffer);
    if (status == -EAGAIN) return waiting.revents & (POLLERR | POLLHUP | POLLNVAL) ? -ENODEV : 0;
    if (status < 0) return status;
    if (buffer.index >= stream->count) return -EIO;
    const size_t length = stream->buffers[buffer.index].length;
    frame->bytes = stream->buffers[buffer.index].start;
    frame->count = buffer.bytesused < length ? buffer.bytesused : length;
    frame->is_damaged = buffer.flags & V4L2_BUF_FLAG_ERROR;
    frame->index = buffer.index;
    frame->nanoseconds = 0;
    if ((buffer.flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) == V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC)
        frame->nanoseconds = (int64_t)buffer.timestamp.tv_sec * 1000000000 + (int64_t)buffer.timestamp.tv_usec * 1000;
    return 1;
}

int cv4l2_return(cv4l2_stream *stream, const cv4l2_frame *frame) {
    struct v4l2_buffer buffer = {
        .index = frame->index, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
    return call(stream->descriptor, VIDIOC_QBUF, &buffer);
}

void cv4l2_stop(cv4l2_stream *stream) {
    if (!stream) return;
    int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    call(stream->descriptor, VIDIOC_STREAMOFF, &type);
    for (uint32_t i = 0; i < stream->count; i++) munmap(stream->buffers[i].start, stream->buffers[i].length);
    // Buffers of zero count give the memory back, so that the next start can ask for another size.
    struct v4l2_requestbuffers none = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
    call(stream->descriptor, VIDIOC_REQBUFS, &none);
    free(stream);
}
