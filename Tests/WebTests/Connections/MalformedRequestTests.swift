import Testing
import Web

@Suite("Requests that are no good HTTP")
struct MalformedRequestTests {
    /// Sends bytes and gives back what comes: the status, or nil when the connection is ended without an answer.
    private static func status(_ site: Site, _ bytes: [UInt8], endsSending: Bool = false) async throws -> (
        status: Int?, isClosed: Bool
    ) {
        let wire = try site.connect()
        await wire.offer(bytes)
        if endsSending { wire.endSending() }
        _ = await wire.wait { wire.received.firstRange(of: [13, 10, 13, 10]) != nil }
        if wire.received.isEmpty { return (nil, wire.isEnded) }
        let answer = try await wire.answer()
        #expect(answer.isProblem(answer.status) || answer.status < 400)
        return (answer.status, await wire.isClosed())
    }

    private static func check(_ cases: [String], endsSending: Bool = false) async throws {
        try await withServer(nil, { $0.limits.firstHead = .seconds(3) }) { site in
            for text in cases {
                let bytes = Array(text.replacing("HOST", with: site.host).utf8)
                let (status, isClosed) = try await Self.status(site, bytes, endsSending: endsSending)
                #expect(isClosed && status ?? 400 >= 400, "\(text.prefix(200).debugDescription): \(status ?? 0)")
            }
            #expect(site.appliance.deeds.isEmpty)
            #expect(try await site.servesHonestClients())
            #expect(try await site.isFree())
        }
    }

    @Test("heads that are none are refused and end the connection")
    func heads() async throws {
        try await Self.check([
            "nonsense\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/9.9\r\nHost: HOST\r\n\r\n",
            "GET / HTTX/1.1\r\nHost: HOST\r\n\r\n",
            "GE T / HTTP/1.1\r\nHost: HOST\r\n\r\n", "\u{16}\u{3}\u{1}\u{0}\u{A5}\u{1}\u{0}\u{0}\u{A1}\u{3}\u{3}",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/1.1\r\nHost: HOST\r\nNo colon\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: HOST\r\nA b: c\r\n\r\n", "GET / HTTP/1.1\r\nHost: HOST\r\nA : c\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: HOST\r\n: c\r\n\r\n", "GET / HTTP/1.1\r\nHost: HOST\r\nA: b\u{0}c\r\n\r\n",
            "GET /\u{0} HTTP/1.1\r\nHost: HOST\r\n\r\n", "GET /\u{1}x HTTP/1.1\r\nHost: HOST\r\n\r\n",
            "GET /\u{7F} HTTP/1.1\r\nHost: HOST\r\n\r\n", "GET / HTTP/1.1\r\nHost: HOST\r\nA: b\r\n folded\r\n\r\n",
            "GET / HTTP/1.1\rHost: HOST\r\r", "HTTP/1.1 200 OK\r\n\r\n",
        ])
    }

    @Test("line ends without a carriage return are refused")
    func lineFeeds() async throws {
        try await Self.check([
            "GET / HTTP/1.1\nHost: HOST\n\n", "GET / HTTP/1.1\r\nHost: HOST\nA: b\r\n\r\n",
            "POST /api/snap HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\n\r\n",
        ])
    }

    @Test("a request that could be read in two ways is refused")
    func smuggling() async throws {
        let snap = "POST /api/snap HTTP/1.1\r\nHost: HOST\r\n"
        let chunked = "Transfer-Encoding: chunked\r\n"
        try await Self.check([
            snap + "Content-Length: 4\r\n\(chunked)\r\n0\r\n\r\n",
            snap + "\(chunked)Content-Length: 4\r\n\r\n0\r\n\r\n",
            snap + "Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}  ", snap + "Content-Length: 2, 4\r\n\r\n{}  ",
            snap + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            snap + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            snap + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
            snap + "Transfer-Encoding:\u{B}chunked\r\n\r\n0\r\n\r\n",
            snap + "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}",
        ])
    }

    @Test("a length that is none is refused")
    func lengths() async throws {
        let start = "POST /api/session HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: "
        try await Self.check(
            ["-1", "+2", "2x", "0x2", "", "99999999999999999999999", "18446744073709551617", "2 2", "1.0", "٢"].map {
                "\(start)\($0)\r\n\r\n{}"
            })
    }

    @Test("a length that promises more than comes is not waited for")
    func lyingLength() async throws {
        let start = "HTTP/1.1\r\nHost: HOST\r\nContent-Type: image/jpeg\r\nContent-Length: "
        try await Self.check(
            ["POST /api/uploads \(start)1000\r\n\r\nshort", "POST /api/uploads \(start)24000000\r\n\r\n"],
            endsSending: true)
        try await Self.check(["POST /api/uploads \(start)9223372036854775807\r\n\r\n"])
    }

