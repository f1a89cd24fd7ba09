import NIOCore
import Synchronization

/// Counts things that clients hold, in all and by address.
final class ConnectionCensus: Sendable {
    private struct Counts {
        var all = 0
        var byAddress: [String: Int] = [:]
    }

    private let most: Int
    private let mostPerAddress: Int
    private let counts = Mutex(Counts())

    init(most: Int, mostPerAddress: Int) {
        self.most = most
        self.mostPerAddress = mostPerAddress
    }

    var count: Int { counts.withLock { $0.all } }

    /// Counts one more; false when that would be too many.
    func enter(_ address: String) -> Bool {
        counts.withLock { counts in
            let own = counts.byAddress[address, default: 0]
            guard counts.all < most, own < mostPerAddress else { return false }
            counts.all += 1
            counts.byAddress[address] = own + 1
            return true
        }
    }

    func leave(_ address: String) {
        counts.withLock { counts in
            counts.all -= 1
            let own = counts.byAddress[address, default: 1] - 1
            counts.byAddress[address] = own > 0 ? own : nil
        }
    }

    /// Counts one more until the seat is gone; nil when that would be too many.
    func seat(_ address: String) -> Seat? { enter(address) ? Seat(self, address) : nil }

    /// What counts as one client: an IPv4 address, or the network of an IPv6 address, whose other half a device
    /// chooses as it likes.
    static func name(of address: SocketAddress?) -> String {
        guard let text = address?.ipAddress else { return "?" }
        if text.hasPrefix("::ffff:"), text.contains(".") { return String(text.dropFirst(7)) }
        guard text.contains(":"), case .v6(let address)? = address else { return text }
        return withUnsafeBytes(of: address.address.sin6_addr) { bytes in
            bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
        }
    }
}

/// A place in a census that is left with its last use: an answer that is never written leaves it too.
final class Seat: Sendable {
    private let census: ConnectionCensus
    private let address: String

    fileprivate init(_ census: ConnectionCensus, _ address: String) {
        self.census = census
        self.address = address
    }

    deinit { census.leave(address) }
}
