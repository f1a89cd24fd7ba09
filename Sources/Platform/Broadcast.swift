import Synchronization

/// Hands every element to every subscriber. All streams end with it.
package final class Broadcast<Element: Sendable>: Sendable {
    private struct State {
        var next = 0
        var subscribers: [Int: AsyncStream<Element>.Continuation] = [:]
        var isFinished = false
    }

    private let state = Mutex(State())
    private let policy: AsyncStream<Element>.Continuation.BufferingPolicy

    /// - Parameter policy: What each subscriber keeps of the elements that it has not taken yet.
    package init(_ policy: AsyncStream<Element>.Continuation.BufferingPolicy = .unbounded) {
        self.policy = policy
    }

    deinit { finish() }

    package var subscriberCount: Int { state.withLock { $0.subscribers.count } }

    /// All elements from now on. It ends when the broadcast does.
    package func subscribe() -> AsyncStream<Element> {
        let (stream, continuation) = AsyncStream.makeStream(of: Element.self, bufferingPolicy: policy)
        let id = state.withLock { state -> Int? in
            guard !state.isFinished else { return nil }
            state.next += 1
            state.subscribers[state.next] = continuation
            return state.next
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            // Whatever is removed may end a stream in turn: outside the lock.
            _ = self?.state.withLock { $0.subscribers.removeValue(forKey: id) }
        }
        return stream
    }

    package func send(_ element: Element) {
        let subscribers = state.withLock { Array($0.subscribers.values) }
        for subscriber in subscribers { subscriber.yield(element) }
    }

    /// Ends all streams, and those that are asked for later.
    package func finish() {
        let subscribers = state.withLock { state in
            state.isFinished = true
            let all = Array(state.subscribers.values)
            state.subscribers = [:]
            return all
        }
        for subscriber in subscribers { subscriber.finish() }
    }
}
