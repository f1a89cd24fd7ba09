import Platform

/// A button that code presses.
public final class VirtualButton: Button {
    /// What people call it.
    public let name = "virtual button"
    private let clock: any DeviceClock
    private let broadcast = Broadcast<ButtonEdge>()

    /// Makes a button whose edges happen at the times of a clock.
    public init(clock: any DeviceClock = SystemClock()) {
        self.clock = clock
    }

    /// All edges from now on.
    public var edges: AsyncStream<ButtonEdge> { broadcast.subscribe() }

    /// Closes the contact.
    public func press() {
        broadcast.send(ButtonEdge(.pressed, at: clock.time))
    }

    /// Opens the contact.
    public func release() {
        broadcast.send(ButtonEdge(.released, at: clock.time))
    }

    /// Closes and opens the contact once or more often, every 140 ms. All edges are told at once with their times, so that
    /// presses are as short on a slow machine as on a fast one, and as close to each other.
    public func tap(times count: Int = 1, lasting length: Duration = .milliseconds(30)) {
        let first = clock.time
        for index in 0..<count {
            let time = first + .milliseconds(140) * index
            broadcast.send(ButtonEdge(.pressed, at: time))
            broadcast.send(ButtonEdge(.released, at: time + length))
        }
    }

    /// Ends the streams.
    public func close() {
        broadcast.finish()
    }
}
