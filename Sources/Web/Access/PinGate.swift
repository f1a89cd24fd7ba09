/// Lets in who knows the PIN, and makes guessing take for ever.
///
/// After five wrong tries an address has to wait 1, 2, 4 ... 60 seconds. All addresses together have a hundred wrong
/// tries, of which one comes back every six seconds: a million PINs take two months even for a thousand phones.
package actor PinGate {
    package enum Verdict: Equatable {
        case right, wrong
        /// Not even looked at; seconds to wait.
        case locked(Int)
    }

    private struct Tries {
        var wrong = 0
        var lockedUntil: ContinuousClock.Instant?
        var last: ContinuousClock.Instant
    }

    private static let free = 5
    private static let longest = 60
    private static let mostTogether = 100.0
    private static let secondsPerTry = 6.0
    private static let mostAddresses = 256

    private let isRight: @Sendable (String) async -> Bool
    private let clock: @Sendable () -> ContinuousClock.Instant
    private var tries: [String: Tries] = [:]
    private var together = PinGate.mostTogether
    private var togetherAt: ContinuousClock.Instant
    private var isChecking = false

    package init(
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now },
        isRight: @escaping @Sendable (String) async -> Bool
    ) {
        self.clock = clock
        self.isRight = isRight
        togetherAt = clock()
    }

    package func enter(_ pin: String, from address: String) async -> Verdict {
        let now = clock()
        if let until = tries[address]?.lockedUntil, until > now { return .locked(Self.seconds(until - now)) }
        together = min(Self.mostTogether, together + Self.seconds(exactly: now - togetherAt) / Self.secondsPerTry)
        togetherAt = now
        if together < 1 { return .locked(Int(Self.secondsPerTry)) }
        // One at a time: a flood must not become as many hashes.
        if isChecking { return .locked(1) }
        isChecking = true
        defer { isChecking = false }
        if await isRight(pin) {
            tries[address] = nil
            return .right
        }
        together -= 1
        note(address, at: now)
        return .wrong
    }

    private func note(_ address: String, at now: ContinuousClock.Instant) {
        if tries.count >= Self.mostAddresses, tries[address] == nil,
            let oldest = tries.min(by: { $0.value.last < $1.value.last })
        {
            tries[oldest.key] = nil
        }
        var own = tries[address] ?? Tries(last: now)
        own.wrong += 1
        own.last = now
        if own.wrong >= Self.free {
            let wait = min(Self.longest, 1 << min(own.wrong - Self.free, 6))
            own.lockedUntil = now + .seconds(wait)
        }
        tries[address] = own
    }

    private static func seconds(_ duration: Duration) -> Int { max(1, Int(seconds(exactly: duration).rounded(.up))) }

    private static func seconds(exactly duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}
