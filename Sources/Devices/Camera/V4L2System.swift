import CV4L2
import Glibc
import Platform

/// A video device as it describes itself.
public struct VideoDevice: Equatable, Sendable {
    /// Its device file. The number may change when it is plugged in again.
    public let path: String
    /// What people call it.
    public let card: String
    /// The driver in the kernel.
    public let driver: String
    /// The four-character codes of what it delivers; empty for a device that delivers no pictures.
    public let formats: [String]
    /// Whether it also takes pictures, as codecs do.
    public let isConverter: Bool

    package init(path: String, card: String, driver: String, formats: [String], isConverter: Bool = false) {
        self.path = path
        self.card = card
        self.driver = driver
        self.formats = formats
        self.isConverter = isConverter
    }

    /// What is understood, the best first: compressed frames need the least of the USB connection.
    package static let understood = ["MJPG", "JPEG", "YUYV", "NV12"]

    /// Parts of the Pi's own camera path. They deliver pictures only when another program feeds them.
    private static let boardDrivers = ["unicam", "rp1-cfe", "bcm2835-isp", "bcm2835-codec", "pispbe", "rpi-hevc-dec"]

    /// The format that is asked for; nil for a device that is no camera for this program.
    package var format: String? {
        refusal == nil ? Self.understood.first { formats.contains($0) } : nil
    }

    /// What the device is good for, in words.
    var offer: String { "\(card) at \(path) delivers \(format ?? "nothing that is understood")" }

    /// Why the device is no camera for this program; nil when it is one.
    public var refusal: String? {
        if isConverter { return "\(path) (\(card)) converts pictures and takes none" }
        if formats.isEmpty { return "\(path) (\(card)) delivers no pictures" }
        if Self.boardDrivers.contains(where: { driver.hasPrefix($0) }) {
            return "\(path) (\(driver)) is part of the board's camera connector, which rpicam serves"
        }
        if !formats.contains(where: Self.understood.contains) {
            return "\(path) (\(card)) delivers \(formats.joined(separator: ", ")); MJPG, YUYV and NV12 are understood"
        }
        return nil
    }
}

/// The video devices of a machine; the real ones are ``Video4Linux``.
package protocol VideoSystem: Sendable {
    /// What is there now, cameras or not.
    func devices() -> [VideoDevice]
    /// Opens a device and starts it.
    func start(_ device: VideoDevice, _ mode: CameraMode) throws(SystemError) -> any VideoStream
}

/// A running camera, used by one thread.
package protocol VideoStream: AnyObject {
    /// The next frame, nil when none came in time or it was damaged. Its time is nil when the device does not tell.
    func next(timeout: Duration) throws(SystemError) -> (pixels: Frame.Pixels, time: Duration?)?
}

/// The devices under /dev/video*.
package struct Video4Linux: VideoSystem {
    package init() {}

    package func devices() -> [VideoDevice] {
        DeviceFolder.files(prefix: "video").compactMap { path in
            let descriptor = cv4l2_open(path)
            guard descriptor >= 0 else { return nil }
            defer { cv4l2_close(descriptor) }
            var device = cv4l2_device()
            guard cv4l2_describe(descriptor, &device) >= 0 else { return nil }
            return VideoDevice(
                path: path, card: String(cArray: device.card), driver: String(cArray: device.driver),
                formats: device.is_capture && device.is_streaming ? Self.formats(of: descriptor) : [],
                isConverter: device.is_converter)
        }
    }

    private static func formats(of descriptor: Int32) -> [String] {
        var formats: [String] = []
        var code = cv4l2_shape().code
        // A driver that never says "no more" is not waited for.
        for index in 0..<UInt32(256) {
            let status = withUnsafeMutableBytes(of: &code) { code in
                cv4l2_format(descriptor, index, code.baseAddress?.assumingMemoryBound(to: CChar.self))
            }
            guard status >= 0 else { break }
            formats.append(String(cArray: code))
        }
        return formats
    }

    package func start(_ device: VideoDevice, _ mode: CameraMode) throws(SystemError) -> any VideoStream {
        let descriptor = cv4l2_open(device.path)
        guard descriptor >= 0 else { throw SystemError(-descriptor) }
        var shape = cv4l2_shape()
        withUnsafeMutableBytes(of: &shape.code) { $0.copyBytes(from: (device.format ?? "").utf8.prefix(4)) }
        shape.width = UInt32(mode.width)
        shape.height = UInt32(mode.height)
        shape.rate = UInt32(mode.rate)
        var stream: OpaquePointer?
        let status = cv4l2_start(descriptor, &shape, &stream)
        guard status >= 0, let stream else {
            cv4l2_close(descriptor)
            throw SystemError(status < 0 ? -status : EIO)
        }
        // What the driver made of the wish may be something that nobody asked for.
        guard let layout = VideoLayout(shape) else {
            cv4l2_stop(stream)
            cv4l2_close(descriptor)
            throw SystemError(ENOTSUP)
        }
        return MappedStream(descriptor, stream, layout)
    }
}

