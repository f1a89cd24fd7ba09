/// Lets a few in at once; as many again may wait a while. What is held for each is therefore bounded.
package actor Turnstile {
    private let places: Int
    private let patience: Duration
    private var taken = 0
    private var line: [(ticket: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    private var nextTicket = 0

    package init(places: Int, patience: Duration) {
        self.places = places
        self.patience = patience
    }

    /// Does something when there is a place; nil when there was none in time.
    package func pass<Result: Sendable>(_ body: @Sendable () async throws -> Result) async rethrows -> Result? {
        guard await enter() else { return nil }
        defer { leave() }
        return try await body()
    }

    private func enter() async -> Bool {
        if taken < places {
            taken += 1
            return true
        }
        guard line.count < places else { return false }
        let ticket = nextTicket
        nextTicket += 1
        let timeout = Task {
            guard (try? await Task.sleep(for: self.patience)) != nil else { return }
            self.giveUp(ticket)
        }
        defer { timeout.cancel() }
        return await withCheckedContinuation { line.append((ticket, $0)) }
    }

    private func giveUp(_ ticket: Int) {
        guard let place = line.firstIndex(where: { $0.ticket == ticket }) else { return }
        line.remove(at: place).continuation.resume(returning: false)
    }

    private func leave() {
        // The place goes on to who waits longest.
        if line.isEmpty { taken -= 1 } else { line.removeFirst().continuation.resume(returning: true) }
    }
}
