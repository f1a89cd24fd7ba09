import Testing
import Web

@Suite("What all answers have in common")
struct ProtocolTests {
    private static let pages = [
        "/", "/p/1", "/sw.js", "/manifest.webmanifest", "/icons/icon-192.png", "/assets/script/main.js", "/api/session",
        "/api/pictures", "/api/pictures/1", "/files/0001-photo.jpg", "/api/jobs", "/api/styles", "/styles/chalk.jpg",
        "/api/health", "/metrics", "/preview.jpg",
    ]

    private static func isGuarded(_ answer: Answer) -> Bool {
        answer["content-security-policy"]?.hasPrefix("default-src 'none'; script-src 'self'; ") == true
            && answer["content-security-policy"]?.hasSuffix("frame-ancestors 'none'") == true
            && answer["x-content-type-options"] == "nosniff" && answer["x-frame-options"] == "DENY"
            && answer["referrer-policy"] == "no-referrer" && answer["cross-origin-resource-policy"] == "same-origin"
            && answer["cross-origin-opener-policy"] == "same-origin"
    }

    @Test("every answer keeps pages to this server, errors too")
    func securityHeaders() async throws {
        try await withServer { site in
            try await site.appliance.rolling {
                let token = try await site.enter()
                for path in Self.pages + [
                    "/api/archive.zip", "/api/settings", "/api/history", "/nothing", "/files/x", "/api/qr.svg?path=x",
                ] {
                    let answer = try await site.get(path, cookie: token)
                    #expect(Self.isGuarded(answer), "\(path)")
                    #expect(answer["access-control-allow-origin"] == nil)
                }
                for (method, path) in [("DELETE", "/"), ("POST", "/api/snap"), ("PUT", "/api/pictures/9/pin")] {
                    #expect(Self.isGuarded(try await site.ask(method, path)), "\(method) \(path)")
                }
                for request in [
                    "nonsense\r\n\r\n", "GET / HTTP/1.1\r\nHost: evil\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
                    "GET x HTTP/1.1\r\nHost: \(site.host)\r\n\r\n",
                ] {
                    let wire = try site.connect()
                    try await wire.send(request)
                    let answer = try await wire.answer()
                    #expect(
                        answer.status >= 400 && Self.isGuarded(answer) && answer.isProblem(answer.status), "\(request)")
                }
            }
        }
    }

    @Test("HEAD tells what GET would, without a body, and the connection goes on")
    func head() async throws {
        try await withServer { site in
            try await site.appliance.rolling {
                let wire = try site.connect()
                for path in Self.pages {
                    try await wire.send(site.head("GET", path))
                    let get = try await wire.answer()
                    try await wire.send(site.head("HEAD", path))
                    let head = try await wire.answer(to: "HEAD")
                    #expect(get.status == 200 && head.status == 200, "\(path)")
                    for name in ["content-type", "etag", "cache-control", "vary"] {
                        #expect(head[name] == get[name], "\(path) \(name)")
                    }
                    if !["/metrics", "/preview.jpg", "/api/health"].contains(path) {
                        #expect(head["content-length"] == get["content-length"], "\(path)")
                    }
                }
                for path in ["/api/events", "/preview.mjpg", "/api/archive.zip"] {
                    try await wire.send(site.head("HEAD", path))
                    #expect(try await wire.answer(to: "HEAD").status == 200, "\(path)")
                }
                try await wire.send(site.head("HEAD", "/nothing"))
                #expect(try await wire.answer(to: "HEAD").status == 404)
                try await wire.send(site.head("GET", "/api/jobs"))
                #expect(try await wire.answer().json.jobs == .list([]))
            }
        }
    }

    @Test("another method is 405 and the right ones are named")
    func methods() async throws {
        try await withServer { site in
            let cases = [
                ("POST", "/", "GET, HEAD"), ("DELETE", "/p/1", "GET, HEAD"), ("PUT", "/sw.js", "GET, HEAD"),
                ("POST", "/files/0001-photo.jpg", "GET, HEAD"), ("GET", "/api/snap", "POST"),
                ("HEAD", "/api/uploads", "POST"),
                ("POST", "/api/pictures/1", "GET, HEAD, DELETE"), ("GET", "/api/pictures/1/pin", "PUT, DELETE"),
                ("PATCH", "/api/settings", "GET, HEAD, PUT"), ("PUT", "/api/session", "GET, HEAD, POST, DELETE"),
                ("OPTIONS", "/api/jobs", "GET, HEAD"), ("TRACE", "/", "GET, HEAD"), ("PROPFIND", "/", "GET, HEAD"),
            ]
            for (method, path, allowed) in cases {
                let answer = try await site.ask(method, path)
                #expect(
                    answer.status == 405 && answer["allow"] == allowed, "\(method) \(path): \(answer["allow"] ?? "-")")
                #expect(method == "HEAD" || answer.isProblem(405))
            }
            #expect(try await site.ask("POST", "/nothing").isProblem(404))
        }
    }

    @Test("a connection serves one request after another, also with bodies")
    func keepAlive() async throws {
        try await withServer { site in
            let (wire, token) = (try site.connect(), try await site.enter())
            for _ in 0..<5 {
                try await wire.send(site.head("GET", "/api/pictures/1"))
                #expect(try await wire.answer().json.number == 1)
                let fields = ["Content-Type: application/json"]
                try await wire.send(site.head("POST", "/api/snap", fields, cookie: token, count: 2) + "{}")
                #expect(try await wire.answer().status == 202)
                try await wire.send(site.head("DELETE", "/api/pictures/9", cookie: token))
                #expect(try await wire.answer().isProblem(404))
                try await wire.send(site.head("PUT", "/api/pictures/1/pin", cookie: token))
                #expect(try await wire.answer().status == 204)
            }
        }
    }

    @Test("requests that come together are answered in their order")
    func pipelined() async throws {
        try await withServer { site in
            let wire = try site.connect()
            let numbers = (0..<60).map { $0 % 3 + 1 }
            try await wire.send(numbers.map { site.head("GET", "/api/pictures/\($0)") }.joined())
            for number in numbers { #expect(try await wire.answer().json.number == .number(Double(number))) }
        }
    }

    @Test("a client that wants no more is let go")
    func close() async throws {
        try await withServer { site in
            for field in ["Connection: close", "Connection: Close"] {
                let wire = try site.connect()
                try await wire.send(site.head("GET", "/api/pictures", [field]))
                #expect(try await wire.answer()["connection"] == "close")
                #expect(await wire.isClosed())
            }
        }
    }

    @Test(
        "a client of HTTP/1.0 has the connection's end for the answer's, and no chunks",
        arguments: ["/api/pictures", "/api/archive.zip", "/assets/style/pages.css"])
    func earlier(_ path: String) async throws {
        try await withServer { site in
            for field in ["", "Connection: keep-alive\r\n"] {
                let wire = try site.connect()
                try await wire.send("GET \(path) HTTP/1.0\r\nHost: \(site.host)\r\n\(field)\r\n")
                #expect(await wire.isClosed())
                let head = try await wire.text(to: "\r\n\r\n").lowercased()
                #expect(head.hasPrefix("http/1.0 200 ok\r\n") && head.contains("\r\nconnection: close"), "\(head)")
                #expect(!head.contains("transfer-encoding"))
                #expect(wire.received == (try await site.get(path).body))
            }
        }
    }

    @Test("a request for another machine is refused")
    func otherHost() async throws {
        try await withServer { site in
            for host in ["evil.example", "evil.example:\(site.port)", "127.0.0.1.evil.example", "10.255.255.254", ""] {
                for method in ["GET", "POST"] {
                    let wire = try site.connect()
                    try await wire.send("\(method) /api/session HTTP/1.1\r\nHost: \(host)\r\nContent-Length: 0\r\n\r\n")
                    let answer = try await wire.answer()
                    #expect(answer.isProblem(421) || host.isEmpty && answer.isProblem(400), "\(host) \(answer.status)")
                }
            }
        }
    }

    @Test("a phone that looks for the way out of a network is shown the gallery")
    func captive() async throws {
        try await withServer { site in
            for (host, path) in [
                ("connectivitycheck.gstatic.com", "/generate_204"), ("captive.apple.com", "/hotspot-detect.html"),
                ("www.msftconnecttest.com", "/connecttest.txt"), ("detectportal.firefox.com", "/canonical.html"),
            ] {
                let wire = try site.connect()
                try await wire.send("GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
                let answer = try await wire.answer()
                #expect(answer.status == 302 && answer["cache-control"] == "no-store")
                let place = try #require(answer["location"])
                #expect(place.hasPrefix("http://") && place.hasSuffix(":\(site.port)/") && !place.contains(host))
            }
            #expect(try await site.get("/generate_204").isProblem(404))
        }
    }
}
