import Devices
import Testing

@Suite("Clocks")
struct ClockTests {
    @Test("sleepers wake when the manual clock passes their deadline, not before")
    func manualClock() async throws {
        let clock = ManualClock()
        async let first: Void = clock.sleep(for: .seconds(1))
        async let second: Void = clock.sleep(for: .seconds(3))
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(1))
        try await first
        #expect(clock.sleeperCount == 1)
        clock.advanceToNextSleeper()
        try await second
        #expect(clock.time == .seconds(3))
        #expect(!clock.advanceToNextSleeper())
    }

    @Test("a cancelled sleeper wakes with an error and is forgotten")
    func cancellation() async {
        let clock = ManualClock()
        let task = Task { try await clock.sleep(for: .seconds(1)) }
        await clock.waitForSleepers()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(clock.sleeperCount == 0)
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await clock.sleep(for: .seconds(1))
        }
        await #expect(throws: CancellationError.self) { try await late.value }
    }

    @Test("the system clock moves on and sleeps no less than asked")
    func systemClock() async throws {
        let clock = SystemClock()
        let start = clock.time
        try await clock.sleep(for: .milliseconds(20))
        #expect(clock.time - start >= .milliseconds(20))
    }
}
