import Logging
import Testing
import Web

/// A running server as its clients see it.
struct Site: Sendable {
    let server: WebServer
    let appliance: VirtualAppliance
    let port: Int
    let pin: String

    var host: String { "127.0.0.1:\(port)" }
    var origin: String { "http://\(host)" }

    func connect(from address: String = "127.0.0.1", window: Int32? = nil) throws -> Wire {
        try Wire(port, from: address, window: window)
    }

    /// Asks on a connection of its own. Fields are those besides Host, Connection and Content-Length; a cookie is the
    /// token of a host's session.
    func ask(
        _ method: String, _ path: String, _ fields: [String] = [], cookie: String? = nil, body: [UInt8]? = nil,
        from address: String = "127.0.0.1"
    ) async throws -> Answer {
        let wire = try connect(from: address)
        try await wire.send(head(method, path, fields + ["Connection: close"], cookie: cookie, count: body?.count))
        await wire.offer(body ?? [])
        return try await wire.answer(to: method)
    }

    func get(_ path: String, _ fields: [String] = [], cookie: String? = nil) async throws -> Answer {
        try await ask("GET", path, fields, cookie: cookie)
    }

    /// Sends a JSON text.
    func send(_ method: String, _ path: String, _ json: String, cookie: String? = nil) async throws -> Answer {
        let body = json.isEmpty ? nil : Array(json.utf8)
        return try await ask(method, path, ["Content-Type: application/json"], cookie: cookie, body: body)
    }

    /// The head of a request as bytes are sent.
    func head(
        _ method: String, _ path: String, _ fields: [String] = [], cookie: String? = nil, count: Int? = nil
    ) -> String {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: \(host)"] + fields
        if let count { lines.append("Content-Length: \(count)") }
        if let cookie { lines += ["Cookie: session=\(cookie)", "Origin: \(origin)"] }
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    /// Gives the PIN and returns the session's token.
    func enter() async throws -> String {
        let answer = try await send("POST", "/api/session", #"{"pin":"\#(pin)"}"#)
        try #require(answer.status == 204)
        let cookie = try #require(answer["set-cookie"])
        return try #require(cookie.split(separator: ";").first.map { String($0.dropFirst("session=".count)) })
    }

    /// Whether somebody who does nothing wrong gets an answer, sooner or later.
    func servesHonestClients(from address: String = "127.0.0.1") async throws -> Bool {
        try await becomesTrue {
            guard let answer = try? await ask("GET", "/api/pictures", from: address) else { return false }
            return answer.status == 200 && answer.json.count.asNumber != nil
        }
    }

    /// What the server counts, "connections" say. The connection that asks is one of them.
    func figure(_ name: String) async throws -> Int? {
        let lines = try await get("/metrics").text.split(separator: "\n")
        return lines.first { $0.hasPrefix("animesnap_\(name) ") }?.split(separator: " ").last.flatMap { Int($0) }
    }

    /// Whether nothing is left of what clients did.
    func isFree() async throws -> Bool {
        try await becomesTrue {
            let (connections, streams) = (try await figure("connections"), try await figure("event_streams"))
            return connections == 1 && streams == 0
        }
    }
}

/// Whether something becomes so, if not at once.
func becomesTrue(within patience: Duration = .seconds(300), _ isSo: () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
        if try await isSo() { return true }
        try await Task.sleep(for: .milliseconds(20))
    }
    return try await isSo()
}

/// Runs a server for one test and stops it. Without an appliance it serves three pictures and a camera.
func withServer(
    _ appliance: VirtualAppliance? = nil, _ change: (inout WebOptions) -> Void = { _ in },
    _ body: @Sendable (Site) async throws -> Void
) async throws {
    await Crowd.shared.enter()
    do {
        try await run(appliance ?? VirtualAppliance(), change, body)
        await Crowd.shared.leave()
    } catch {
        await Crowd.shared.leave()
        throw error
    }
}

private func run(
    _ appliance: VirtualAppliance, _ change: (inout WebOptions) -> Void, _ body: @Sendable (Site) async throws -> Void
) async throws {
    var options = WebOptions()
    options.address = "127.0.0.1"
    options.port = 0
    options.limits.connectionsPerAddress = 300
    options.stopPatience = .milliseconds(500)
    change(&options)
    var log = Logger(label: "web-tests")
    log.logLevel = .critical
    let server = try WebServer(appliance, options, log: log)
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    let running = Task {
        defer { listening.finish() }
        try await server.run { listening.yield($0) }
    }
    var outcome = Result<Void, any Error>.success(())
    if let port = await ports.first(where: { _ in true }) {
        do {
            try await body(Site(server: server, appliance: appliance, port: port, pin: server.newPin ?? ""))
        } catch {
            outcome = .failure(error)
        }
    }
    server.stop()
    try await running.value
    try outcome.get()
}

/// Lets a few servers run at once: more would only wait for each other.
private actor Crowd {
    static let shared = Crowd()

    private var free = 4
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func enter() async {
        if free > 0 { free -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
    }

    func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
