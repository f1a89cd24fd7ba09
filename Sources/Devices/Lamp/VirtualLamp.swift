import Platform
import Synchronization

/// A lamp that remembers what it showed.
public final class VirtualLamp: Lamp {
    /// A pattern and when it began.
    public struct Showing: Equatable, Sendable {
        /// What was shown.
        public let pattern: LampPattern
        /// From when on.
        public let time: Duration
    }

    private static let longestHistory = 1000
    private let clock: any DeviceClock
    private let history = Mutex<[Showing]>([])
    private let broadcast = Broadcast<Showing>()

    /// Makes a lamp that shows nothing yet.
    public init(clock: any DeviceClock = SystemClock()) {
        self.clock = clock
    }

    /// The last thousand patterns, in order; the same pattern twice in a row is there twice.
    public var showings: [Showing] { history.withLock { $0 } }

    /// What it shows.
    public var pattern: LampPattern { history.withLock { $0.last?.pattern } ?? .off }

    /// The patterns from now on.
    public var changes: AsyncStream<Showing> { broadcast.subscribe() }

    /// Remembers a pattern.
    public func show(_ pattern: LampPattern) {
        let showing = Showing(pattern: pattern, time: clock.time)
        history.withLock { history in
            if history.count == Self.longestHistory { history.removeFirst() }
            history.append(showing)
        }
        broadcast.send(showing)
    }
}

/// A wire that remembers how it was switched.
public final class VirtualLine: OutputLine {
    /// A switching and its time.
    public struct Switching: Equatable, Sendable {
        /// What it was switched to.
        public let isOn: Bool
        /// When.
        public let time: Duration
    }

    private static let longestHistory = 1000
    private let clock: any DeviceClock
    private let history = Mutex<[Switching]>([])

    /// Makes a wire that is off.
    public init(clock: any DeviceClock = SystemClock()) {
        self.clock = clock
    }

    /// The last thousand switchings, in order.
    public var switchings: [Switching] { history.withLock { $0 } }

    /// Whether it is on.
    public var isOn: Bool { history.withLock { $0.last?.isOn } ?? false }

    /// Remembers a switching.
    public func set(_ isOn: Bool) throws(DeviceError) {
        let switching = Switching(isOn: isOn, time: clock.time)
        history.withLock { history in
            if history.count == Self.longestHistory { history.removeFirst() }
            history.append(switching)
        }
    }

    /// Switches it off.
    public func close() {
        try? set(false)
    }
}
