import Glibc
import Testing
import Web

@Suite("Clients that take their time")
struct SlowClientTests {
    /// Sends byte by byte until the server has had enough; false when it never has.
    private static func drip(_ wire: Wire, _ bytes: [UInt8], every pause: Duration = .milliseconds(20)) async -> Bool {
        let deadline = ContinuousClock.now + Wire.patience
        var index = 0
        while ContinuousClock.now < deadline {
            if await wire.isClosed(within: pause) { return true }
            await wire.offer([bytes[index % bytes.count]], for: pause)
            index += 1
        }
        return false
    }

    @Test(
        "a head that never ends ends the connection",
        arguments: ["", "G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: ", "\r\n\r\n\r\n"])
    func noHead(_ start: String) async throws {
        try await withServer(nil, { $0.limits.firstHead = .milliseconds(300) }) { site in
            let wire = try site.connect()
            await wire.offer(Array(start.utf8))
            #expect(await wire.isClosed())
            #expect(try await site.servesHonestClients())
            #expect(try await site.isFree())
        }
    }

    @Test("a head that drips in ends the connection")
    func slowHead() async throws {
        try await withServer(nil, { $0.limits.firstHead = .milliseconds(300) }) { site in
            let wire = try site.connect()
            #expect(
                await Self.drip(
                    wire, Array("GET / HTTP/1.1\r\nHost: \(site.host)\r\n".utf8) + [UInt8](repeating: 0x41, count: 5000)
                ))
            #expect(try await site.servesHonestClients())
            #expect(try await site.isFree())
        }
    }

    @Test("a connection that was served and is idle is ended, and so is a slow second head")
    func idle() async throws {
        let change: (inout WebOptions) -> Void = { options in
            options.limits.idle = .milliseconds(300)
            options.limits.firstHead = .seconds(1)
        }
        try await withServer(nil, change) { site in
            for isDripping in [false, true] {
                let wire = try site.connect()
                try await wire.send(site.head("GET", "/api/jobs"))
                #expect(try await wire.answer().status == 200)
                if isDripping {
                    #expect(await Self.drip(wire, Array("GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".utf8)))
                } else {
                    #expect(await wire.isClosed())
                }
            }
            #expect(try await site.isFree())
        }
    }

    @Test("a body that stands still or drips in ends the connection and frees its place", arguments: [false, true])
    func slowBody(_ isDripping: Bool) async throws {
        let change: (inout WebOptions) -> Void = { options in
            options.limits.bodyStill = .milliseconds(500)
            // Deadlines are looked at as often as this.
            options.limits.firstHead = .seconds(1)
            options.mostUploads = 1
        }
        try await withServer(nil, change) { site in
            for (path, type) in [
                ("/api/uploads", "image/jpeg"), ("/api/uploads", "multipart/form-data; boundary=x"),
                ("/api/session", "application/json"),
            ] {
                let wire = try site.connect()
                try await wire.send(site.head("POST", path, ["Content-Type: \(type)"], count: 1_000_000))
                if isDripping {
                    #expect(await Self.drip(wire, [0x20]))
                } else {
                    await wire.offer([0x20, 0x20])
                    #expect(await wire.isClosed())
                }
            }
            let photo = try VirtualAppliance.jpeg(9)
            let isTaken = try await becomesTrue {
                let answer = try? await site.ask("POST", "/api/uploads", ["Content-Type: image/jpeg"], body: photo)
                return answer?.status == 201
            }
            #expect(isTaken)
            #expect(try await site.isFree())
        }
    }

    @Test("a body that nobody wants does not keep the connection")
    func unwantedBody() async throws {
        try await withServer(nil, { $0.limits.bodyStill = .milliseconds(500) }) { site in
            for (method, path) in [
                ("GET", "/api/jobs"), ("GET", "/"), ("POST", "/nothing"), ("DELETE", "/api/pictures/1"),
            ] {
                let wire = try site.connect()
                try await wire.send(site.head(method, path, count: 1_000_000))
                let answer = try await wire.answer()
                #expect(answer["connection"] == "close", "\(path)")
                #expect(await wire.isClosed(), "\(path)")
            }
            #expect(try await site.isFree())
        }
    }

    @Test(
        "a client that does not read is let go",
        arguments: ["/files/0004-photo.jpg", "/api/archive.zip", "/preview.mjpg", "/api/events"])
    func noReader(_ path: String) async throws {
        let appliance = try VirtualAppliance()
        try appliance.addPicture(4, photo: [1])
        try #require(truncate(appliance.folder("album/0004-photo.jpg"), 60_000_000) == 0)
        let change: (inout WebOptions) -> Void = { options in
            options.limits.writeStill = .milliseconds(500)
            options.healthInterval = .milliseconds(100)
        }
        try await withServer(appliance, change) { site in
            try await site.appliance.rolling {
                let wires = try (0..<3).map { _ in try site.connect(window: 4096) }
                for wire in wires { try await wire.send(site.head("GET", path)) }
                let long = String(repeating: "x", count: 20_000)
                let isFree = try await becomesTrue {
                    if path == "/api/events" {
                        for number in 0..<20 {
                            site.appliance.tell(.failed(number: number, style: "chalk", reason: long))
                        }
                    }
                    let (connections, streams) = (
                        try await site.figure("connections"), try await site.figure("event_streams")
                    )
                    return connections == 1 && streams == 0
                }
                #expect(isFree)
                for wire in wires { #expect(await wire.isClosed()) }
                #expect(try await site.servesHonestClients())
            }
        }
    }

    @Test("who asks and asks without reading is let go")
    func asksOnly() async throws {
        try await withServer(nil, { $0.limits.writeStill = .milliseconds(500) }) { site in
            let wire = try site.connect(window: 4096)
            let requests = Array(String(repeating: site.head("GET", "/api/pictures"), count: 500).utf8)
            var rounds = 0
            while rounds < 400, await wire.offer(requests, for: .seconds(10)) == requests.count { rounds += 1 }
            #expect(rounds < 400, "the server takes everything")
            #expect(try await site.isFree())
            #expect(await wire.isClosed())
            #expect(try await site.servesHonestClients())
        }
    }

    @Test("a slow reader that goes on reading gets everything")
    func slowReader() async throws {
        let appliance = try VirtualAppliance()
        let photo = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 13 &+ $0 >> 8) }
        try appliance.addPicture(4, photo: photo)
        try await withServer(appliance, { $0.limits.writeStill = .seconds(5) }) { site in
            let wire = try site.connect(window: 65_536)
            try await wire.send(site.head("GET", "/files/0004-photo.jpg"))
            #expect(try await wire.head().status == 200)
            var bytes: [UInt8] = []
            while bytes.count < photo.count {
                bytes += try await wire.bytes(min(100_000, photo.count - bytes.count))
                try await Task.sleep(for: .milliseconds(30))
            }
            #expect(bytes == photo)
        }
    }
}
