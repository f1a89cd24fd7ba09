import NIOCore
import Synchronization
import Testing

import Web

@Suite("Counting connections")
struct ConnectionCensusTests {
    private func name(_ address: String) throws -> String {
        ConnectionCensus.name(of: try SocketAddress(ipAddress: address, port: 80))
    }

    @Test("there is a limit in all and one per address")
    func limits() {
        let census = ConnectionCensus(most: 3, mostPerAddress: 2)
        var seats = ["a", "a", "b"].map { census.seat($0) }
        #expect(seats.allSatisfy { $0 != nil } && census.count == 3)
        #expect(census.seat("a") == nil && census.seat("c") == nil)
        seats[0] = nil
        #expect(census.count == 2)
        let next = census.seat("c")
        #expect(next != nil && census.seat("a") == nil)
        seats = []
        #expect(census.count == 1)
        seats = ["a", "a"].map { census.seat($0) }
        #expect(seats.allSatisfy { $0 != nil } && census.seat("a") == nil)
        withExtendedLifetime(next) {}
    }

    @Test("what is idle makes room: of the address with most, what was idle first")
    func idle() {
        let crowd = Crowd(ConnectionCensus(most: 6, mostPerAddress: 6))
        for name in ["a1", "a2", "a3", "b1", "b2", "c1"] { #expect(crowd.add(name)) }
        for name in ["b1", "a3", "a2", "c1"] { crowd.rest(name) }
        #expect(crowd.add("d1") && crowd.gone == ["a3"])
        // Each has two at most now; the one of b has been idle for longer than the one of a.
        #expect(crowd.add("d2") && crowd.gone == ["a3", "b1"])
        #expect(crowd.census.count == 6)
        #expect(crowd.add("a4") && crowd.gone == ["a3", "b1", "a2"])
        #expect(crowd.idle == ["a3", "b1", "a2"])
    }

    @Test("what is in use again does not count as idle")
    func inUse() {
        let crowd = Crowd(ConnectionCensus(most: 2, mostPerAddress: 2))
        for name in ["a1", "a2"] {
            #expect(crowd.add(name))
            crowd.rest(name)
        }
        crowd.work("a1")
        #expect(crowd.add("a3") && crowd.gone == ["a2"])
        #expect(!crowd.add("a4"))
    }

    @Test("an address that has all it may have makes room for itself out of its own")
    func own() {
        let crowd = Crowd(ConnectionCensus(most: 9, mostPerAddress: 2))
        for name in ["a1", "a2", "b1", "b2"] { #expect(crowd.add(name)) }
        for name in ["b1", "b2"] { crowd.rest(name) }
        #expect(!crowd.add("a3"))
        crowd.rest("a2")
        #expect(crowd.add("a3") && crowd.gone == ["a2"])
    }

    @Test("one address with everything in use gives places to those who have fewer, until they have as many")
    func share() {
        let crowd = Crowd(ConnectionCensus(most: 6, mostPerAddress: 6))
        for name in ["a1", "a2", "a3", "a4", "a5", "a6"] { #expect(crowd.add(name)) }
        #expect(!crowd.add("a7"))
        for name in ["b1", "c1", "b2", "c2"] { #expect(crowd.add(name)) }
        #expect(crowd.gone == ["a1", "a2", "a3", "a4"] && crowd.idle.isEmpty)
        #expect(!crowd.add("b3") && !crowd.add("a7"))
        #expect(crowd.add("d1") && crowd.census.count == 6)
    }

    @Test("an address with most takes nothing from those with fewer, not even what is idle")
    func most() {
        let crowd = Crowd(ConnectionCensus(most: 4, mostPerAddress: 4))
        for name in ["a1", "a2", "a3", "b1"] { #expect(crowd.add(name)) }
        crowd.rest("b1")
        #expect(!crowd.add("a4") && crowd.gone.isEmpty)
        #expect(crowd.add("c1") && crowd.gone == ["b1"])
    }

    @Test("fifty guests behind one address have a stream each, and a guest elsewhere has one too")
    func guestsBehindOneAddress() {
        let options = WebOptions()
        let streams = Crowd(
            ConnectionCensus(most: options.mostEventStreams, mostPerAddress: options.mostEventStreamsPerAddress))
        for guest in 1...50 { #expect(streams.add("a\(guest)")) }
        for address in "bcde" { for stream in 1...50 { _ = streams.add("\(address)\(stream)") } }
        #expect(streams.add("f1"))
        #expect(streams.census.count == options.mostEventStreams)
        let viewers = Crowd(ConnectionCensus(most: options.mostViewers, mostPerAddress: options.mostViewersPerAddress))
        for guest in 1...50 { #expect(viewers.add("a\(guest)")) }
        for one in 1...50 { _ = viewers.add("b\(one)") }
        #expect(viewers.add("c1"))
    }

    @Test("an IPv4 address is one client, whichever way it comes")
    func version4() throws {
        #expect(try name("192.168.1.20") == "192.168.1.20")
        #expect(try name("::ffff:192.168.1.20") == "192.168.1.20")
        #expect(try name("192.168.1.21") != name("192.168.1.20"))
    }

    @Test("all addresses of an IPv6 network are one client")
    func version6() throws {
        #expect(try name("2001:db8:1:2::1") == name("2001:db8:1:2:ffff:1234:5678:9abc"))
        #expect(try name("2001:db8:1:2::1") != name("2001:db8:1:3::1"))
        #expect(try name("fe80::1") != name("2001:db8::1"))
    }

    @Test("no address is a client too")
    func unknown() { #expect(ConnectionCensus.name(of: nil) == "?") }
}

/// Seats by name; the first letter is the address.
private final class Crowd {
    let census: ConnectionCensus
    private var seats: [String: Seat] = [:]
    private let log = Log()

    /// Who gave up a place, in that order.
    var gone: [String] { log.names.withLock { $0.gone } }
    /// Who gave up an idle one.
    var idle: [String] { log.names.withLock { $0.idle } }

    init(_ census: ConnectionCensus) { self.census = census }

    func add(_ name: String) -> Bool {
        guard let seat = census.seat(String(name.prefix(1))) else { return false }
        seats[name] = seat
        seat.whenWanted { [log] wasIdle in
            log.names.withLock { names in
                names.gone.append(name)
                if wasIdle { names.idle.append(name) }
            }
        }
        return true
    }

    func rest(_ name: String) { seats[name]?.setIdle(true) }

    func work(_ name: String) { seats[name]?.setIdle(false) }
}

private final class Log: Sendable {
    let names = Mutex<(gone: [String], idle: [String])>(([], []))
}
