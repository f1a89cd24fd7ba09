import Appliance
import Booth
import Glibc
import Logging
import Testing

@Suite("Start and end")
struct ServicesTests {
    private let folder = TemporaryFolder()

    private func settings(_ more: [String: String] = [:]) throws -> Settings {
        var values = [
            "album.folder": "\(folder.path)/album", "state.folder": "\(folder.path)/state", "camera.kind": "virtual",
            "button.pin": "none", "lamp.pin": "none", "web.address": "127.0.0.1", "web.port": "0", "models.size": "s",
        ]
        values.merge(more) { $1 }
        return try SettingsLoader.load(
            file: folder.put("animesnap.yaml", []), environment: [:],
            flags: values.map { .init(name: "test", key: $0.key, value: $0.value) }, model: nil)
    }

    private func services(_ settings: Settings, level: Logger.Level = .critical) throws -> ApplianceServices {
        let log = Logger(label: "test") { _ in JournalLog(level: level) }
        return try ApplianceServices(settings, Machine(), environment: [:], log: log, show: { _ in })
    }

    @Test("an appliance that runs ends when it is told to, and lets go of its album")
    func stop() async throws {
        let settings = try settings()
        for _ in 0..<2 {
            let services = try services(settings)
            let running = Task { try await services.run() }
            while access("\(folder.path)/album", F_OK) != 0 {
                try await Task.sleep(for: .milliseconds(5))
            }
            services.stop()
            try await running.value
        }
    }

    @Test("one that is told to end before it runs does not begin to serve for good")
    func stopBefore() async throws {
        let services = try services(settings())
        services.stop()
        try await services.run()
    }

    @Test("a port that is taken keeps it neither from running nor from ending at once")
    func takenPort() async throws {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = bind(socket, pointer, length)
                _ = listen(socket, 1)
                _ = getsockname(socket, pointer, &length)
            }
        }
        let port = UInt16(bigEndian: address.sin_port)
        let complaints = Complaints()
        let log = Logger(label: "test") { _ in complaints }
        let services = try ApplianceServices(
            settings(["web.port": "\(port)"]), Machine(), environment: [:], log: log, show: { _ in })
        let running = Task { try await services.run() }
        await complaints.first("The web server cannot use 127.0.0.1, port \(port)")
        services.stop()
        try await running.value
    }

    @Test("a style that there is not is told before anything starts")
    func unknownStyle() throws {
        #expect(throws: (any Error).self) { try services(settings(["style": "manga"])) }
    }
}

/// Errors in a log, one of which a test waits for.
private final class Complaints: LogHandler {
    var logLevel: Logger.Level {
        get { .error }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    private let lines: AsyncStream<String>
    private let written: AsyncStream<String>.Continuation

    init() { (lines, written) = AsyncStream.makeStream() }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) { written.yield("\(event.message)") }

    func first(_ words: String) async { for await line in lines where line.contains(words) { return } }
}