    @Test("chunks that are none are refused")
    func chunks() async throws {
        let start =
            "POST /api/uploads HTTP/1.1\r\nHost: HOST\r\nContent-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n"
        try await Self.check(
            [
                "zz\r\n", "-1\r\nx", "FFFFFFFFFFFFFFFFFF\r\nx", "2\r\nabcd\r\n0\r\n\r\n", "\r\n\r\n",
                "0x2\r\nab\r\n0\r\n\r\n",
                "2\nab\n0\n\n", " 2\r\nab\r\n0\r\n\r\n", "2\r\nab0\r\n\r\n",
            ].map { start + $0 })
    }

    @Test("too many or too long fields are refused, and so is a long address")
    func longHeads() async throws {
        try await withServer { site in
            let start = "GET / HTTP/1.1\r\nHost: \(site.host)\r\n"
            let fields = (0..<10_000).map { "X-\($0): a\r\n" }.joined()
            let heads = [
                start + fields + "\r\n", start + "X: " + String(repeating: "a", count: 5_000_000),
                start + String(repeating: "a", count: 1_000_000),
                "GET /" + String(repeating: "a", count: 1_000_000) + " HTTP/1.1\r\nHost: \(site.host)\r\n\r\n",
                String(repeating: "A", count: 1_000_000),
                start + "Cookie: " + String(repeating: "a=b;", count: 6000) + "\r\n\r\n",
            ]
            for (index, head) in heads.enumerated() {
                let wire = try site.connect()
                let offered = Array(head.utf8)
                await wire.offer(offered)
                _ = await wire.wait { wire.received.firstRange(of: [13, 10, 13, 10]) != nil }
                // The connection may be gone before the answer is read.
                if !wire.received.isEmpty {
                    let answer = try await wire.answer()
                    #expect(
                        answer.isProblem(431) || answer.isProblem(414) || answer.isProblem(400),
                        "head \(index): \(answer.status)")
                }
                #expect(await wire.isClosed(), "head \(index)")
            }
            #expect(try await site.servesHonestClients())
            #expect(try await site.isFree())
        }
    }

    @Test("addresses that are no paths of this server are refused")
    func targets() async throws {
        try await withServer { site in
            let targets = [
                "CONNECT evil.example:443", "CONNECT /", "OPTIONS *", "GET *", "GET api/pictures", "GET ?x",
                "GET evil.example:80",
            ]
            for target in targets {
                let wire = try site.connect()
                try await wire.send("\(target) HTTP/1.1\r\nHost: \(site.host)\r\nConnection: close\r\n\r\n")
                let answer = try await wire.answer()
                #expect(answer.status >= 400 && answer.isProblem(answer.status), "\(target): \(answer.status)")
            }
            #expect(try await site.isFree())
        }
    }

    @Test("an address may be written as proxies are asked, and leads to this server alone")
    func absoluteTargets() async throws {
        try await withServer { site in
            for (target, host, status) in [
                ("http://\(site.host)/api/jobs", site.host, 200), ("http://\(site.host)/nothing", site.host, 404),
                ("http://evil.example/", "evil.example", 421),
                ("http://evil.example/files/../../etc/passwd", site.host, 404),
            ] {
                let wire = try site.connect()
                try await wire.send("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
                #expect(try await wire.answer().status == status, "\(target)")
            }
        }
    }

    @Test("a request names one machine, and this one")
    func hosts() async throws {
        try await withServer { site in
            let heads = [
                "", "Host: \(site.host)\r\nHost: evil.example\r\n", "Host: evil.example\r\nHost: \(site.host)\r\n",
                "Host: \(site.host), evil.example\r\n", "Host: evil.example\r\n",
                "Host: evil.example\r\nX-Forwarded-Host: localhost\r\n",
                "Host: localhost\u{0}.evil.example\r\n", "Host: localhost evil.example\r\n", "Host: [::1\r\n",
                "Host: a@localhost\r\n",
                "Host: localhost:80:80\r\n", "Host:\r\n",
            ]
            for head in heads {
                let wire = try site.connect()
                try await wire.send("GET /api/pictures HTTP/1.1\r\n\(head)\r\n")
                let answer = try await wire.answer()
                #expect(
                    [400, 421].contains(answer.status) && answer.isProblem(answer.status), "\(head): \(answer.status)")
            }
            #expect(try await site.servesHonestClients())
        }
    }

    @Test("other protocols are not spoken")
    func upgrades() async throws {
        try await withServer { site in
            for fields in [
                ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAA"],
                ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"],
            ] {
                let wire = try site.connect()
                try await wire.send(site.head("GET", "/api/jobs", fields))
                #expect(try await wire.answer().status == 200)
            }
            #expect(try await site.isFree())
        }
    }

    @Test("any bytes do no harm")
    func noise() async throws {
        try await withServer(nil, { $0.limits.firstHead = .milliseconds(500) }) { site in
            var state: UInt64 = 42
            for _ in 0..<40 {
                let bytes = (0..<2000).map { _ -> UInt8 in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return UInt8(truncatingIfNeeded: state >> 33)
                }
                let wire = try site.connect()
                await wire.offer(bytes)
                #expect(await wire.isClosed())
            }
            #expect(try await site.servesHonestClients())
            #expect(try await site.isFree())
        }
    }
}
