import Glibc
import Testing
import Web

@Suite("Clients that come in crowds")
struct CrowdTests {
    @Test("one address has so many connections in use; the next is told so, and other addresses are served")
    func perAddress() async throws {
        try await withServer(nil, { $0.limits.connectionsPerAddress = 10 }) { site in
            var busy = try (0..<10).map { _ in try site.connect() }
            try await listen(busy, site)
            let more = try site.connect()
            let answer = try await more.answer()
            #expect(answer.isProblem(503) && answer["retry-after"] == "5" && answer["connection"] == "close")
            #expect(answer["x-content-type-options"] == "nosniff")
            #expect(await more.isClosed())
            #expect(try await site.servesHonestClients(from: "127.0.0.2"))
            busy.removeAll()
            #expect(try await site.servesHonestClients())
            #expect(try await site.isFree())
        }
    }

    @Test("all addresses together have so many connections in use")
    func inAll() async throws {
        try await withServer(nil, { $0.limits.connections = 12 }) { site in
            var busy: [Wire] = []
            for number in 0..<12 { busy.append(try site.connect(from: "127.0.1.\(number + 1)")) }
            try await listen(busy, site)
            #expect(try await site.connect(from: "127.0.2.1").answer().isProblem(503))
            busy[0].breakOff()
            #expect(try await site.servesHonestClients())
            busy.removeAll()
            #expect(try await site.isFree())
        }
    }

    @Test("fifty guests behind one address, each with a stream and five connections that are kept, are all served")
    func behindOneAddress() async throws {
        try await withServer(nil, { $0.limits = ConnectionLimits() }) { site in
            var wires: [Wire] = []
            for _ in 0..<50 {
                let stream = try site.connect()
                try await listen([stream], site)
                let kept = try (0..<5).map { _ in try site.connect() }
                try await greet(kept, site)
                wires += [stream] + kept
            }
            #expect(try await site.ask("GET", "/metrics", from: "127.0.0.2").status == 200)
            // Nobody lost a stream to somebody else's page.
            #expect(try await site.figure("event_streams") == 50)
            #expect(try await site.figure("connections") ?? .max <= ConnectionLimits().connectionsPerAddress)
            wires.removeAll()
            #expect(try await site.isFree())
        }
    }

    @Test("a connection that is kept is ended for the next, and the one that was kept first goes first")
    func keptConnections() async throws {
        try await withServer(nil, { $0.limits.connectionsPerAddress = 3 }) { site in
            let kept = try (0..<3).map { _ in try site.connect() }
            try await greet(kept, site)
            let next = try site.connect()
            try await greet([next], site)
            #expect(await kept[0].isClosed())
            try await greet([kept[1], kept[2], next], site)
        }
    }

    @Test("who holds every connection gives one to who has none")
    func fairShare() async throws {
        try await withServer(nil, { $0.limits.connections = 6 }) { site in
            let many = try (0..<6).map { _ in try site.connect() }
            try await listen(many, site)
            let other = try site.connect(from: "127.0.0.2")
            try await greet([other], site)
            #expect(await many[0].isClosed())
            #expect(!(await many[5].isClosed(within: .milliseconds(50))))
        }
    }

    @Test("hundreds of connections beyond the limit leave nothing behind")
    func many() async throws {
        try await withServer(nil, { $0.limits.connectionsPerAddress = 20 }) { site in
            for _ in 0..<4 {
                let wires = try (0..<100).map { _ in try site.connect() }
                for (index, wire) in wires.enumerated() where index % 2 == 0 {
                    await wire.offer(Array("GET / HT".utf8))
                }
                #expect(try await site.servesHonestClients(from: "127.0.0.2"))
                for (index, wire) in wires.enumerated() { if index % 3 == 0 { wire.breakOff() } else { wire.close() } }
            }
            #expect(try await site.servesHonestClients())
            #expect(try await site.isFree())
        }
    }

    /// Sees that the server has taken the connections.
    private func greet(_ wires: [Wire], _ site: Site) async throws {
        for wire in wires {
            try await wire.send(site.head("GET", "/api/jobs"))
            #expect(try await wire.answer().status == 200)
        }
    }

    /// Sees that connections are in use for as long as they last.
    private func listen(_ wires: [Wire], _ site: Site) async throws {
        for wire in wires {
            try await wire.send(site.head("GET", "/api/events"))
            try await wire.text(to: "event: state")
        }
    }

    @Test("listeners that are gone at once leave nothing behind")
    func listenersThatLeave() async throws {
        try await withServer(nil, { $0.healthInterval = .milliseconds(100) }) { site in
            for round in 0..<100 {
                let wire = try site.connect()
                try await wire.send(site.head("GET", "/api/events"))
                switch round % 4 {
                case 0: wire.breakOff()
                case 1: wire.close()
                case 2:
                    wire.endSending()
                    wire.close()
                default:
                    _ = await wire.wait(for: .milliseconds(round)) { !wire.received.isEmpty }
                    wire.breakOff()
                }
            }
            #expect(try await site.isFree())
            let wire = try site.connect()
            try await wire.send(site.head("GET", "/api/events"))
            #expect(try await wire.head().status == 200)
        }
    }

