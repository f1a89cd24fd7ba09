import Booth
import Engine
import Glibc
import Imaging
import Painting
import Synchronization
import Testing

@Suite("A model that people bring")
struct BroughtModelTests {
    /// Counts what is read of files, and does what a test wants while one is loaded.
    private final class Readings: Sendable {
        private let counts = Mutex((bytes: 0, files: 0))
        private let meanwhile = Mutex<(@Sendable () -> Void)?>(nil)

        /// Bytes read of headers.
        var bytes: Int { counts.withLock { $0.bytes } }
        /// Files that were loaded whole.
        var files: Int { counts.withLock { $0.files } }

        /// Sets what happens before the next file is loaded.
        func beforeLoading(_ body: @escaping @Sendable () -> Void) { meanwhile.withLock { $0 = body } }

        func models(most: Int = 32 << 20) -> BroughtModels {
            let plain = ModelReading()
            var counting = plain
            counting.part = { descriptor, range in
                let bytes = plain.part(descriptor, range)
                self.counts.withLock { $0.bytes += bytes?.count ?? 0 }
                return bytes
            }
            counting.whole = { (path: String) throws(ModelFileError) -> ModelFile in
                self.counts.withLock { $0.files += 1 }
                let body = self.meanwhile.withLock { meanwhile in
                    defer { meanwhile = nil }
                    return meanwhile
                }
                body?()
                return try plain.whole(path)
            }
            return BroughtModels(mostBytes: most, reading: counting)
        }
    }

    private let readings = Readings()

    private func reason(_ changes: [ModelFolder.Change]) -> String {
        if changes.count == 1, case .refused(_, let reason) = changes[0] { reason } else { "\(changes)" }
    }

    private func paint(_ place: ModelPlace, _ style: String) async throws {
        let photo = try RGBImage(width: 64, height: 64, red: 90).jpeg()
        _ = try await place.painter.paintSample(.bytes(photo, name: "photo"), style: style)
    }

