import Synchronization

/// Tells every listener what changes.
final class ChangeFeed: Sendable {
    /// A listener that falls back further than this misses the oldest changes.
    private static let mostUnread = 1000

    private struct State {
        var next = 0
        var listeners: [Int: AsyncStream<AlbumChange>.Continuation] = [:]
    }

    private let state = Mutex(State())

    func listen() -> AsyncStream<AlbumChange> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: AlbumChange.self, bufferingPolicy: .bufferingNewest(Self.mostUnread))
        let id = state.withLock { state in
            state.next += 1
            state.listeners[state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [weak self] _ in
            // What is removed may end a stream in turn: that happens outside of the lock.
            _ = self?.state.withLock { $0.listeners.removeValue(forKey: id) }
        }
        return stream
    }

    func tell(_ change: AlbumChange) {
        let listeners = state.withLock { Array($0.listeners.values) }
        for listener in listeners { listener.yield(change) }
    }

    deinit {
        let listeners = state.withLock { Array($0.listeners.values) }
        for listener in listeners { listener.finish() }
    }
}
