/// What a camera tells.
public enum CameraEvent: Sendable {
    /// A frame. After a loss it also means that the camera is back.
    case frame(Frame)
    /// No frames come any more, for this reason; the camera is tried again by itself. Told for each failed attempt.
    case lost(reason: String)
    /// Frames come again.
    case recovered
}

/// A camera that runs all the time. It belongs to this process as long as it runs, and every subscriber gets its frames.
public protocol Camera: Sendable {
    /// What people call it.
    var name: String { get }

    /// What the camera tells from now on. The first caller starts it. Who is slow gets the newest events and misses
    /// older ones.
    func frames() -> AsyncStream<CameraEvent>

    /// How it has fared so far.
    var health: CameraHealth { get }

    /// Stops the camera for good and ends all streams. Returns when the device is free, and after two seconds in any
    /// case: a device that hangs must not keep the machine from shutting down.
    func stop() async
}

/// How a camera has fared since it was made.
public struct CameraHealth: Equatable, Sendable {
    /// Frames so far.
    public var frames: UInt64 = 0
    /// When the last frame came, as a time of the ``DeviceClock``; nil before the first.
    public var lastFrame: Duration?
    /// How often it was started again after a loss, in vain or not.
    public var restarts = 0
    /// Why no frames come now; nil while they do, and before the first loss.
    public var problem: String?

    /// A camera that has not begun.
    public init() {}

    /// How old the last frame is; nil before the first.
    public func frameAge(at now: Duration) -> Duration? { lastFrame.map { max(now - $0, .zero) } }
}

extension Camera {
    /// How many events a subscriber that is busy finds waiting at most: the newest.
    package static var eventsKept: Int { 4 }
}

/// The size and the rate a camera is asked for. It may deliver another.
public struct CameraMode: Equatable, Sendable {
    /// Pixels in a row.
    public var width: Int
    /// Rows.
    public var height: Int
    /// Frames per second.
    public var rate: Int

    /// Makes a mode; sides are clamped to 16...8192 and made even, the rate is clamped to 1...120.
    public init(width: Int = 1280, height: Int = 960, rate: Int = 15) {
        self.width = min(max(width, 16), 8192) & ~1
        self.height = min(max(height, 16), 8192) & ~1
        self.rate = min(max(rate, 1), 120)
    }
}
