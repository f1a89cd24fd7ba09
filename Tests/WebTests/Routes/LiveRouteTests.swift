import Testing
import Web

@Suite("Event streams")
struct EventStreamTests {
    /// Listens until the server has said how it is: from then on it passes everything on.
    private static func listen(_ site: Site, after id: String? = nil) async throws -> Wire {
        let wire = try site.connect()
        try await wire.send(site.head("GET", "/api/events", id.map { ["Last-Event-ID: \($0)"] } ?? []))
        let head = try await wire.head()
        #expect(
            head.status == 200 && head["content-type"] == "text/event-stream" && head["cache-control"] == "no-store")
        return wire
    }

    /// The next events up to one, without what HTTP puts around chunks.
    private static func events(_ wire: Wire, to last: String) async throws -> [String] {
        let text = try await wire.text(to: last) + (try await wire.text(to: "\n\n"))
        let lines = text.split(separator: "\r\n").filter { Int($0, radix: 16) == nil || $0.contains("\n") }
        return lines.joined().split(separator: "\n\n").map(String.init)
    }

    @Test("who listens is told where things stand and then what happens")
    func stream() async throws {
        try await withServer(nil, { $0.healthInterval = .milliseconds(50) }) { site in
            let wire = try await Self.listen(site)
            let first = try await Self.events(wire, to: "event: state\n")
            _ = try await Self.events(wire, to: "event: health\n")
            #expect(first[0] == "retry: 2000")
            #expect(first.contains("event: state\ndata: {\"state\":\"ready\"}"))

            site.appliance.tell(.state(StateEntry(.counting, countdown: 3)))
            site.appliance.tell(.deleted(number: 2))
            site.appliance.tell(.done(number: 3, style: "chalk"))
            site.appliance.tell(.failed(number: 3, style: "cute", reason: "No \"model\".\nNone."))
            if let picture = await site.appliance.picture(1) { site.appliance.tell(.picture(picture)) }
            let events = try await Self.events(wire, to: "event: picture\n").filter { !$0.contains("event: health") }
            #expect(events.count == 5)
            #expect(events[0] == "event: state\ndata: {\"countdown\":3,\"state\":\"counting\"}")
            #expect(events[1].hasSuffix("event: deleted\ndata: {\"number\":2}") && events[1].hasPrefix("id: "))
            #expect(events[2].hasSuffix("event: done\ndata: {\"number\":3,\"style\":\"chalk\"}"))
            #expect(events[3].hasSuffix(#"data: {"number":3,"reason":"No \"model\".\nNone.","style":"cute"}"#))
            #expect(
                JSON(Array((events[4].split(separator: "data: ").last ?? "").utf8)).photo.file
                    == "/files/0001-photo.jpg")
        }
    }

    @Test("who comes back is told what was missed")
    func replay() async throws {
        try await withServer { site in
            let wire = try await Self.listen(site)
            _ = try await Self.events(wire, to: "event: health\n")
            for number in 1...5 { site.appliance.tell(.deleted(number: number)) }
            _ = try await wire.text(to: "\"number\":1}")
            let id = try #require(
                try await wire.text(to: "\"number\":2}").split(separator: "id: ").last?.prefix { $0 != "\n" })
            _ = try await wire.text(to: "\"number\":5}")
            wire.close()

            let again = try await Self.events(try await Self.listen(site, after: String(id)), to: "\"number\":5}")
            let deleted = again.filter { $0.contains("event: deleted") }
            #expect(deleted.map { $0.suffix(12) } == (3...5).map { "{\"number\":\($0)}" })
            for other in ["x", "0-0", "\(id)9999"] {
                let fresh = try await Self.events(try await Self.listen(site, after: other), to: "event: health\n")
                #expect(!fresh.contains { $0.contains("event: deleted") })
            }
        }
    }

    @Test("progress is told at most five times a second, and always its end")
    func progress() async throws {
        try await withServer { site in
            let wire = try await Self.listen(site)
            _ = try await Self.events(wire, to: "event: health\n")
            let start = ContinuousClock.now
            for step in 0..<200 {
                site.appliance.tell(.progress(number: 1, style: "chalk", fraction: Double(step) / 200))
                if step % 20 == 0 { try await Task.sleep(for: .milliseconds(10)) }
            }
            site.appliance.tell(.progress(number: 1, style: "chalk", fraction: 1))
            let events = try await Self.events(wire, to: "\"progress\":1,").filter { $0.contains("event: progress") }
            let elapsed = ContinuousClock.now - start
            #expect(events.count >= 2 && events.count <= 2 + Int(elapsed / .milliseconds(200)))
            #expect(events.allSatisfy { !$0.contains("id: ") })
        }
    }

    @Test("one address has at most so many streams, and gets one back when it ends another")
    func cap() async throws {
        let change: (inout WebOptions) -> Void = { options in
            options.mostEventStreamsPerAddress = 3
            options.mostEventStreams = 5
            options.healthInterval = .milliseconds(50)
        }
        try await withServer(nil, change) { site in
            var wires: [Wire] = []
            for _ in 0..<3 { wires.append(try await Self.listen(site)) }
            let answer = try await site.get("/api/events")
            #expect(answer.isProblem(503) && answer["retry-after"] == "10")
            // Others still may: within the limit for all, and beyond it for streams of who has more than they.
            for address in ["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"] {
                let wire = try site.connect(from: address)
                try await wire.send(site.head("GET", "/api/events"))
                #expect(try await wire.head().status == 200)
                wires.append(wire)
            }
            _ = try await wires.removeFirst().text(to: "0\r\n\r\n")
            _ = try await wires.removeFirst().text(to: "0\r\n\r\n")
            #expect(try await site.figure("event_streams") == 5)
            #expect(try await site.ask("GET", "/api/events", from: "127.0.0.6").isProblem(503))
            #expect(try await site.servesHonestClients())
            wires.removeFirst().close()
            let isFree = try await becomesTrue { try await site.figure("event_streams") == 4 }
            #expect(isFree)
            wires.append(try await Self.listen(site))
            for wire in wires { wire.close() }
            #expect(try await site.isFree())
        }
    }

    @Test("streams end when the server stops")
    func stop() async throws {
        let wires = Mutexed()
        try await withServer { site in
            let wire = try await Self.listen(site)
            wires.add(wire)
        }
        for wire in wires.all { #expect(await wire.isClosed()) }
    }
}

