import Testing

import Web

@Suite("Turnstile")
struct TurnstileTests {
    /// Something that takes a place until it is told to leave.
    private func guest(_ turnstile: Turnstile) -> (
        task: Task<Bool, Never>, leave: @Sendable () -> Void, isIn: AsyncStream<Void>
    ) {
        let (leaving, leave) = AsyncStream.makeStream(of: Void.self)
        let (isIn, comesIn) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            let passed: Void? = await turnstile.pass {
                comesIn.yield()
                for await _ in leaving { break }
            }
            comesIn.finish()
            return passed != nil
        }
        return (task, { leave.yield() }, isIn)
    }

    @Test("a place is free again after each guest, also after one that failed")
    func again() async throws {
        struct Failure: Error {}
        let turnstile = Turnstile(places: 1, patience: .zero)
        for number in 0..<5 {
            #expect(await turnstile.pass { number } == number)
            await #expect(throws: Failure.self) { try await turnstile.pass { throw Failure() } }
        }
    }

    @Test("as many as there are places may wait, and nobody more")
    func line() async throws {
        let turnstile = Turnstile(places: 1, patience: .seconds(60))
        let first = guest(turnstile)
        for await _ in first.isIn { break }
        let others = (0..<5).map { _ in guest(turnstile) }
        // All but the one that waits are sent away at once.
        let (results, result) = AsyncStream.makeStream(of: Bool.self)
        let watches = others.map { other in Task { _ = result.yield(await other.task.value) } }
        var sentAway = 0
        for await passed in results {
            #expect(!passed)
            sentAway += 1
            if sentAway == 4 { break }
        }
        for other in others { other.leave() }
        first.leave()
        #expect(await first.task.value)
        for watch in watches { await watch.value }
        var passed = 0
        for other in others where await other.task.value { passed += 1 }
        #expect(passed == 1)
    }

    @Test("waiting has an end")
    func patience() async throws {
        let turnstile = Turnstile(places: 1, patience: .milliseconds(50))
        let first = guest(turnstile)
        for await _ in first.isIn { break }
        #expect(await guest(turnstile).task.value == false)
        first.leave()
        #expect(await first.task.value)
        #expect(await turnstile.pass { 1 } == 1)
    }
}
