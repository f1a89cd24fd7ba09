/// Chooses the frame that a press keeps: of those taken within a while of the press the sharpest.
///
/// It holds the newest frames only, so its memory does not grow. The first frames after a start are left out, because
/// the camera still finds its exposure.
public struct ShotPicker: Sendable {
    /// What counts as the moment of the press.
    public struct Settings: Equatable, Sendable {
        /// Frames this long before and after the press compete.
        public var window: Duration = .milliseconds(150)
        /// When none is within the window, the nearest one within this time is kept.
        public var reach: Duration = .milliseconds(1000)
        /// Frames after a start or a loss that are not used.
        public var warmUpFrames = 8
        /// Frames that are held at most.
        public var capacity = 12
        /// Bytes that the held frames may have, the newest one aside: cameras that do not compress have large ones.
        public var mostBytes = 24 << 20

        /// The settings that suit a photo booth.
        public init() {}
    }

    private let settings: Settings
    private var frames: [Frame] = []
    private var warmUpLeft: Int

    /// Begins with no frame.
    public init(settings: Settings = Settings()) {
        self.settings = settings
        warmUpLeft = settings.warmUpFrames
    }

    /// Whether the camera is still finding its exposure.
    public var isWarmingUp: Bool { warmUpLeft > 0 }

    /// Takes what the camera tells.
    public mutating func add(_ event: CameraEvent) {
        switch event {
        case .frame(let frame): add(frame)
        case .lost:
            frames = []
            warmUpLeft = settings.warmUpFrames
        case .recovered: break
        }
    }

    /// Takes a frame.
    public mutating func add(_ frame: Frame) {
        if warmUpLeft > 0 {
            warmUpLeft -= 1
            return
        }
        // Frames too old for a press that is being handled now are not worth their memory.
        frames.removeAll { frame.time - $0.time > settings.window * 2 + settings.reach }
        if frames.count >= max(settings.capacity, 1) { frames.removeFirst() }
        var bytes = frames.reduce(frame.byteCount) { $0 + $1.byteCount }
        while bytes > settings.mostBytes, !frames.isEmpty { bytes -= frames.removeFirst().byteCount }
        frames.append(frame)
    }

    /// Whether waiting longer can bring no better frame for a press: the window is over, or a frame after it is here.
    public func isComplete(pressedAt press: Duration, now: Duration) -> Bool {
        let end = press + settings.window
        if frames.contains(where: { $0.time >= end }) { return true }
        let hasCandidate = frames.contains { distance($0, press) <= settings.window }
        return now >= (hasCandidate ? end : press + settings.reach)
    }

    /// Chooses the frame. Looking at sharpness takes some milliseconds for a frame that is a JPEG file.
    ///
    /// - Parameters:
    ///   - press: When the button was pressed.
    ///   - sharpness: How sharp a frame is; nil for one that cannot be decoded.
    /// - Returns: The frame to keep, nil when none is near enough.
    public func pick(
        pressedAt press: Duration, sharpness: (Frame) -> Double? = { Sharpness.measure($0) }
    ) -> Frame? {
        var best: (frame: Frame, sharpness: Double, distance: Duration)?
        for frame in frames where distance(frame, press) <= settings.window {
            guard let sharpness = sharpness(frame) else { continue }
            let candidate = (frame, sharpness, distance(frame, press))
            // Of equally sharp frames the one closest to the press.
            if let best, (best.sharpness, candidate.2) >= (sharpness, best.distance) { continue }
            best = candidate
        }
        if let best { return best.frame }
        return frames.filter { settings.window < distance($0, press) && distance($0, press) <= settings.reach }
            .sorted { distance($0, press) < distance($1, press) }
            .first { sharpness($0) != nil }
    }

    private func distance(_ frame: Frame, _ press: Duration) -> Duration {
        frame.time < press ? press - frame.time : frame.time - press
    }
}
