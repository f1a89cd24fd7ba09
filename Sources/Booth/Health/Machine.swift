import Glibc

/// What the machine tells about itself. All values are nil where the system does not say.
public struct Machine: Sendable {
    private let root: String

    /// Reads `/proc` and `/sys`.
    public init() { root = "" }

    /// Reads `proc` and `sys` below a folder, for tests.
    package init(root: String) { self.root = root }

    /// The board as its device tree calls it, "Raspberry Pi 5 Model B Rev 1.0" say.
    public var model: String? {
        text("/proc/device-tree/model").map { $0.filter { $0 != "\0" && $0 != "\n" } }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The processor as it calls itself, where the system tells: not on ARM.
    public var processor: String? {
        text("/proc/cpuinfo")?.split(separator: "\n").first { $0.hasPrefix("model name") }
            .flatMap { $0.split(separator: ":", maxSplits: 1).last }.map { String($0.drop { $0 == " " }) }
    }

    /// The processor's temperature in degrees Celsius.
    public var temperature: Double? {
        text("/sys/class/thermal/thermal_zone0/temp").flatMap { Int($0.filter { $0 != "\n" }) }.map {
            Double($0 / 100) / 10
        }
    }

    /// The board's throttling flags; bit 0 and 16 stand for low voltage, 1 and 17 for a capped frequency, 2 and 18 for
    /// throttling, 3 and 19 for heat: now, and since the start.
    public var throttling: Int? {
        text("/sys/devices/platform/soc/soc:firmware/get_throttled").flatMap { text in
            let digits = text.filter { $0 != "\n" }
            return Int(digits.hasPrefix("0x") ? digits.dropFirst(2) : digits[...], radix: 16)
        }
    }

    /// What the flags mean now, in words; none for a board that is well or does not say.
    public var throttlingWords: [String] {
        guard let flags = throttling else { return [] }
        let words = ["the voltage is too low", "the frequency is capped", "the board is throttled", "the board is hot"]
        return words.enumerated().filter { flags >> $0.offset & 1 == 1 }.map(\.element)
    }

    /// Bytes of memory in all.
    public var memory: Int? { memoryField("MemTotal") }
    /// Bytes of memory that this program may have: all there is, or less where its service is limited.
    public var memoryForProgram: Int? {
        let group = text("/proc/self/cgroup")?.split(separator: "\n").first { $0.hasPrefix("0::/") }?.dropFirst(3)
        let limit = group.flatMap { text("/sys/fs/cgroup\($0)/memory.max") }.flatMap { Int($0.filter { $0 != "\n" }) }
        return [memory, limit].compactMap { $0 }.min()
    }
    /// Bytes of memory that programs can still have.
    public var freeMemory: Int? { memoryField("MemAvailable") }
    /// Bytes of contiguous memory, which cameras need.
    public var contiguousMemory: Int? { memoryField("CmaTotal") }
    /// Bytes of contiguous memory that are free.
    public var freeContiguousMemory: Int? { memoryField("CmaFree") }

    /// Bytes of memory that this process has now.
    public var residentMemory: Int? {
        text("/proc/self/statm")?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map {
            $0 * Int(sysconf(Int32(_SC_PAGESIZE)))
        }
    }

    private func memoryField(_ name: String) -> Int? {
        text("/proc/meminfo")?.split(separator: "\n").first { $0.hasPrefix("\(name):") }
            .flatMap { $0.split(separator: " ").compactMap { Int($0) }.first }.map { $0 << 10 }
    }

    private func text(_ path: String) -> String? { readSmallFile(root + path) }
}

/// The content of a file of at most 64 KiB; nil when it cannot be read.
func readSmallFile(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 4096)
    while bytes.count < 65_536 {
        let count = read(descriptor, &part, part.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { return nil }
        if count == 0 { break }
        bytes += part[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
}
