import Imaging

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
        frames.append(frame)
    }

    /// Whether waiting longer can bring no better frame for a press: the window is over, or a frame after it is here.
    public func isComplete(pressedAt press: Duration, now: Duration) -> Bool {
        let end = press + settings.window
        if frames.contains(where: { $0.time >= end }) { return true }
        let hasCandidate = frames.contains { distance($0, press) <= settings.window }
        return now >= (hasCandidate ? end : press + settings.reach)
    }

    /// Chooses the frame. Looking at sharpness takes some milliseconds per frame.
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

/// How sharp a picture is.
public enum Sharpness {
    /// The picture is looked at with its longest side about this long.
    private static let side = 320

    /// The variance of the Laplacian of the brightness: it grows with focus and falls with motion. Nil for a frame that
    /// cannot be decoded.
    public static func measure(_ frame: Frame) -> Double? {
        guard let jpeg = try? frame.jpeg(quality: 85),
            let image = try? RGBImage.decode(.bytes(jpeg, name: "frame \(frame.number)"), longestSide: side)
        else { return nil }
        return measure(image)
    }

    /// The same of a decoded picture; 0 for one of less than three pixels a side.
    package static func measure(_ image: RGBImage) -> Double {
        let (width, height) = (image.width, image.height)
        guard width > 2, height > 2 else { return 0 }
        var luma = [Int32](repeating: 0, count: width * height)
        for index in luma.indices {
            let (red, green, blue) = (image.bytes[3 * index], image.bytes[3 * index + 1], image.bytes[3 * index + 2])
            luma[index] = 2 * Int32(red) + 5 * Int32(green) + Int32(blue)
        }
        var (sum, squares) = (0.0, 0.0)
        for y in 1..<height - 1 {
            for at in y * width + 1..<(y + 1) * width - 1 {
                let across: Int32 = luma[at - 1] + luma[at + 1]
                let down: Int32 = luma[at - width] + luma[at + width]
                let value = Double(4 * luma[at] - across - down)
                sum += value
                squares += value * value
            }
        }
        let count = Double((width - 2) * (height - 2))
        return squares / count - (sum / count) * (sum / count)
    }
}