/// How the bytes of a buffer make a picture.
package struct VideoLayout: Equatable {
    private enum Kind { case jpeg, yuyv, nv12 }
    private let kind: Kind
    private let width: Int
    private let height: Int
    private let bytesPerRow: Int

    init?(_ shape: cv4l2_shape) {
        self.init(
            code: String(cArray: shape.code), width: Int(shape.width), height: Int(shape.height),
            bytesPerRow: Int(shape.bytes_per_row))
    }

    /// Nil for what is not understood. `bytesPerRow` counts from one row to the next of the first plane; 0 means rows
    /// without gaps.
    package init?(code: String, width: Int, height: Int, bytesPerRow: Int) {
        switch code {
        case "MJPG", "JPEG": kind = .jpeg
        case "YUYV": kind = .yuyv
        case "NV12": kind = .nv12
        default: return nil
        }
        guard 2...16384 ~= width, 2...16384 ~= height else { return nil }
        self.width = width
        self.height = height
        self.bytesPerRow = max(bytesPerRow, kind == .yuyv ? 2 * width : width)
    }

    /// The picture in a buffer; nil when there is no whole one. Odd sides lose a column or a row.
    package func pixels(in bytes: Span<UInt8>) -> Frame.Pixels? {
        let (evenWidth, evenHeight) = (width & ~1, height & ~1)
        switch kind {
        case .jpeg: return MotionJPEG.file(in: bytes).map { .jpeg($0) }
        case .yuyv:
            return rows(bytes, 0, height, 2 * evenWidth).map { .yuyv(width: evenWidth, height: height, $0) }
        case .nv12:
            guard let luma = rows(bytes, 0, evenHeight, evenWidth),
                let chroma = rows(bytes, bytesPerRow * height, evenHeight / 2, evenWidth)
            else { return nil }
            return .nv12(width: evenWidth, height: evenHeight, luma + chroma)
        }
    }

    private func rows(_ bytes: Span<UInt8>, _ start: Int, _ count: Int, _ length: Int) -> [UInt8]? {
        guard bytes.count >= start + (count - 1) * bytesPerRow + length else { return nil }
        return [UInt8](unsafeUninitializedCapacity: count * length) { rows, filled in
            bytes.withUnsafeBufferPointer { bytes in
                for y in 0..<count {
                    let row = UnsafeBufferPointer(rebasing: bytes[(start + y * bytesPerRow)...].prefix(length))
                    _ = UnsafeMutableBufferPointer(rebasing: rows[(y * length)...]).update(fromContentsOf: row)
                }
            }
            filled = count * length
        }
    }
}

private final class MappedStream: VideoStream {
    private let descriptor: Int32
    private let stream: OpaquePointer
    private let layout: VideoLayout

    init(_ descriptor: Int32, _ stream: OpaquePointer, _ layout: VideoLayout) {
        self.descriptor = descriptor
        self.stream = stream
        self.layout = layout
    }

    deinit {
        cv4l2_stop(stream)
        cv4l2_close(descriptor)
    }

    func next(timeout: Duration) throws(SystemError) -> (pixels: Frame.Pixels, time: Duration?)? {
        var frame = cv4l2_frame()
        let status = cv4l2_next(stream, WakeUp.milliseconds(timeout), &frame)
        guard status >= 0 else { throw SystemError(-status) }
        guard status > 0 else { return nil }
        var pixels: Frame.Pixels?
        if !frame.is_damaged {
            // A copy: the driver gets the buffer back at once and never runs out.
            pixels = layout.pixels(in: UnsafeBufferPointer(start: frame.bytes, count: frame.count).span)
        }
        let returned = cv4l2_return(stream, &frame)
        guard returned >= 0 else { throw SystemError(-returned) }
        return pixels.map { ($0, frame.nanoseconds > 0 ? .nanoseconds(frame.nanoseconds) : nil) }
    }
}
