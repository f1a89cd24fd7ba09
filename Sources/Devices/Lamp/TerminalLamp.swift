import Glibc
import Synchronization

/// A lamp in words: a line whenever what it says changes.
public final class TerminalLamp: Lamp {
    private let descriptor: Int32
    private let last = Mutex("")

    /// - Parameter descriptor: Where lines go; standard error unless told otherwise.
    public init(descriptor: Int32 = 2) {
        self.descriptor = descriptor
    }

    /// Writes what the pattern means. A terminal that is gone is ignored.
    public func show(_ pattern: LampPattern) {
        let line = "lamp: \(Self.words(for: pattern))\n"
        last.withLock { last in
            guard line != last else { return }
            last = line
            _ = write(descriptor, line, line.utf8.count)
        }
    }

    /// What a pattern means, in a word or two.
    public static func words(for pattern: LampPattern) -> String {
        switch pattern {
        case .ready: "ready"
        case .capturing: "taking the picture"
        case .countdownBeat: "beat"
        case .working: "painting"
        case .done: "done"
        case .refused: "refused"
        case .noCamera: "no camera"
        case .diskLow: "disk nearly full"
        case .error: "error"
        case .shuttingDown(let progress): "shutting down, \(Int(min(max(progress, 0), 1) * 100)) %"
        case .off: "off"
        }
    }
}
