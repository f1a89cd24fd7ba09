import Synchronization

/// Something that shows patterns to people.
public protocol Lamp: Sendable {
    /// Shows a pattern until the next one. What it shows first is on before this returns.
    func show(_ pattern: LampPattern)
}

/// A wire that is on or off: a lamp, a flash, a buzzer.
public protocol OutputLine: Sendable {
    /// Switches it.
    ///
    /// - Throws: ``DeviceError`` when the device refuses.
    func set(_ isOn: Bool) throws(DeviceError)

    /// Switches it off and gives the device back.
    func close()
}

/// A lamp on a wire.
public final class LineLamp: Lamp {
    private struct State {
        var pattern = LampPattern.off
        var began = Duration.zero
        var isLit = false
        var failure: DeviceError?
        /// Distinguishes the task that drives the pattern from those that have been told to stop.
        var generation = 0
        var task: Task<Void, Never>?
    }

    private let line: any OutputLine
    private let clock: any DeviceClock
    private let state = Mutex(State())

    /// Makes a lamp that is off.
    public init(_ line: any OutputLine, clock: any DeviceClock = SystemClock()) {
        self.line = line
        self.clock = clock
    }

    deinit {
        state.withLock { $0.task?.cancel() }
    }

    /// What the device said when it refused last; nil when it works.
    public var failure: DeviceError? { state.withLock { $0.failure } }

    /// Shows a pattern until the next one.
    public func show(_ pattern: LampPattern) {
        let now = clock.time
        state.withLock { state in
            let continues = state.pattern.isContinued(by: pattern)
            if continues, state.pattern == pattern { return }
            state.pattern = pattern
            if !continues { state.began = now }
            state.generation += 1
            state.task?.cancel()
            state.task = nil
            let next = step(&state, at: now)
            guard let next else { return }
            state.task = Task { [weak self, clock, generation = state.generation] in
                var next = next
                while (try? await clock.sleep(until: DeviceInstant(next), tolerance: nil)) != nil {
                    guard let following = self?.step(generation, at: clock.time) else { return }
                    next = following
                }
            }
        }
    }

    private func step(_ generation: Int, at time: Duration) -> Duration? {
        state.withLock { $0.generation == generation ? step(&$0, at: time) : nil }
    }

    /// Brings the line to where the pattern has it. Returns when it changes next.
    private func step(_ state: inout sending State, at time: Duration) -> Duration? {
        let passed = time - state.began
        let isLit = state.pattern.isLit(at: passed)
        if isLit != state.isLit || state.failure != nil {
            do throws(DeviceError) {
                try line.set(isLit)
                state.isLit = isLit
                state.failure = nil
            } catch {
                state.failure = error
            }
        }
        return state.pattern.nextChange(after: passed).map { state.began + $0 }
    }
}
