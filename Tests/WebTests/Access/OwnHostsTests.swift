import HTTPTypes
import Hummingbird
import Testing

import Web

@Suite("The server's own names")
struct OwnHostsTests {
    private let hosts = OwnHosts(names: ["animesnap.local", "Booth.Example"], port: 8080)

    @Test(
        "a Host header has a name and perhaps a port",
        arguments: [
            ("localhost", "localhost"), ("LocalHost:8080", "localhost"), ("animesnap.local.", "animesnap.local"),
            ("animesnap.local.:80", "animesnap.local"), ("192.168.1.20:8080", "192.168.1.20"), ("[::1]", "::1"),
            ("[FE80::1]:8080", "fe80::1"), ("a:", "a"),
        ])
    func names(_ header: String, _ name: String) { #expect(OwnHosts.name(in: header) == name) }

    @Test(
        "what is no Host header has no name",
        arguments: [
            "", ":80", "[::1", "[::1]x", "[::1]:8a", "a:b", "a:80:90", "::1", "a:-1", "a:٣",
            String(repeating: "a", count: 256),
        ])
    func noNames(_ header: String) { #expect(OwnHosts.name(in: header) == nil) }

    @Test(
        "the machine is called by its names and addresses",
        arguments: [
            "localhost", "localhost:8080", "LOCALHOST", "localhost.", "127.0.0.1", "127.0.0.1:1", "[::1]:8080",
            "animesnap.local", "AnimeSnap.Local.:8080", "booth.example",
        ])
    func own(_ header: String) { #expect(hosts.contain(header)) }

    @Test(
        "every other name is foreign",
        arguments: [
            "", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "animesnap.local.evil.example",
            "evil-animesnap.local", "127.0.0.1@evil.example", "127.0.0.1/", "localhost evil", "198.51.100.7",
            "[2001:db8::7]",
            "0.0.0.0", "127.1", "2130706433", "[::ffff:127.0.0.1]", "local", "animesnap", "localhost..",
        ])
    func foreign(_ header: String) { #expect(!hosts.contain(header)) }

    @Test("the address for others is the one that the client used")
    func address() {
        #expect(hosts.address(for: "animesnap.local:8080") == "http://animesnap.local:8080")
        #expect(hosts.address(for: "booth.example") == "http://booth.example")
    }

    @Test("the loopback is of no use to others", arguments: ["localhost:9", "127.0.0.1:9", "[::1]:9"])
    func loopback(_ header: String) {
        let address = hosts.address(for: header)
        #expect(address.hasPrefix("http://") && address.hasSuffix(":8080") && !address.contains("127.0.0.1"))
        hosts.listens(on: 80)
        #expect(!hosts.address(for: header).dropFirst(7).contains(":"))
    }

    @Test("addresses that are told to people are complete and lead elsewhere than the loopback")
    func reachable() {
        for address in hosts.reachable {
            #expect(address.hasPrefix("http://") && address.hasSuffix(":8080/"))
            #expect(!address.contains("127.0.0.1") && !address.contains("[::1]") && !address.contains("fe80"))
        }
    }
}

@Suite("Requests of other sites")
struct SameOriginTests {
    private func check(_ headers: [(String, String)]) throws {
        var fields = HTTPFields()
        for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
        let head = HTTPRequest(method: .post, scheme: nil, authority: "a:1", path: "/", headerFields: fields)
        try SameOrigin.check(Request(head: head, body: RequestBody(buffer: .init())), host: "AnimeSnap.local:8080")
    }

    @Test(
        "own pages and tools may ask",
        arguments: [
            [], [("Origin", "http://animesnap.local:8080")], [("Origin", "http://ANIMESNAP.local:8080")],
            [("Sec-Fetch-Site", "same-origin")], [("Sec-Fetch-Site", "none")],
            [("Sec-Fetch-Site", "same-origin"), ("Cookie", "session=1")],
            [("Origin", "http://animesnap.local:8080"), ("Cookie", "session=1")],
        ])
    func own(_ headers: [(String, String)]) throws { try check(headers) }

    @Test(
        "pages from elsewhere may not",
        arguments: [
            [("Origin", "http://evil.example")], [("Origin", "null")], [("Origin", "")],
            [("Origin", "https://animesnap.local:8080")], [("Origin", "http://animesnap.local")],
            [("Origin", "http://animesnap.local:80801")], [("Origin", "http://animesnap.local:8080.evil.example")],
            [("Sec-Fetch-Site", "cross-site")], [("Sec-Fetch-Site", "same-site")], [("Sec-Fetch-Site", "")],
            [("Origin", "http://animesnap.local:8080"), ("Sec-Fetch-Site", "cross-site")],
            [("Origin", "http://evil.example"), ("Sec-Fetch-Site", "same-origin")],
        ])
    func foreign(_ headers: [(String, String)]) {
        let problem = #expect(throws: Problem.self) { try check(headers) }
        #expect(problem?.status == .forbidden)
    }

    @Test("a cookie needs a page that it comes from")
    func cookie() {
        let problem = #expect(throws: Problem.self) { try check([("Cookie", "session=1")]) }
        #expect(problem?.status == .forbidden)
    }
}
