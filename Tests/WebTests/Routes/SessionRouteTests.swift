import Testing
import Web

@Suite("Guests and the host")
struct SessionRouteTests {
    @Test("a guest is told what there is to know")
    func guest() async throws {
        try await withServer {
            $0.version = "3.2.1"
        } _: { site in
            let answer = try await site.get("/api/session")
            #expect(answer.status == 200 && answer["content-type"] == "application/json")
            #expect(answer["cache-control"] == "no-store")
            let json = answer.json
            #expect(json.role == "guest" && json.uploads == true && json.snap_needs_pin == true)
            #expect(json.name == "AnimeSnap" && json.version == "3.2.1")
            #expect(json.max_upload_bytes == 25_000_000 && json.max_upload_pixels == 50_000_000)
            #expect(json.address.text.hasPrefix("http://") && json.address.text.hasSuffix(":\(site.port)/"))
        }
    }

    @Test("the PIN makes a guest the host until the session is ended")
    func pin() async throws {
        try await withServer { site in
            let answer = try await site.send("POST", "/api/session", #"{"pin":"\#(site.pin)"}"#)
            #expect(answer.status == 204 && answer.body.isEmpty)
            let cookie = try #require(answer["set-cookie"])
            #expect(
                cookie.hasPrefix("session=") && cookie.hasSuffix("; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"))

            let token = try await site.enter()
            #expect(try await site.get("/api/session", cookie: token).json.role == "host")
            #expect(try await site.get("/api/settings", cookie: token).status == 200)

            let end = try await site.ask("DELETE", "/api/session", cookie: token)
            #expect(end.status == 204 && end["set-cookie"]?.hasPrefix("session=; Path=/; Max-Age=0;") == true)
            #expect(try await site.get("/api/session", cookie: token).json.role == "guest")
            #expect(try await site.get("/api/settings", cookie: token).isProblem(403))
        }
    }

    @Test("a wrong PIN is refused, and guessing is ended")
    func wrong() async throws {
        try await withServer { site in
            for _ in 0..<5 {
                let answer = try await site.send("POST", "/api/session", #"{"pin":"x"}"#)
                #expect(answer.isProblem(403) && answer["set-cookie"] == nil)
            }
            for pin in ["x", site.pin] {
                // Wait and try again until the lock is seen: on a busy machine a second passes soon.
                let locked = try await becomesTrue {
                    let answer = try await site.send("POST", "/api/session", #"{"pin":"x"}"#)
                    return answer.isProblem(429) && Int(answer["retry-after"] ?? "") ?? 0 > 0
                }
                #expect(locked, "\(pin.count)")
            }
            #expect(try await site.servesHonestClients())
        }
    }

    @Test(
        "what is no PIN is refused with its reason",
        arguments: [
            ("", 422), ("{}", 422), (#"{"pin":123456}"#, 422), (#"{"pin":null}"#, 422), ("[]", 400), ("pin", 400),
            (#"{"pin":"1","x":1}"#, 422),
        ])
    func noPin(_ body: String, _ status: Int) async throws {
        try await withServer { site in
            let answer = try await site.send("POST", "/api/session", body)
            #expect(answer.isProblem(status))
        }
    }

    @Test("a made-up session is a guest's", arguments: ["", "0", String(repeating: "0", count: 64), "*"])
    func madeUp(_ token: String) async throws {
        try await withServer { site async throws in
            #expect(try await site.get("/api/session", cookie: token).json.role == "guest")
            #expect(try await site.ask("DELETE", "/api/pictures/1", cookie: token).isProblem(403))
            #expect(site.appliance.deeds.isEmpty)
        }
    }

    /// What only the host may do.
    static let hostRoutes: [(method: String, path: String, body: String)] = [
        ("DELETE", "/api/pictures/1", ""), ("PUT", "/api/pictures/1/pin", ""), ("DELETE", "/api/pictures/1/pin", ""),
        ("POST", "/api/snap", "{}"), ("DELETE", "/api/jobs/1-chalk", ""), ("GET", "/api/settings", ""),
        ("PUT", "/api/settings", "{}"), ("GET", "/api/history", ""), ("POST", "/api/export", #"{"folder":"/a"}"#),
        ("POST", "/api/wipe", #"{"confirm":"wipe"}"#), ("POST", "/api/shutdown", "{}"), ("GET", "/api/wifi.svg", ""),
        ("GET", "/api/styles/chalk/values", ""), ("PUT", "/api/styles/chalk/values", "{}"),
        ("POST", "/api/styles/chalk/trials", "{}"),
    ]

    @Test("a guest may not do what is the host's")
    func forbidden() async throws {
        try await withServer { site in
            for route in Self.hostRoutes {
                let answer = try await site.send(route.method, route.path, route.body)
                #expect(answer.isProblem(403), "\(route.method) \(route.path)")
            }
            #expect(site.appliance.deeds.isEmpty)
        }
    }

    @Test("a page of another site may change nothing, even with the host's cookie")
    func otherSite() async throws {
        try await withServer { site in
            let token = try await site.enter()
            let foreign = [
                ["Origin: http://evil.example"], ["Sec-Fetch-Site: cross-site"], ["Origin: null"],
                ["Origin: http://evil.example", "Sec-Fetch-Site: same-origin"], [],
            ]
            for route in Self.hostRoutes where route.method != "GET" {
                for fields in foreign {
                    let all = fields + ["Cookie: session=\(token)", "Content-Type: application/json"]
                    let answer = try await site.ask(route.method, route.path, all, body: Array(route.body.utf8))
                    #expect(answer.isProblem(403), "\(route.method) \(route.path) \(fields)")
                }
            }
            #expect(site.appliance.deeds.isEmpty)
            for fields in foreign.dropLast() {
                let answer = try await site.ask("POST", "/api/session", fields, body: Array(#"{"pin":"1"}"#.utf8))
                #expect(answer.isProblem(403))
            }
        }
    }
}
