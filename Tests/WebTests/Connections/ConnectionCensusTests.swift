import NIOCore
import Testing

@testable import Web

@Suite("Counting connections")
struct ConnectionCensusTests {
    private func name(_ address: String) throws -> String {
        ConnectionCensus.name(of: try SocketAddress(ipAddress: address, port: 80))
    }

    @Test("there is a limit in all and one per address")
    func limits() {
        let census = ConnectionCensus(most: 3, mostPerAddress: 2)
        #expect(census.enter("a") && census.enter("a"))
        #expect(!census.enter("a"))
        #expect(census.enter("b"))
        #expect(!census.enter("c"))
        #expect(census.count == 3)
        census.leave("a")
        #expect(census.enter("c"))
        #expect(!census.enter("a"))
        for address in ["a", "b", "c"] { census.leave(address) }
        #expect(census.count == 0)
        #expect(census.enter("a") && census.enter("a") && !census.enter("a"))
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