/// Keeps connections beyond the server's life.
private final class Mutexed: @unchecked Sendable {
    private(set) var all: [Wire] = []
    func add(_ wire: Wire) { all.append(wire) }
}

@Suite("The preview's addresses")
struct PreviewRouteTests {
    @Test("a long poll gets the next frame and its number")
    func poll() async throws {
        try await withServer { site in
            try await site.appliance.rolling {
                var last = 0
                for _ in 0..<3 {
                    let answer = try await site.get("/preview.jpg?after=\(last)")
                    #expect(
                        answer.status == 200 && answer["content-type"] == "image/jpeg"
                            && answer.body.starts(with: [0xFF, 0xD8]))
                    #expect(answer["cache-control"] == "no-store")
                    let number = try #require(answer["x-frame-number"].flatMap { Int($0) })
                    #expect(number > last)
                    last = number
                }
                #expect(try await site.ask("HEAD", "/preview.jpg").status == 200)
            }
        }
    }

    @Test("when no frame comes that is said in the end")
    func none() async throws {
        try await withServer(nil, { $0.previewPatience = .milliseconds(50) }) { site in
            let answer = try await site.get("/preview.jpg")
            #expect(answer.status == 204 && answer.body.isEmpty)
        }
    }

    @Test("without a camera that is said")
    func noCamera() async throws {
        try await withServer(VirtualAppliance(hasCamera: false)) { site in
            let answer = try await site.get("/preview.jpg")
            #expect(answer.isProblem(503) && answer["retry-after"] == "3")
        }
    }

    @Test("a number that is none is refused", arguments: ["x", "-1", "1.5", "99999999999999999999", ""])
    func nonsense(_ number: String) async throws {
        try await withServer { site in
            let answer = try await site.get("/preview.jpg?after=\(number)")
            #expect(answer.isProblem(400))
        }
    }

    @Test("a stream has one frame after another")
    func stream() async throws {
        try await withServer { site in
            try await site.appliance.rolling {
                let wire = try site.connect()
                try await wire.send(site.head("GET", "/preview.mjpg"))
                let head = try await wire.head()
                #expect(head.status == 200 && head["content-type"] == "multipart/x-mixed-replace; boundary=frame")
                for _ in 0..<3 {
                    _ = try await wire.text(to: "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ")
                    let count = try #require(Int(try await wire.text(to: "\r\n\r\n").dropLast(2)))
                    let jpeg = try await wire.bytes(count)
                    #expect(jpeg.starts(with: [0xFF, 0xD8]) && jpeg.suffix(2) == [0xFF, 0xD9])
                }
            }
        }
    }

    @Test("who leaves a stream makes room at once, even while the camera shows nothing")
    func leaving() async throws {
        let change: (inout WebOptions) -> Void = { options in
            options.mostViewers = 1
            options.previewPatience = .seconds(60)
        }
        try await withServer(nil, change) { site in
            let wire = try site.connect()
            try await site.appliance.rolling {
                try await wire.send(site.head("GET", "/preview.mjpg"))
                try await wire.text(to: "--frame")
            }
            #expect(try await site.get("/preview.mjpg").isProblem(503))
            wire.close()
            let isFree = try await becomesTrue {
                let next = try site.connect()
                try await next.send(site.head("GET", "/preview.mjpg"))
                return try await next.head().status == 200
            }
            #expect(isFree)
        }
    }

    @Test("so many may watch at once and no more")
    func cap() async throws {
        try await withServer(nil, { $0.mostViewers = 2 }) { site in
            try await site.appliance.rolling {
                var wires: [Wire] = []
                for _ in 0..<2 {
                    let wire = try site.connect()
                    try await wire.send(site.head("GET", "/preview.mjpg"))
                    try await wire.text(to: "--frame")
                    wires.append(wire)
                }
                #expect(try await site.get("/preview.mjpg").isProblem(503))
                #expect(try await site.get("/preview.jpg").isProblem(503))
                #expect(try await site.servesHonestClients())
                wires.removeFirst().breakOff()
                #expect(try await becomesTrue { try await site.get("/preview.jpg").status == 200 })
            }
        }
    }
}
