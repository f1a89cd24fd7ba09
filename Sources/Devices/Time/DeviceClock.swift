import Glibc

/// A point in time: how long after the clock's origin, which is arbitrary and never moves.
public struct DeviceInstant: InstantProtocol {
    /// Since the origin.
    public var time: Duration

    /// Makes an instant from the time since the origin.
    public init(_ time: Duration) {
        self.time = time
    }

    /// The instant `duration` later.
    public func advanced(by duration: Duration) -> DeviceInstant { DeviceInstant(time + duration) }

    /// How much later `other` is.
    public func duration(to other: DeviceInstant) -> Duration { other.time - time }

    /// Whether the left instant is the earlier one.
    public static func < (left: DeviceInstant, right: DeviceInstant) -> Bool { left.time < right.time }
}

/// The clock that devices are read against. All times of edges and frames are times of this clock, so that a press can
/// be compared with a frame.
public protocol DeviceClock: Clock where Duration == Swift.Duration, Instant == DeviceInstant {}

extension DeviceClock {
    /// The time since the clock's origin.
    public var time: Duration { now.time }
}

/// The machine's monotonic clock, by which the kernel times edges and frames. Setting the date does not move it.
public struct SystemClock: DeviceClock {
    /// Makes a clock; all of them show the same time.
    public init() {}

    /// The time now.
    public var now: DeviceInstant {
        var value = timespec()
        clock_gettime(CLOCK_MONOTONIC, &value)
        return DeviceInstant(.seconds(value.tv_sec) + .nanoseconds(value.tv_nsec))
    }

    /// The smallest step the clock can show.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// Sleeps until the clock shows `deadline`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    public func sleep(until deadline: DeviceInstant, tolerance: Duration?) async throws {
        let clock = SuspendingClock()
        try await clock.sleep(until: clock.now.advanced(by: now.duration(to: deadline)), tolerance: tolerance)
    }
}
