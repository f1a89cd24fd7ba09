import NIOCore
import Synchronization

/// Shares a number of places among clients, by address.
///
/// Guests of a Wi-Fi behind a router all come from one address, so one address may take most of the places. What keeps
/// a hostile one from taking everything is that places are given up for others: first those that are kept for later
/// use only, of the address with most; then those of an address that has at least two more than who comes. So any
/// number of places that few addresses hold is shared out to more of them, and nobody can crowd out who has less.
package final class ConnectionCensus: Sendable {
    fileprivate struct Place {
        let address: String
        /// In the order in which places were taken, put to use or left idle.
        var since: Int
        var isIdle = false
        /// Lets the place go; nil where nothing can.
        var giveUp: (@Sendable (_ wasIdle: Bool) -> Void)?
    }

    private struct State {
        var places: [Int: Place] = [:]
        var byAddress: [String: Int] = [:]
        /// Counts up with all that happens, and names the seats.
        var now = 0

        mutating func remove(_ id: Int) -> Place? {
            guard let place = places.removeValue(forKey: id) else { return nil }
            let own = byAddress[place.address, default: 1] - 1
            byAddress[place.address] = own > 0 ? own : nil
            return place
        }
    }

    private let most: Int
    private let mostPerAddress: Int
    private let state = Mutex(State())

    package init(most: Int, mostPerAddress: Int) {
        self.most = most
        self.mostPerAddress = mostPerAddress
    }

    package var count: Int { state.withLock { $0.places.count } }

    /// Counts one more until the seat is left; nil when that would be too many and nobody gives up a place.
    package func seat(_ address: String) -> Seat? {
        let (id, displaced) = state.withLock { state -> (Int?, Place?) in
            let own = state.byAddress[address, default: 0]
            var displaced: Place?
            if own >= mostPerAddress || state.places.count >= most {
                guard let id = whoGivesUp(for: address, own, state) else { return (nil, nil) }
                displaced = state.remove(id)
            }
            state.now += 1
            state.places[state.now] = Place(address: address, since: state.now)
            state.byAddress[address, default: 0] += 1
            return (state.now, displaced)
        }
        if let displaced { displaced.giveUp?(displaced.isIdle) }
        return id.map { Seat(self, $0) }
    }

    private func whoGivesUp(for address: String, _ own: Int, _ state: State) -> Int? {
        func count(_ place: Place) -> Int { state.byAddress[place.address, default: 0] }
        let willing = state.places.filter { $0.value.giveUp != nil }
        // An address that has all it may have makes room out of its own; nobody who has fewer gives up anything.
        let idle = willing.filter { _, place in
            place.isIdle && (own < mostPerAddress ? count(place) >= own : place.address == address)
        }
        let busy = own < mostPerAddress ? willing.filter { count($0.value) > own + 1 } : [:]
        // Of the address with most, what has been so for longest: a stream that comes back by itself, say, and not a
        // request that is over in a moment.
        return (idle.isEmpty ? busy : idle).max { one, other in
            (count(one.value), -one.value.since) < (count(other.value), -other.value.since)
        }?.key
    }

    fileprivate func change(_ id: Int, _ body: (inout Place) -> Void) {
        state.withLock { state in
            state.now += 1
            let now = state.now
            guard var place = state.places[id] else { return }
            place.since = now
            body(&place)
            state.places[id] = place
        }
    }

    fileprivate func leave(_ id: Int) { _ = state.withLock { $0.remove(id) } }

    /// What counts as one client: an IPv4 address, or the network of an IPv6 address, whose other half a device
    /// chooses as it likes.
    package static func name(of address: SocketAddress?) -> String {
        guard let text = address?.ipAddress else { return "?" }
        if text.hasPrefix("::ffff:"), text.contains(".") { return String(text.dropFirst(7)) }
        guard text.contains(":"), case .v6(let address)? = address else { return text }
        return withUnsafeBytes(of: address.address.sin6_addr) { bytes in
            bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
        }
    }
}

/// A place in a census that is left with its last use: an answer that is never written leaves it too.
package final class Seat: Sendable {
    private let census: ConnectionCensus
    private let id: Int

    fileprivate init(_ census: ConnectionCensus, _ id: Int) {
        self.census = census
        self.id = id
    }

    /// Says how the place is given up for somebody else; until this is said it is kept. When it is asked for it, the
    /// place is the other's already.
    package func whenWanted(_ giveUp: @escaping @Sendable (_ wasIdle: Bool) -> Void) {
        census.change(id) { $0.giveUp = giveUp }
    }

    /// Says whether it is only kept for later use.
    package func setIdle(_ isIdle: Bool) { census.change(id) { $0.isIdle = isIdle } }

    deinit { census.leave(id) }
}
