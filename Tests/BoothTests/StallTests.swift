import Booth
import Devices
import Glibc
import Imaging
import Logging
import Synchronization
import Testing

@Suite("A painter that hangs")
struct StallTests {
    @Test("lets the service manager start the program anew, and is told once")
    func hang() async throws {
        let clock = ManualClock()
        let socket = try ServiceSocket()
        let lines = KeptLines()
        let isHung = Atomic(true), isPainting = Atomic(false)
        let rehearsal = try Rehearsal(clock: clock, service: socket.notifier, log: lines.logger) { _, _ in
            isPainting.store(true, ordering: .sequentiallyConsistent)
            while isHung.load(ordering: .sequentiallyConsistent) { usleep(2000) }
        } options: {
            // It comes by the machine's time.
            $0.cameraPatience = .seconds(1_000_000)
        }
        /// Lets the booth look after itself once.
        func keepHouse(after time: Duration) async throws {
            _ = socket.signs
            let (told, before) = (rehearsal.healths.count, clock.time)
            let polls = Atomic(0)
            try await rehearsal.wait("it tells how it is") {
                // Who was not asleep yet sleeps from now on.
                if polls.add(1, ordering: .relaxed).oldValue % 200 == 0 {
                    clock.advance(by: clock.time == before ? time : .seconds(1))
                }
                return rehearsal.healths.count > told
            }
        }
        async let started: Void = rehearsal.start()
        // In short steps: a jump to the next deadline could be one past the camera's patience.
        while await rehearsal.booth.state.phase != .ready {
            clock.advance(by: .milliseconds(20))
            try await Task.sleep(for: .milliseconds(1))
        }
        try await started
        _ = try await rehearsal.booth.add(try TestScene.image(width: 64, height: 48, phase: 0).jpeg())
        try await rehearsal.wait("it paints") { isPainting.load(ordering: .sequentiallyConsistent) }
        let begun = clock.time
        while clock.time - begun < .seconds(540) {
            try await keepHouse(after: .seconds(50))
            #expect(socket.signs > 0)
        }
        #expect(lines.count(of: "the painter hangs") == 0)
        try await keepHouse(after: .seconds(61))
        for _ in 1...3 {
            try await keepHouse(after: .seconds(1))
            #expect(socket.signs == 0)
        }
        #expect(lines.count(of: "the painter hangs") == 1)

        isHung.store(false, ordering: .sequentiallyConsistent)
        try await rehearsal.wait("it goes on") { rehearsal.painted == ["1-chalk"] }
        try await keepHouse(after: .seconds(1))
        #expect(socket.signs > 0)
        await rehearsal.stop()
    }
}

/// A socket as the service manager has one.
private final class ServiceSocket: Sendable {
    private let descriptor: Int32
    private let path: String

    init() throws {
        path = "/tmp/animesnap-notify-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(status == 0, "the socket \(path) cannot be made")
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    var notifier: ServiceNotifier {
        ServiceNotifier(environment: ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "20000000"])
    }

    /// The signs of life since it was asked last.
    var signs: Int {
        var (bytes, signs) = ([UInt8](repeating: 0, count: 4096), 0)
        while case let count = recv(descriptor, &bytes, bytes.count, 0), count > 0 {
            if String(decoding: bytes[..<count], as: UTF8.self).contains("WATCHDOG=1") { signs += 1 }
        }
        return signs
    }
}

/// Log lines that are kept.
private final class KeptLines: Sendable {
    private let lines = Mutex<[String]>([])

    var logger: Logger { Logger(label: "test") { _ in Handler(kept: self) } }

    func count(of words: String) -> Int { lines.withLock { $0.filter { $0.contains(words) }.count } }

    private struct Handler: LogHandler {
        let kept: KeptLines
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { kept.lines.withLock { $0.append(event.message.description) } }
    }
}
