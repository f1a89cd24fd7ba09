import Dispatch
import Synchronization

/// Holds a thread until the test lets it go on.
final class Gate: Sendable {
    private let gate = DispatchSemaphore(value: 0)
    private let isLate = Mutex(false)
    private let arrivals: AsyncStream<Void>
    private let arrived: AsyncStream<Void>.Continuation

    init() { (arrivals, arrived) = AsyncStream.makeStream() }

    /// Waits, on the thread that calls, until the test lets go.
    func pass() {
        arrived.yield()
        // Only a test that fails gets that far.
        if gate.wait(timeout: .now() + .seconds(60)) == .timedOut { isLate.withLock { $0 = true } }
        gate.signal()
    }

    /// Returns when somebody waits.
    func reached() async { for await _ in arrivals { return } }

    func letGo() { gate.signal() }

    /// Whether the test never let go: what it waited for waited for who was held.
    var hasGivenUp: Bool { isLate.withLock { $0 } }
}