    @Test("and that is too large for the machine is refused before it is read")
    func tooLarge() async throws {
        let place = try await ModelPlace(brought: readings.models())
        defer { place.end() }
        try place.bring("chalk-m", as: "large.safetensors")
        truncate(place.path("large.safetensors"), 200 << 20)
        let reason = reason(await place.look())
        #expect(
            reason.hasSuffix(
                "it has 200 MB; on a machine with this much memory models may have 32 MB at most"), "\(reason)")
        #expect(readings.bytes == 0 && readings.files == 0)
    }

    @Test("and that is a hole of 200 MB, or a model's header before one, is refused at the cost of its header")
    func holes() async throws {
        let place = try await ModelPlace(brought: readings.models(most: 256 << 20))
        defer { place.end() }
        place.write([], to: "zeros.safetensors")
        truncate(place.path("zeros.safetensors"), 200 << 20)
        var reason = reason(await place.look())
        #expect(reason.hasSuffix("it does not begin with the length of a model's header"), "\(reason)")
        #expect(readings.bytes == 8 && readings.files == 0)

        let model = try bytes(of: "chalk-m")
        let header = (0..<8).reduce(0) { $0 | Int(model[$1]) << (8 * $1) }
        place.write(Array(model.prefix(8 + header)), to: "begun.safetensors")
        truncate(place.path("begun.safetensors"), 200 << 20)
        reason = self.reason(await place.look())
        #expect(reason.hasSuffix("its tensors do not end where it ends; it is cut off or was altered"), "\(reason)")
        #expect(readings.bytes == 8 + 8 + header && readings.files == 0)
    }

    @Test("and whose header has many megabytes is refused by its length")
    func largeHeader() async throws {
        let place = try await ModelPlace(brought: readings.models())
        defer { place.end() }
        let length = withUnsafeBytes(of: UInt64(2 << 20).littleEndian) { Array($0) }
        place.write(length + [UInt8](repeating: UInt8(ascii: "["), count: 2 << 20), to: "mine.safetensors")
        #expect(reason(await place.look()).hasSuffix("it does not begin with the length of a model's header"))
        #expect(readings.bytes == 8)
    }

    @Test("and whose header lies is refused with one sentence, and not loaded")
    func brokenHeaders() async throws {
        let place = try await ModelPlace(brought: readings.models())
        defer { place.end() }
        let headers = [
            "{}", "[]", "nonsense", #"{"__metadata__":{"format":"pt"}}"#, #"{"__metadata__":{"format":"animesnap"}}"#,
            #"{"__metadata__":{"format":"animesnap","checksum":"00000000","graph":"{"}}"#,
            #"{"__metadata__":{"format":"animesnap","checksum":"00000000","graph":"{}"}}"#,
            #"{"__metadata__":{"format":"animesnap"},"a":{"data_offsets":[0,-5]}}"#,
            #"{"__metadata__":{"format":"animesnap"},"a":{"data_offsets":[0,9000000000000000]}}"#,
        ]
        for (index, text) in headers.enumerated() {
            let length = withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { Array($0) }
            place.write(length + Array(text.utf8), to: "\(index).safetensors")
        }
        for count in [0, 1, 7, 8, 9] {
            place.write(Array(try bytes(of: "chalk-m").prefix(count)), to: "cut\(count).safetensors")
        }
        let changes = await place.look()
        #expect(changes.count == headers.count + 5)
        for change in changes {
            #expect(reason([change]).contains(".safetensors is not a usable model file: "), "\(change)")
        }
        #expect(readings.files == 0)
    }

    @Test("and that is a pipe is refused, and nobody waits for it")
    func pipe() async throws {
        let place = try await ModelPlace(brought: readings.models())
        defer { place.end() }
        mkfifo(place.path("mine.safetensors"), 0o644)
        #expect(reason(await place.look()).hasSuffix("it is not a regular file"))
    }

    @Test("is looked at on a thread of its own")
    func thread() async throws {
        let place = try await ModelPlace(brought: readings.models())
        defer { place.end() }
        let name = Mutex("")
        readings.beforeLoading {
            guard let file = fopen("/proc/thread-self/comm", "r") else { return }
            defer { fclose(file) }
            var bytes = [UInt8](repeating: 0, count: 16)
            let count = fread(&bytes, 1, bytes.count, file)
            name.withLock { $0 = String(decoding: bytes.prefix(count), as: UTF8.self) }
        }
        try place.bring("chalk-m", as: "mine.safetensors")
        #expect(await place.look() == [.added(file: "mine.safetensors", style: "chalk")])
        #expect(name.withLock { $0 } == "models\n")
    }

    @Test("and that is refused is looked at once, by the start and the folder together, until it changes")
    func lookedAtOnce() async throws {
        var damaged = try bytes(of: "chalk-m")
        damaged[damaged.count / 2] ^= 1
        let place = try await ModelPlace(brought: readings.models(), files: ["mine.safetensors": damaged])
        defer { place.end() }
        #expect(readings.files == 1)
        #expect(reason(await place.folder.look()).contains("checksum"))
        for _ in 0..<5 { #expect(await place.folder.look() == []) }
        #expect(readings.files == 1)
        // Another folder that looks at it tells the same without reading it.
        let read = readings.bytes
        let other = ModelFolder(path: "\(place.root)/brought", painter: place.painter, options: Painter.Options())
        #expect(reason(await other.look() + other.look()).contains("checksum"))
        #expect(readings.files == 1 && readings.bytes == read)
        // A second of another year: it was written to.
        let times = [timeval(tv_sec: 1_000_000_000, tv_usec: 0), timeval(tv_sec: 1_000_000_000, tv_usec: 0)]
        utimes(place.path("mine.safetensors"), times)
        #expect(reason(await place.look()).contains("checksum"))
        #expect(readings.files == 2)
    }

    @Test("and is exchanged while it is looked at is the one that was looked at, until the other one had its look")
    func exchangedMeanwhile() async throws {
        let place = try await ModelPlace(brought: readings.models())
        defer { place.end() }
        try place.bring("chalk-m", as: "mine.safetensors")
        try place.bring("sepia-m", as: "other")
        readings.beforeLoading { rename(place.path("other"), place.path("mine.safetensors")) }
        #expect(await place.look() == [.added(file: "mine.safetensors", style: "chalk")])
        let error = await #expect(throws: PaintingError.self) { try await paint(place, "chalk") }
        #expect(error?.description.contains("is another file than the one that was looked at") == true)
        #expect(await place.look() == [.added(file: "mine.safetensors", style: "sepia")])
        try await paint(place, "sepia")
    }

    @Test("and is written to while it is looked at is refused, and looked at again")
    func changedMeanwhile() async throws {
        let place = try await ModelPlace(brought: readings.models())
        defer { place.end() }
        try place.bring("chalk-m", as: "mine.safetensors")
        readings.beforeLoading {
            let times = [timeval(tv_sec: 1_000_000_000, tv_usec: 0), timeval(tv_sec: 1_000_000_000, tv_usec: 0)]
            utimes(place.path("mine.safetensors"), times)
        }
        #expect(reason(await place.look()).hasSuffix("it changed while it was looked at"))
        #expect(place.painter.styles == ["cute"])
        #expect(await place.look() == [.added(file: "mine.safetensors", style: "chalk")])
    }

    @Test("and is copied anew before it paints paints on, whatever its times say")
    func copiedAnew() async throws {
        let place = try await ModelPlace(brought: readings.models())
        defer { place.end() }
        try place.bring("chalk-m", as: "mine.safetensors")
        #expect(await place.look() == [.added(file: "mine.safetensors", style: "chalk")])
        try await paint(place, "chalk")
        try place.bring("sepia-m", as: "sepia.safetensors")
        try place.bring("chalk-m", as: "again")
        rename(place.path("again"), place.path("mine.safetensors"))
        try await paint(place, "chalk")
    }

    @Test("and is exchanged before it paints is noticed, and costs its header")
    func exchangedBeforeUse() async throws {
        let place = try await ModelPlace(brought: readings.models())
        defer { place.end() }
        try place.bring("chalk-m", as: "mine.safetensors")
        #expect(await place.look() == [.added(file: "mine.safetensors", style: "chalk")])
        try await paint(place, "chalk")
        let (files, bytes) = (readings.files, readings.bytes)
        try place.bring("sepia-m", as: "other")
        rename(place.path("other"), place.path("mine.safetensors"))
        let error = await #expect(throws: PaintingError.self) { try await paint(place, "chalk") }
        #expect(error?.description.contains("is another file than the one that was looked at") == true)
        #expect(readings.files == files && readings.bytes < bytes + 65_536)
    }

    @Test("may have an eighth of the memory that the machine has for the program")
    func boards() async throws {
        let root = "/tmp/animesnap-machine-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        let group = "/sys/fs/cgroup/system.slice/animesnap.service"
        let folders = [
            "", "/proc", "/proc/self", "/sys", "/sys/fs", "/sys/fs/cgroup", "/sys/fs/cgroup/system.slice", group,
        ]
        for folder in folders { mkdir(root + folder, 0o755) }
        let files = ["/proc/meminfo", "/proc/self/cgroup", "\(group)/memory.max"]
        defer {
            for file in files { unlink(root + file) }
            for folder in folders.reversed() { rmdir(root + folder) }
        }
        let machine = Machine(root: root)
        func write(_ text: String, _ file: String) { put(Array(text.utf8), to: root + file) }
        #expect(machine.memoryForProgram == nil)
        write("MemTotal:  436224 kB\nMemFree:  1000 kB\n", files[0])
        #expect(machine.memoryForProgram == 426 << 20)
        write("0::/system.slice/animesnap.service\n", files[1])
        #expect(machine.memoryForProgram == 426 << 20)
        write("max\n", files[2])
        #expect(machine.memoryForProgram == 426 << 20)
        write("268435456\n", files[2])
        #expect(machine.memoryForProgram == 256 << 20)

        let place = try await ModelPlace(brought: BroughtModels(machine: machine))
        defer { place.end() }
        try place.bring("chalk-m", as: "mine.safetensors")
        truncate(place.path("mine.safetensors"), 32 << 20 + 1)
        #expect(reason(await place.look()).contains("it has 33 MB; "))
        #expect(reason(await place.look()) == "[]")
        truncate(place.path("mine.safetensors"), 32 << 20)
        #expect(reason(await place.look()).contains("its tensors do not end"))
    }
}
