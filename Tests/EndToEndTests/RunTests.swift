import FoundationEssentials
import Glibc
import Imaging
import Testing

@Suite("run", .serialized, .onRealProcessors)
struct RunTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func start(_ arguments: String..., environment: [String: String] = [:]) throws -> RunningAppliance {
        let appliance = try RunningAppliance(album: folder("album"), arguments, environment: environment)
        try appliance.wait(for: "lamp: ready")
        return appliance
    }

    /// Names in the album without previews.
    private var pictures: [String] {
        folder.names.filter { $0.hasPrefix("album/0") && !$0.contains("-preview") && !$0.contains("-thumb") }
    }

    @Test("makes a photo and an anime picture of each press, and ends within five seconds when it is told to")
    func presses() throws {
        let appliance = try start()
        for count in 1...3 {
            appliance.press()
            try appliance.wait(for: "lamp: taking the picture", times: count)
            try appliance.wait(for: "painted as anime", times: count)
            try appliance.wait(for: "lamp: ready", times: count + 1)
        }
        let ending = try appliance.terminate()
        #expect(ending.code == 0 && ending.time < .seconds(5))
        #expect(pictures == (1...3).flatMap { ["album/000\($0)-anime.jpg", "album/000\($0)-photo.jpg"] })
        for name in pictures { #expect(throws: Never.self) { try decode(folder.bytes(name)) } }
    }

    @Test("changes the style when the button is pressed twice")
    func doublePress() throws {
        let appliance = try start()
        // Where the machine has other things to do, a double press may become two presses, or one: then it is tried again.
        for tried in 1...20 where !appliance.said.contains("style: cute") {
            appliance.press()
            usleep(150_000)
            appliance.press()
            try appliance.wait(for: "painted as anime", times: tried)
            try appliance.wait(for: "lamp: ready", times: tried + 1)
            usleep(500_000)
        }
        try appliance.wait(for: "style: cute")
        appliance.press()
        try appliance.wait(for: "painted as cute")
        _ = try appliance.terminate()
        let styles = pictures.filter { !$0.hasSuffix("-photo.jpg") }.map { $0.dropFirst("album/0001-".count) }
        #expect(styles.count == pictures.count / 2 && styles.filter { $0 == "cute.jpg" }.count == 1)
        #expect(styles.last == "cute.jpg" && styles.dropLast().allSatisfy { $0 == "anime.jpg" })
    }

    @Test("leaves a picture that is being painted to the next start")
    func interruption() throws {
        // Full size and one thread: painting takes long enough to be interrupted.
        let slow = ["--set", "picture.size=4096", "--set", "engine.threads=1"]
        let first = try RunningAppliance(album: folder("album"), slow)
        try first.wait(for: "lamp: ready")
        first.press()
        try first.wait(for: "lamp: painting")
        let ending = try first.terminate()
        #expect(ending.code == 0 && ending.time < .seconds(5))
        #expect(pictures == ["album/0001-photo.jpg"])

        let second = try start()
        try second.wait(for: "1 pictures of an earlier run are to be painted")
        try second.wait(for: "0001: painted as anime")
        _ = try second.terminate()
        #expect(pictures == ["album/0001-anime.jpg", "album/0001-photo.jpg"])
    }

    @Test("refuses a press when the disk has no room for it, and says so by the lamp")
    func fullDisk() throws {
        let appliance = try RunningAppliance(
            album: folder("album"), ["--set", "retention.free-space=1000000"])
        try appliance.wait(for: "lamp: ready")
        appliance.press()
        try appliance.wait(for: "lamp: disk nearly full")
        #expect(pictures == [])
        appliance.press()
        try appliance.wait(for: "press refused: the disk is nearly full")
        _ = try appliance.terminate()
        #expect(pictures == [])
    }

    @Test("refuses a second appliance in the same album")
    func twice() throws {
        let appliance = try start()
        let second = try RunningAppliance(album: folder("album"))
        try second.wait(for: "another process is writing to \(folder("album"))")
        _ = try appliance.terminate()
        // It tries again until it has the album.
        try second.wait(for: "lamp: ready")
        _ = try second.terminate()
    }

    @Test("tells the service manager when it is ready, what it does and that it stops")
    func notifications() throws {
        let path = folder("notify")
        let socket = try NotifySocket(path)
        let appliance = try start(environment: ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "3000000"])
        try socket.wait(for: "READY=1")
        try socket.wait(for: "WATCHDOG=1")
        _ = try appliance.terminate()
        try socket.wait(for: "STOPPING=1")
        #expect(socket.said.contains("STATUS=ready"))
    }

    /// The rounds end runs at instants that lie evenly between the press and the end of the painting; the last one, when
    /// the photo is acknowledged. `ANIMESNAP_KILLS` asks for more rounds.
    @Test("loses nothing, whenever the power goes")
    func powerCuts() throws {
        let rounds = ProcessInfo.processInfo.environment["ANIMESNAP_KILLS"].flatMap { Int($0) } ?? 15
        var acknowledged: Set<String> = []
        for round in 1...max(rounds, 1) {
            let appliance = try start()
            appliance.press()
            if round < rounds { usleep(UInt32(450_000 * round / rounds)) } else { try appliance.wait(for: ": saved ") }
            appliance.kill()
            for line in appliance.said.split(separator: "\n") where line.contains(": saved ") {
                let (isNew, number) = acknowledged.insert(String(line.prefix(4)))
                #expect(isNew, "number \(number) was given twice")
            }
            let photos = Set(pictures.filter { $0.hasSuffix("-photo.jpg") }.map { String($0.dropFirst(6).prefix(4)) })
            #expect(acknowledged.isSubset(of: photos))
            // A photo that was not acknowledged yet may be there all the same; its number counts as given.
            acknowledged.formUnion(photos)
        }
        let last = try start()
        let photos = pictures.filter { $0.hasSuffix("-photo.jpg") }
        let deadline = ContinuousClock.now + .seconds(300)
        while pictures.count < 2 * photos.count, ContinuousClock.now < deadline { usleep(20_000) }
        _ = try last.terminate()
        #expect(pictures.count == 2 * photos.count, "every photo is painted in the end")
        for name in pictures { #expect(throws: Never.self) { try decode(folder.bytes(name)) } }
        #expect(!folder.names.contains { $0.hasPrefix("album/") && $0.hasSuffix(".part") }, "no temporary file remains")
    }
}

/// A socket as the service manager has one.
private final class NotifySocket {
    private let descriptor: Int32
    private(set) var said = ""

    init(_ path: String) throws {
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

    deinit { close(descriptor) }

    func wait(for words: String) throws {
        let deadline = ContinuousClock.now + .seconds(300)
        var bytes = [UInt8](repeating: 0, count: 4096)
        while !said.contains(words) {
            let count = recv(descriptor, &bytes, bytes.count, 0)
            if count > 0 { said += String(decoding: bytes[..<count], as: UTF8.self) }
            try #require(ContinuousClock.now < deadline, "nobody said \(words): \(said)")
            if count <= 0 { usleep(5000) }
        }
    }
}
