import Glibc
import Platform
import Synchronization

/// Which video device is meant.
public enum VideoSelection: Equatable, Sendable, CustomStringConvertible {
    /// The first one that is a camera.
    case first
    /// A device file.
    case path(String)
    /// Part of what people call it, in any case of letters.
    case name(String)

    /// Reads a path, which begins with a slash, or a name; nothing means the first.
    public init(_ text: String) {
        self = text.isEmpty ? .first : text.hasPrefix("/") ? .path(text) : .name(text)
    }

    /// As it is written in the configuration.
    public var description: String {
        switch self {
        case .first: ""
        case .path(let path): path
        case .name(let name): name
        }
    }

    /// The first camera that is meant.
    ///
    /// - Throws: ``DeviceError`` that says what was found instead.
    package func find(in devices: [VideoDevice]) throws(DeviceError) -> VideoDevice {
        let meant = devices.filter { device in
            switch self {
            // A board has a dozen codecs, which nobody takes for a camera.
            case .first: !device.isConverter
            case .path(let path): device.path == path || Self.target(of: path) == device.path
            case .name(let name): device.card.lowercased().contains(name.lowercased())
            }
        }
        if let camera = meant.first(where: { $0.refusal == nil }) { return camera }
        let reasons = meant.compactMap(\.refusal)
        switch self {
        case .first where meant.isEmpty:
            throw DeviceError("no camera is among the video devices (/dev/video*); plug in a USB camera")
        case .path(let path) where meant.isEmpty:
            throw DeviceError("there is no video device \(path) that this user may open")
        case .name(let name) where meant.isEmpty:
            let cards = devices.map { "\"\($0.card)\"" }.joined(separator: ", ")
            throw DeviceError(
                "no video device is called \"\(name)\"; \(cards.isEmpty ? "none is there" : "there is \(cards)")")
        default:
            throw DeviceError(reasons.joined(separator: "; "))
        }
    }

    /// Links such as /dev/v4l/by-id/… keep a camera's place when numbers move.
    private static func target(of path: String) -> String? {
        guard let target = realpath(path, nil) else { return nil }
        defer { free(target) }
        return String(cString: target)
    }
}

/// A USB camera, or any other that delivers MJPEG, YUYV or NV12 through Video4Linux. It may be unplugged and plugged in
/// again while it runs.
public final class V4L2Camera: Camera {
    private let camera: SupervisedCamera

    /// How long it takes at most to see a camera that was plugged in again.
    private static let longestPause = Duration.seconds(4)

    /// Makes a camera. The device is looked for with the first subscriber, and again after each loss.
    public convenience init(
        _ selection: VideoSelection = .first, mode: CameraMode = CameraMode(),
        patience: CameraPatience = CameraPatience(), clock: any DeviceClock = SystemClock()
    ) {
        self.init(selection, mode: mode, patience: patience, clock: clock, system: Video4Linux())
    }

    package init(
        _ selection: VideoSelection, mode: CameraMode, patience: CameraPatience, clock: any DeviceClock,
        system: some VideoSystem
    ) {
        var patience = patience
        // A device that is not there costs nothing to look for.
        patience.longestPause = min(patience.longestPause, Self.longestPause)
        let text = selection.description
        camera = SupervisedCamera(
            name: text.isEmpty ? "v4l2" : "v4l2:\(text)",
            source: VideoSource(selection: selection, mode: mode, system: system), patience: patience, clock: clock)
    }

    /// What people call it.
    public var name: String { camera.name }

    /// What the camera tells from now on.
    public func frames() -> AsyncStream<CameraEvent> { camera.frames() }

    /// How it has fared so far.
    public var health: CameraHealth { camera.health }

    /// Stops the device.
    public func stop() async { await camera.stop() }

    /// The video devices that are there now, cameras or not.
    public static func devices() -> [VideoDevice] { Video4Linux().devices() }
}

private struct VideoSource<System: VideoSystem>: FrameSource {
    let selection: VideoSelection
    let mode: CameraMode
    let system: System

    /// How soon a cancellation is noticed.
    private static var step: Duration { .milliseconds(100) }

    func run(deliver: @escaping @Sendable (Frame.Pixels, Duration?) -> Void) async -> String {
        let isCancelled = CancellationFlag()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (ended: CheckedContinuation<String, Never>) in
                do throws(DeviceError) {
                    try DeviceThread.start { ended.resume(returning: read(deliver, isCancelled)) }
                } catch {
                    ended.resume(returning: "\(error)")
                }
            }
        } onCancel: {
            isCancelled.set()
        }
    }

    private func read(_ deliver: (Frame.Pixels, Duration?) -> Void, _ isCancelled: CancellationFlag) -> String {
        let device: VideoDevice
        do throws(DeviceError) {
            device = try selection.find(in: system.devices())
        } catch {
            return "\(error)"
        }
        do throws(SystemError) {
            let stream = try system.start(device, mode)
            while !isCancelled.isSet {
                if let frame = try stream.next(timeout: Self.step) { deliver(frame.pixels, frame.time) }
            }
            return ""
        } catch {
            return Self.reason(error.code, device)
        }
    }

    private static func reason(_ code: Int32, _ device: VideoDevice) -> String {
        switch code {
        case ENODEV, ENXIO, ENOENT: "\(device.card) (\(device.path)) was unplugged"
        case EBUSY: "\(device.card) (\(device.path)) is in use by another program"
        case ENOTSUP: "\(device.card) (\(device.path)) delivers another format than it offers"
        default: "\(device.card) (\(device.path)) failed: \(SystemError(code))"
        }
    }
}

private final class CancellationFlag: Sendable {
    private let flag = Atomic(false)
    var isSet: Bool { flag.load(ordering: .sequentiallyConsistent) }
    func set() { flag.store(true, ordering: .sequentiallyConsistent) }
}
