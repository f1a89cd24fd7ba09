import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Hands events to everybody who listens, and keeps the last ones for those who come back.
package final class EventHub: Sendable {
    package static let kept = 200
    /// What a client may have waiting. One that is behind by more is let go: it comes back and says what it has.
    package static let backlog = 64

    private struct Listener {
        let stream: AsyncStream<ByteBuffer>.Continuation
    }

    private struct State {
        var last = 0
        var recent: [(id: Int, text: ByteBuffer)] = []
        var listeners: [Int: Listener] = [:]
        var nextListener = 0
        var isFinished = false
        /// The newest of the kinds that everybody wants to know at once, in the order in which they were told first.
        var standing: [(name: String, text: ByteBuffer)] = []
    }

    /// Names this run: events of an earlier one cannot be repeated.
    private let run = String(UInt32.random(in: .min ... .max), radix: 16)
    private let state = Mutex(State())

    package init() {}

    package var listenerCount: Int { state.withLock { $0.listeners.count } }

    /// Tells everybody. What is kept is repeated for those who missed it; what is standing is told first to those who
    /// come later.
    package func send(_ name: String, _ data: some Encodable, isKept: Bool = true, isStanding: Bool = false) {
        guard let json = try? data.json() else { return }
        let text = "event: \(name)\ndata: \(String(buffer: json))\n\n"
        let late = state.withLock { state -> [Listener] in
            var event = ByteBuffer(string: text)
            if isStanding {
                if let place = state.standing.firstIndex(where: { $0.name == name }) {
                    state.standing[place].text = event
                } else {
                    state.standing.append((name, event))
                }
            }
            if isKept {
                state.last += 1
                event = ByteBuffer(string: "id: \(run)-\(state.last)\n\(text)")
                state.recent.append((state.last, event))
                if state.recent.count > Self.kept { state.recent.removeFirst(state.recent.count - Self.kept) }
            }
            return Self.yield(event, in: &state)
        }
        for listener in late { listener.stream.finish() }
    }

    /// Gives back those who are too far behind.
    private static func yield(_ event: ByteBuffer, in state: inout State) -> [Listener] {
        var late: [Listener] = []
        for (id, listener) in state.listeners {
            if case .dropped = listener.stream.yield(event) {
                late.append(listener)
                state.listeners[id] = nil
            }
        }
        return late
    }

    /// Everything from now on, and what was missed since the event of this id.
    package func listen(after id: String?) -> (id: Int, stream: AsyncStream<ByteBuffer>) {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ByteBuffer.self, bufferingPolicy: .bufferingOldest(Self.kept + Self.backlog))
        continuation.yield(ByteBuffer(string: "retry: 2000\n\n"))
        let number = state.withLock { state -> Int? in
            guard !state.isFinished else { return nil }
            if let last = position(id, state.last) {
                for event in state.recent where event.id > last { continuation.yield(event.text) }
            }
            for event in state.standing { continuation.yield(event.text) }
            state.nextListener += 1
            state.listeners[state.nextListener] = Listener(stream: continuation)
            return state.nextListener
        }
        if number == nil { continuation.finish() }
        return (number ?? 0, stream)
    }

    /// The number in an id of this run.
    private func position(_ id: String?, _ last: Int) -> Int? {
        guard let parts = id?.split(separator: "-"), parts.count == 2, parts[0] == run else { return nil }
        return Int(parts[1]).flatMap { 0...last ~= $0 ? $0 : nil }
    }

    package func leave(_ id: Int) {
        let listener = state.withLock { $0.listeners.removeValue(forKey: id) }
        listener?.stream.finish()
    }

    /// Ends all streams.
    package func finish() {
        let all = state.withLock { state in
            state.isFinished = true
            let all = Array(state.listeners.values)
            state.listeners = [:]
            return all
        }
        for listener in all { listener.stream.finish() }
    }
}
