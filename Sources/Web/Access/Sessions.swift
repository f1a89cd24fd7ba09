import HTTPTypes
import Synchronization

/// Who has given the PIN. Sessions live in memory: a restart ends them, and so does another PIN.
package final class Sessions: Sendable {
    package static let lifetime = Duration.seconds(12 * 3600)
    private static let most = 32

    private struct Session {
        let token: [UInt8]
        let edition: String
        let ends: ContinuousClock.Instant
    }

    private let sessions = Mutex<[Session]>([])
    private let edition: @Sendable () -> String

    /// - Parameter edition: Names the PIN that counts now.
    package init(edition: @escaping @Sendable () -> String = { "" }) { self.edition = edition }

    /// Begins a session and gives back its token, 256 random bits as 64 digits.
    ///
    /// - Parameter edition: The PIN that was given, as it was named before it was checked: one that is made meanwhile
    ///   must not count as given.
    /// - Returns: The token.
    package func begin(edition: String = "") -> String {
        var random = SystemRandomNumberGenerator()
        let words = (0..<4).map { _ in UInt64.random(in: .min ... .max, using: &random) }
        let token = words.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
        let now = ContinuousClock.now
        sessions.withLock { sessions in
            sessions.removeAll { $0.ends <= now }
            // The oldest has to go: the host's own devices are never that many.
            if sessions.count >= Self.most { sessions.removeFirst() }
            sessions.append(Session(token: Array(token.utf8), edition: edition, ends: now + Self.lifetime))
        }
        return token
    }

    package func contain(_ token: String?) -> Bool {
        guard let token else { return false }
        let now = ContinuousClock.now
        let bytes = Array(token.utf8)
        let found = sessions.withLock { sessions in
            sessions.reduce(String?.none) { found, session in
                let isEqual = equalInConstantTime(session.token, bytes)
                return isEqual && session.ends > now ? session.edition : found
            }
        }
        return found.map { $0 == edition() } ?? false
    }

    package func end(_ token: String?) {
        guard let token else { return }
        sessions.withLock { sessions in sessions.removeAll { $0.token == Array(token.utf8) } }
    }

    /// The token in the Cookie header.
    package static func token(in headers: HTTPFields) -> String? {
        guard let text = headers[.cookie] else { return nil }
        for pair in text.split(separator: ";") {
            let trimmed = pair.drop { $0 == " " }
            if trimmed.hasPrefix("session=") { return String(trimmed.dropFirst(8)) }
        }
        return nil
    }
}

/// Compares without telling by its time where the difference is.
package func equalInConstantTime(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
