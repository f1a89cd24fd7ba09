import Testing
import Web

@Suite("Settings and the appliance itself")
struct HostRouteTests {
    @Test("the host reads and changes settings")
    func settings() async throws {
        try await withServer { site in
            let token = try await site.enter()
            let before = try await site.get("/api/settings", cookie: token)
            #expect(
                before.status == 200
                    && before.json.keys == ["countdown", "faces", "keep_pictures", "size", "style", "uploads"])
            #expect(before.json.style == "cute" && before.json.size == 512 && before.json.keep_pictures == .null)

            let body =
                #"{"style":"chalk","size":"full","faces":"off","uploads":false,"countdown":5,"keep_pictures":1000}"#
            let after = try await site.send("PUT", "/api/settings", body, cookie: token)
            #expect(after.status == 200 && after.json.style == "chalk" && after.json.size == "full")
            #expect(before.json.faces == "auto" && after.json.faces == "off")
            #expect(after.json.uploads == false && after.json.countdown == 5 && after.json.keep_pictures == 1000)

            let some = try await site.send("PUT", "/api/settings", #"{"keep_pictures":null}"#, cookie: token)
            #expect(some.json.keep_pictures == .null && some.json.style == "chalk" && some.json.countdown == 5)
            #expect(try await site.get("/api/settings", cookie: token).json == some.json)
        }
    }

