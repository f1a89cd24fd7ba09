import Devices
import Glibc
import Imaging
import Synchronization
import Testing

/// A generator whose numbers repeat, so that a failure does too.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }
}

/// A folder that goes with the test.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/devices-test-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        guard let directory = opendir(path) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { name in
                String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
            }
            unlink("\(path)/\(name)")
        }
        closedir(directory)
        rmdir(path)
    }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8], isProgram: Bool = false) throws -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, isProgram ? 0o755 : 0o644)
        try #require(descriptor >= 0)
        try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
        return file
    }

    func text(_ name: String) -> String? {
        let descriptor = open("\(path)/\(name)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}

/// A small picture that differs with its seed.
func picture(_ seed: Int, width: Int = 64, height: Int = 48, quality: Int = 80) throws -> [UInt8] {
    let image = RGBImage(width: width, height: height) { x, y in
        (UInt8((x * 3 + seed * 7) & 255), UInt8((y * 5 + x * y + seed) & 255), UInt8((x ^ y ^ seed) & 255))
    }
    return try image.jpeg(JPEGWriter.Options(quality: quality))
}

/// Bytes of memory that the process holds.
func residentBytes() -> Int {
    let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 200)
    let count = read(descriptor, &bytes, bytes.count)
    let fields = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 : 0
}

/// Whether this is ARM code on another processor: slow, and unable to start itself again.
let isEmulated = getenv("ANIMESNAP_EMULATED") != nil

/// Waits until something becomes true, five minutes at most.
func eventually(_ condition: () -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(300)
    while ContinuousClock.now < deadline {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return condition()
}

extension AsyncStream<CameraEvent>.Iterator {
    mutating func nextFrame() async -> Frame? {
        while let event = await next() {
            if case .frame(let frame) = event { return frame }
        }
        return nil
    }

    mutating func nextLoss() async -> String? {
        while let event = await next() {
            if case .lost(let reason) = event { return reason }
        }
        return nil
    }
}

extension Frame {
    var bytes: [UInt8] {
        switch pixels {
        case .jpeg(let bytes), .yuyv(_, _, let bytes), .nv12(_, _, let bytes): bytes
        }
    }
}
