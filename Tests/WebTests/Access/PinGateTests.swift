import Synchronization
import Testing

import Web

@Suite("Guessing the PIN")
struct PinGateTests {
    private let clock = TestClock()
    private let gate: PinGate

    init() {
        gate = PinGate(clock: { [clock] in clock.now }) { $0 == "424242" }
    }

    private func fail(_ times: Int, from address: String = "a") async {
        for _ in 0..<times { #expect(await gate.enter("000000", from: address) == .wrong) }
    }

    @Test("who knows the PIN comes in")
    func right() async { #expect(await gate.enter("424242", from: "a") == .right) }

    @Test("after five wrong tries even the right PIN has to wait")
    func locked() async {
        await fail(5)
        #expect(await gate.enter("424242", from: "a") == .locked(1))
        clock.pass(.milliseconds(999))
        #expect(await gate.enter("424242", from: "a") == .locked(1))
        clock.pass(.milliseconds(1))
        #expect(await gate.enter("424242", from: "a") == .right)
    }

    @Test("each further wrong try doubles the wait up to a minute")
    func backOff() async {
        await fail(5)
        for wait in [1, 2, 4, 8, 16, 32, 60, 60, 60] {
            #expect(await gate.enter("000000", from: "a") == .locked(wait))
            clock.pass(.seconds(wait))
            await fail(1)
        }
    }

    @Test("tries while it is locked do not make the wait longer")
    func triesWhileLocked() async {
        await fail(5)
        for _ in 0..<50 { #expect(await gate.enter("000000", from: "a") == .locked(1)) }
        clock.pass(.seconds(1))
        #expect(await gate.enter("424242", from: "a") == .right)
    }

    @Test("the right PIN forgets the wrong ones")
    func forgotten() async {
        await fail(4)
        #expect(await gate.enter("424242", from: "a") == .right)
        await fail(4)
        #expect(await gate.enter("424242", from: "a") == .right)
    }

    @Test("one address does not lock out another")
    func otherAddress() async {
        await fail(5)
        #expect(await gate.enter("424242", from: "b") == .right)
    }

    @Test("all addresses together have a hundred wrong tries, and one more every six seconds")
    func together() async {
        for number in 0..<100 { await fail(1, from: "\(number)") }
        #expect(await gate.enter("000000", from: "new") == .locked(6))
        #expect(await gate.enter("424242", from: "other") == .locked(6))
        clock.pass(.milliseconds(6001))
        await fail(1, from: "new")
        #expect(await gate.enter("000000", from: "newer") == .locked(6))
        clock.pass(.seconds(24 * 3600))
        for number in 100..<200 { await fail(1, from: "\(number)") }
        #expect(await gate.enter("000000", from: "last") == .locked(6))
    }

    @Test("one PIN is checked at a time")
    func oneAtATime() async {
        let (checks, begins) = AsyncStream.makeStream(of: Void.self)
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let slow = PinGate { _ in
            begins.yield()
            for await _ in ends { break }
            return true
        }
        let first = Task { await slow.enter("1", from: "a") }
        for await _ in checks { break }
        #expect(await slow.enter("2", from: "b") == .locked(1))
        end.yield()
        #expect(await first.value == .right)
    }

    @Test("a crowd of addresses does not hide one that guesses")
    func crowd() async {
        for number in 0..<600 {
            clock.pass(.seconds(7))
            await fail(1, from: "\(number)")
        }
        await fail(5, from: "late")
        #expect(await gate.enter("424242", from: "late") == .locked(1))
    }
}

/// A clock that stands still.
private final class TestClock: Sendable {
    private let value = Mutex(ContinuousClock.now)

    var now: ContinuousClock.Instant { value.withLock { $0 } }

    func pass(_ duration: Duration) { value.withLock { $0 += duration } }
}