    @Test(
        "a value that is not allowed changes nothing and is named",
        arguments: [
            (#"{"style":"none"}"#, "style"), (#"{"style":5}"#, "style"), (#"{"size":63}"#, "size"),
            (#"{"size":"large"}"#, "size"), (#"{"size":4097}"#, "size"), (#"{"uploads":1}"#, "uploads"),
            (#"{"faces":"all"}"#, "faces"), (#"{"faces":1}"#, "faces"),
            (#"{"uploads":"true"}"#, "uploads"), (#"{"countdown":-1}"#, "countdown"),
            (#"{"countdown":1.5}"#, "countdown"),
            (#"{"keep_pictures":0}"#, "keep_pictures"), (#"{"keep_pictures":"all"}"#, "keep_pictures"),
            (#"{"pin":"000000"}"#, "pin"), (#"{"countdown":5,"size":1}"#, "size"),
        ])
    func notAllowed(_ body: String, _ key: String) async throws {
        try await withServer { site in
            let answer = try await site.send("PUT", "/api/settings", body, cookie: try await site.enter())
            #expect(answer.isProblem(422) && answer.json.detail.text.contains("\"\(key)\""), "\(answer.text)")
            #expect(site.appliance.deeds.isEmpty)
        }
    }

    @Test("a body that is no small JSON object is refused")
    func bodies() async throws {
        try await withServer { site in
            let token = try await site.enter()
            let json = ["Content-Type: application/json"]
            let cases: [(fields: [String], body: String, status: Int)] = [
                (json, "[]", 400), (json, "{", 400), (json, "\u{0}", 400), (["Content-Type: text/plain"], "{}", 415),
                ([], "{}", 415), (json, String(repeating: " ", count: 4097), 413),
                (json, #"{"style":"\#(String(repeating: "x", count: 5000))"}"#, 413),
            ]
            for (index, one) in cases.enumerated() {
                let answer = try await site.ask(
                    "PUT", "/api/settings", one.fields, cookie: token, body: Array(one.body.utf8))
                #expect(answer.isProblem(one.status), "case \(index): \(answer.status)")
            }
            let charset = ["Content-Type: application/json; charset=utf-8"]
            #expect(
                try await site.ask("PUT", "/api/settings", charset, cookie: token, body: Array("{}".utf8)).status == 200
            )
        }
    }

    @Test("styles have titles, licences and perhaps a sample")
    func styles() async throws {
        try await withServer { site in
            let json = try await site.get("/api/styles").json
            #expect(json.current == "cute" && json.styles.list.map(\.name) == ["chalk", "cute"])
            #expect(json.styles[0].sample == "/styles/chalk.jpg" && json.styles[1].sample == .null)
            let sample = try await site.get("/styles/chalk.jpg")
            #expect(sample.status == 200 && sample["content-type"] == "image/jpeg")
            #expect(try sample.body == VirtualAppliance.jpeg(77))
            #expect(try await site.get("/styles/cute.jpg").isProblem(404))
        }
    }

    @Test("everybody sees how the appliance is")
    func health() async throws {
        try await withServer { site in
            let json = try await site.get("/api/health").json
            #expect(
                json.keys == [
                    "camera", "cma_free_mb", "disk_free_mb", "last_shot", "memory_free_mb", "memory_rss_mb", "pictures",
                    "problems", "queue", "state", "temperature_c", "throttled", "uptime_s",
                ])
            #expect(json.state == "ready" && json.camera.frame_age_ms == 40 && json.queue.capacity == 8)
            #expect(json.cma_free_mb == .null && json.temperature_c == 51.5)
        }
    }

    @Test("the host sees the last hour")
    func history() async throws {
        try await withServer(nil, { $0.healthInterval = .seconds(3600) }) { site in
            let token = try await site.enter()
            let isThere = try await becomesTrue {
                site.appliance.tell(.stages(StageTimes(time: nil, decode: 1, network: 2, encode: 3)))
                let json = try await site.get("/api/history", cookie: token).json
                return json.step_s == 3600 && json.temperature_c == .list([51.5]) && json.memory_rss_mb == .list([30])
                    && json.stages_ms[0].network == 2 && json.stages_ms[0].time == .null
            }
            #expect(isThere)
        }
    }

    @Test("figures are there for Prometheus")
    func metrics() async throws {
        try await withServer { site in
            let answer = try await site.get("/metrics")
            #expect(answer.status == 200 && answer["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer.text.contains("\nanimesnap_pictures 3\n"))
            // Those of earlier requests may still be closing.
            #expect(try await site.figure("connections") ?? 0 >= 1)
        }
    }

    @Test("the host exports, wipes and shuts down")
    func deeds() async throws {
        try await withServer { site in
            let token = try await site.enter()
            #expect(
                try await site.send("POST", "/api/export", #"{"folder":"/media/usb"}"#, cookie: token).status == 202)
            #expect(try await site.send("POST", "/api/wipe", #"{"confirm":"wipe"}"#, cookie: token).status == 204)
            #expect(try await site.send("POST", "/api/shutdown", "", cookie: token).status == 202)
            #expect(site.appliance.deeds == [.export("/media/usb"), .wipe, .shutDown])
        }
    }

    @Test(
        "what is done to everything has to be meant",
        arguments: [
            ("/api/wipe", "{}"), ("/api/wipe", ""), ("/api/wipe", #"{"confirm":true}"#),
            ("/api/wipe", #"{"confirm":"Wipe"}"#),
            ("/api/export", "{}"), ("/api/export", #"{"folder":"usb"}"#), ("/api/export", #"{"folder":""}"#),
            ("/api/shutdown", #"{"now":true}"#),
        ])
    func notMeant(_ path: String, _ body: String) async throws {
        try await withServer { site in
            let answer = try await site.send("POST", path, body, cookie: try await site.enter())
            #expect(answer.isProblem(422) && site.appliance.deeds.isEmpty)
        }
    }
}

@Suite("Codes for phones")
struct CodeRouteTests {
    private static let canDraw = (try? QRCode("test")) != nil

    @Test("a code leads to this server as its client reaches it", .enabled(if: canDraw))
    func code() async throws {
        try await withServer { site in
            let name = "animesnap.local:\(site.port)"
            let wire = try site.connect()
            try await wire.send("GET /api/qr.svg?path=/p/42 HTTP/1.1\r\nHost: \(name)\r\n\r\n")
            let answer = try await wire.answer()
            #expect(answer.status == 200 && answer["content-type"] == "image/svg+xml")
            #expect(try answer.text == QRCode("http://\(name)/p/42").svg)
        }
    }

    @Test(
        "a code leads nowhere else",
        arguments: [
            "//evil.example", "evil.example", "http://evil.example", "", "@evil.example", "/a%20b", "/%5Cevil.example",
            "/%0a",
            "/%C3%A4", "/" + String(repeating: "a", count: 200),
        ])
    func elsewhere(_ path: String) async throws {
        try await withServer { site in
            let answer = try await site.get("/api/qr.svg?path=\(path)")
            #expect(answer.isProblem(400))
        }
    }

    @Test("the host shows the Wi-Fi's code", .enabled(if: canDraw))
    func wifi() async throws {
        let wifi = WifiNetwork(name: "party", password: "a;b")
        try await withServer(nil, { $0.wifi = wifi }) { site in
            let answer = try await site.get("/api/wifi.svg", cookie: try await site.enter())
            #expect(answer.status == 200)
            #expect(try answer.text == QRCode(#"WIFI:T:WPA;S:party;P:a\;b;;"#).svg)
        }
    }

    @Test("without a Wi-Fi there is no code of it")
    func noWifi() async throws {
        try await withServer { site in
            let answer = try await site.get("/api/wifi.svg", cookie: try await site.enter())
            #expect(answer.isProblem(404))
        }
    }

    @Test("without libqrencode that is said", .enabled(if: !canDraw))
    func noLibrary() async throws {
        try await withServer { site in
            let answer = try await site.get("/api/qr.svg")
            #expect(answer.isProblem(501))
        }
    }
}
