import Synchronization

/// A painting under way: the painter's thread shows here that it goes on, and hears that it is to end.
final class PaintingProgress: Sendable {
    /// How long a painter may show nothing for each megapixel of the photo. A network that needs the whole picture before
    /// its first row is silent until then; the slowest board paints the heaviest one several times as fast.
    private static let patiencePerMegapixel = Duration.seconds(120)
    /// Progress is told this often at most.
    private static let interval = Duration.milliseconds(200)

    private struct State {
        var lastSign: Duration
        var lastTold: Duration?
        var patience = patiencePerMegapixel
        var isCancelled = false
        var isWatched = false
        var isStallTold = false
    }

    private let state: Mutex<State>

    init(at now: Duration) { state = Mutex(State(lastSign: now)) }

    /// The painter begins with a photo of so many pixels, and is watched from now on.
    func begin(pixels: Int, at now: Duration) {
        state.withLock { state in
            state.isWatched = true
            state.lastSign = now
            state.patience = Self.patiencePerMegapixel * max(1, (pixels + 999_999) / 1_000_000)
        }
    }

    /// Ends the painting at its next sign.
    func cancel() { state.withLock { $0.isCancelled = true } }

    /// The painter goes on.
    ///
    /// - Returns: Whether people are to be told.
    /// - Throws: `CancellationError` when it is to end.
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
    func end() { state.withLock { $0.isWatched = false } }

    /// How long the painter has shown nothing, if that is too long; and whether that is found out just now.
    func stall(at now: Duration) -> (silence: Duration, isNew: Bool)? {
        state.withLock { state in
            guard state.isWatched, now - state.lastSign > state.patience else { return nil }
            defer { state.isStallTold = true }
            return (now - state.lastSign, !state.isStallTold)
        }
    }
}