    @Test("a listener that is gone is not counted any more, even when nothing happens")
    func quietListener() async throws {
        try await withServer(nil, { $0.healthInterval = .seconds(3600) }) { site in
            let wires = try (0..<5).map { _ in try site.connect() }
            for wire in wires {
                try await wire.send(site.head("GET", "/api/events"))
                try await wire.text(to: "event: state")
            }
            #expect(try await site.figure("event_streams") == 5)
            for (index, wire) in wires.enumerated() { if index % 2 == 0 { wire.close() } else { wire.breakOff() } }
            #expect(try await site.isFree())
        }
    }

    @Test("viewers that are gone at once leave nothing behind")
    func viewersThatLeave() async throws {
        let change: (inout WebOptions) -> Void = { options in
            options.mostViewers = 5
            options.previewPatience = .milliseconds(500)
        }
        try await withServer(nil, change) { site in
            try await site.appliance.rolling {
                for round in 0..<60 {
                    let wire = try site.connect()
                    try await wire.send(site.head("GET", round % 3 == 0 ? "/preview.jpg" : "/preview.mjpg"))
                    if round % 2 == 0 { wire.breakOff() } else { wire.close() }
                }
                // All places are free again.
                let isFree = try await becomesTrue {
                    var wires: [Wire] = []
                    for _ in 0..<5 {
                        let wire = try site.connect()
                        try await wire.send(site.head("GET", "/preview.mjpg"))
                        guard try await wire.head().status == 200 else { return false }
                        wires.append(wire)
                    }
                    return true
                }
                #expect(isFree)
            }
            #expect(try await site.isFree())
        }
    }

    @Test("a client that says it has no more to say does not keep a stream")
    func halfClosed() async throws {
        try await withServer { site in
            for path in ["/api/events", "/preview.mjpg"] {
                let wire = try site.connect()
                try await wire.send(site.head("GET", path))
                _ = try await wire.head()
                wire.endSending()
                #expect(await wire.isClosed(), "\(path)")
            }
            // A request that was sent before is answered.
            let wire = try site.connect()
            try await wire.send(site.head("GET", "/api/pictures"))
            wire.endSending()
            #expect(try await wire.answer().status == 200)
        }
    }

    @Test("a flood of wrong PINs from everywhere ends in refusals, and guests are served")
    func pinFlood() async throws {
        try await withServer { site in
            let body = Array(#"{"pin":"wrong"}"#.utf8)
            let statuses = try await withThrowingTaskGroup(of: [Int].self) { group in
                for client in 0..<20 {
                    group.addTask {
                        var statuses: [Int] = []
                        for round in 0..<10 {
                            let answer = try await site.ask(
                                "POST", "/api/session", ["Content-Type: application/json"], body: body,
                                from: "127.0.\(client).\(round + 1)")
                            statuses.append(answer.status)
                        }
                        return statuses
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(Set(statuses) == [403, 429])
            // A hundred, and those that came back meanwhile.
            #expect(statuses.filter { $0 == 403 }.count < 150)
            #expect(try await site.servesHonestClients())
            #expect(try await site.isFree())
        }
    }

    @Test("uploads and downloads that are broken off leave nothing behind")
    func brokenOff() async throws {
        let appliance = try VirtualAppliance()
        try appliance.addPicture(4, photo: [UInt8](repeating: 9, count: 3_000_000))
        try await withServer(appliance) { site in
            let photo = try VirtualAppliance.jpeg(9)
            let type = "Content-Type: image/jpeg"
            for round in 0..<24 {
                let upload = try site.connect()
                try await upload.send(site.head("POST", "/api/uploads", [type], count: photo.count))
                await upload.offer(Array(photo.prefix(round * 10)))
                let download = try site.connect()
                try await download.send(site.head("GET", round % 2 == 0 ? "/files/0004-photo.jpg" : "/api/archive.zip"))
                _ = await download.wait { download.received.count > round * 1000 }
                if round % 3 == 0 {
                    upload.close()
                    download.close()
                } else {
                    upload.breakOff()
                    download.breakOff()
                }
            }
            #expect(try await site.isFree())
            let taken = try await becomesTrue {
                try await site.ask("POST", "/api/uploads", [type], body: photo).status == 201
            }
            #expect(taken)
            #expect(site.appliance.deeds == [.add(bytes: photo.count, style: nil)])
            #expect(try await site.get("/files/0004-photo.jpg").body.count == 3_000_000)
        }
    }

    @Test("50 MB are not taken, whether they are announced or not")
    func large() async throws {
        try await withServer { site in
            let type = "Content-Type: image/jpeg"
            let announced = try site.connect()
            try await announced.send(site.head("POST", "/api/uploads", [type], count: 50_000_000))
            await announced.offer([UInt8](repeating: 7, count: 1_000_000))
            #expect(try await announced.answer().isProblem(413))
            #expect(await announced.isClosed())

            let silent = try site.connect()
            try await silent.send(site.head("POST", "/api/uploads", [type, "Transfer-Encoding: chunked"]))
            let chunk = Array("F4240\r\n".utf8) + [UInt8](repeating: 7, count: 1_000_000) + [13, 10]
            var sent = 0
            while sent < 50, await silent.offer(chunk) == chunk.count { sent += 1 }
            #expect(sent >= 25)
            #expect(try await silent.answer().isProblem(413))
            #expect(site.appliance.deeds.isEmpty)
            #expect(try await site.servesHonestClients())
            #expect(try await site.isFree())
        }
    }
}
