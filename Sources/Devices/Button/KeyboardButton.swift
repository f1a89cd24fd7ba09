import Glibc
import Platform
import Synchronization

/// The keyboard as a button: space or enter is a short press, `h` holds the button down until the next key.
///
/// A terminal is read key by key and without echo while the button is open, and is put back when it is closed or the
/// process exits. Control-C keeps its meaning. What is no terminal, a pipe say, is read as it is.
public final class KeyboardButton: Button {
    /// How long a key holds the button: a terminal does not tell when a key is let go.
    package static let tap = Duration.milliseconds(60)

    /// What people call it.
    public let name = "keyboard"
    private let descriptor: Int32
    private let clock: any DeviceClock
    private let broadcast = Broadcast<ButtonEdge>()
    private let terminal: RawTerminal?
    private let wake: WakeUp
    private let isClosed = Atomic(false)

    /// Begins to read keys.
    ///
    /// - Parameters:
    ///   - descriptor: Where keys come from; it stays the caller's.
    ///   - clock: What edges are timed by.
    /// - Throws: ``DeviceError`` when the terminal or the system refuses.
    public init(descriptor: Int32 = 0, clock: any DeviceClock = SystemClock()) throws(DeviceError) {
        self.descriptor = descriptor
        self.clock = clock
        wake = try WakeUp()
        terminal = isatty(descriptor) == 1 ? try RawTerminal(descriptor) : nil
        try DeviceThread.start { [self] in
            readKeys()
            terminal?.restore()
            broadcast.finish()
        }
    }

    /// All edges from now on.
    public var edges: AsyncStream<ButtonEdge> { broadcast.subscribe() }

    /// Puts the terminal back and ends the streams.
    public func close() {
        guard !isClosed.exchange(true, ordering: .sequentiallyConsistent) else { return }
        terminal?.restore()
        wake.signal()
        broadcast.finish()
    }

    private func readKeys() {
        var releaseTime: Duration?
        var isHeld = false
        while !isClosed.load(ordering: .sequentiallyConsistent) {
            let timeout = releaseTime.map { max($0 - clock.time, .zero) }
            let isReady = wake.wait(for: descriptor, timeout: timeout)
            if let due = releaseTime, clock.time >= due {
                releaseTime = nil
                broadcast.send(ButtonEdge(.released, at: clock.time))
            }
            guard isReady else { continue }
            guard let key = nextKey() else { break }
            if isHeld {
                isHeld = false
                broadcast.send(ButtonEdge(.released, at: clock.time))
            } else if key == UInt8(ascii: "h") || key == UInt8(ascii: " ") || key == 10 || key == 13 {
                if releaseTime == nil { broadcast.send(ButtonEdge(.pressed, at: clock.time)) }
                isHeld = key == UInt8(ascii: "h")
                releaseTime = isHeld ? nil : clock.time + Self.tap
            }
        }
        if let due = releaseTime {
            // The last key of a pipe is let go too.
            _ = wake.wait(for: -1, timeout: max(due - clock.time, .zero))
        }
        if releaseTime != nil || isHeld { broadcast.send(ButtonEdge(.released, at: clock.time)) }
    }

    /// The next key; nil at the end.
    private func nextKey() -> UInt8? {
        var key: UInt8 = 0
        while true {
            let count = read(descriptor, &key, 1)
            if count == 1 { return key }
            if count == 0 || errno != EINTR { return nil }
        }
    }
}

/// A terminal without echo and line editing, until it is restored.
private final class RawTerminal: Sendable {
    private let descriptor: Int32
    private let saved: Mutex<termios?>

    init(_ descriptor: Int32) throws(DeviceError) {
        var settings = termios()
        guard tcgetattr(descriptor, &settings) == 0 else { throw Self.refusal() }
        self.descriptor = descriptor
        saved = Mutex(settings)
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        Self.open.withLock { $0.append(self) }
        // A process that exits in any way but by a deadly signal leaves the terminal as it was.
        _ = Self.restoreAtExit
        guard tcsetattr(descriptor, TCSANOW, &settings) == 0 else { throw Self.refusal() }
    }

    func restore() {
        saved.withLock { settings in
            guard var before = settings else { return }
            tcsetattr(descriptor, TCSANOW, &before)
            settings = nil
        }
        Self.open.withLock { $0.removeAll { $0 === self } }
    }

    private static let open = Mutex<[RawTerminal]>([])
    private static let restoreAtExit: Void = {
        atexit { for terminal in RawTerminal.open.withLock({ $0 }) { terminal.restore() } }
    }()

    private static func refusal() -> DeviceError {
        let code = errno
        return DeviceError(
            "the terminal does not take single keys: \(SystemError(code)); use another button",
            systemError: code)
    }
}
