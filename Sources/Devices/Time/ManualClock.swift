import Synchronization

/// A clock that shows what it is told, for tests and demonstrations. Whoever sleeps wakes when the time is set past its
/// deadline.
public final class ManualClock: DeviceClock {
    private struct State {
        var now = DeviceInstant(.zero)
        var nextSleeper = 0
        var sleepers: [Int: (deadline: DeviceInstant, wake: CheckedContinuation<Void, any Error>)] = [:]
        /// Sleepers that were cancelled before they lay down.
        var cancelled: Set<Int> = []
        var watchers: [(count: Int, wake: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// Makes a clock that shows zero.
    public init() {}

    /// The time it was set to.
    public var now: DeviceInstant { state.withLock { $0.now } }

    /// The smallest step the clock can show.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// How many tasks sleep.
    public var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// Moves the time on and wakes whoever has slept long enough, the earliest deadline first.
    public func advance(by duration: Duration) {
        precondition(duration >= .zero, "time does not go backwards")
        let woken = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.deadline < $1.deadline }.map(\.wake)
        }
        for wake in woken { wake.resume() }
    }

    /// Moves the time to the earliest deadline that a sleeper has.
    ///
    /// - Returns: False when nobody sleeps.
    @discardableResult
    public func advanceToNextSleeper() -> Bool {
        let step = state.withLock { state in
            state.sleepers.values.map(\.deadline).min().map { state.now.duration(to: $0) }
        }
        guard let step else { return false }
        advance(by: max(step, .zero))
        return true
    }

    /// Waits until at least `count` tasks sleep: then they have done what they do at the time shown.
    public func waitForSleepers(_ count: Int = 1) async {
        await withCheckedContinuation { (wake: CheckedContinuation<Void, Never>) in
            let isReady = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append((count, wake))
                return false
            }
            if isReady { wake.resume() }
        }
    }

    /// Sleeps until the time is set to `deadline` or later.
    ///
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    public func sleep(until deadline: DeviceInstant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            state.nextSleeper += 1
            return state.nextSleeper
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { lieDown(id, until: deadline, $0) }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: id)
                if sleeper == nil { state.cancelled.insert(id) }
                return sleeper
            }
            sleeper?.wake.resume(throwing: CancellationError())
        }
        // A cancellation that came too late to matter left its mark.
        state.withLock { _ = $0.cancelled.remove(id) }
    }

    private func lieDown(_ id: Int, until deadline: DeviceInstant, _ wake: CheckedContinuation<Void, any Error>) {
        enum Outcome { case asleep, due, cancelled }
        let (outcome, watchers) = state.withLock { state in
            if state.cancelled.remove(id) != nil { return (Outcome.cancelled, [CheckedContinuation<Void, Never>]()) }
            if deadline <= state.now { return (Outcome.due, []) }
            state.sleepers[id] = (deadline, wake)
            let count = state.sleepers.count
            let ready = state.watchers.filter { $0.count <= count }.map(\.wake)
            state.watchers.removeAll { $0.count <= count }
            return (Outcome.asleep, ready)
        }
        for watcher in watchers { watcher.resume() }
        switch outcome {
        case .asleep: break
        case .due: wake.resume()
        case .cancelled: wake.resume(throwing: CancellationError())
        }
    }
}
