import Synchronization

/// A painting under way: the painter's thread shows here that it goes on, and hears that it is to end.
///
/// Nothing of it is inlined: in an async function that locks before and after an `await`, the optimizer of Swift 6.3 keeps
/// the address of the first thread's number and locks with it on the second thread, which `Mutex` ends the program for.
final class PaintingProgress: Sendable {
    /// How long a painter may show nothing. A network that needs the whole picture before its first row is silent until
    /// then, which is minutes for the heaviest network and the largest picture that a small board has the memory for.
    private static let patience = Duration.seconds(600)
    /// Progress is told this often at most.
    private static let interval = Duration.milliseconds(200)

    private struct State {
        var lastSign: Duration
        var lastTold: Duration?
        var isCancelled = false
        var isWatched = false
        var isStallTold = false
    }

    private let state: Mutex<State>

    init(at now: Duration) { state = Mutex(State(lastSign: now)) }

    /// The painter begins, and is watched from now on.
    @inline(never)
    func begin(at now: Duration) {
        state.withLock { state in
            state.isWatched = true
            state.lastSign = now
        }
    }

    /// Ends the painting at its next sign.
    @inline(never)
    func cancel() { state.withLock { $0.isCancelled = true } }

    /// The painter goes on.
    ///
    /// - Returns: Whether people are to be told.
    /// - Throws: `CancellationError` when it is to end.
    @inline(never)
    func sign(at now: Duration) throws -> Bool {
        try state.withLock { state in
            if state.isCancelled { throw CancellationError() }
            state.lastSign = now
            if let last = state.lastTold, now - last < Self.interval { return false }
            state.lastTold = now
            return true
        }
    }

    /// The painter has come back.
    @inline(never)
    func end() { state.withLock { $0.isWatched = false } }

    /// How long the painter has shown nothing, if that is too long; and whether that is found out just now.
    @inline(never)
    func stall(at now: Duration) -> (silence: Duration, isNew: Bool)? {
        state.withLock { state in
            guard state.isWatched, now - state.lastSign > Self.patience else { return nil }
            defer { state.isStallTold = true }
            return (now - state.lastSign, !state.isStallTold)
        }
    }
}
