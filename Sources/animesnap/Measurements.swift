import FoundationEssentials
import Platform

/// The most memory that this process ever had resident, in bytes; 0 where the system does not tell.
func peakResidentBytes() -> Int {
    // VmHWM belongs to this program alone; getrusage would also count what ran in the process before it.
    guard let status = try? FileContent.text(of: "/proc/self/status") else { return 0 }
    for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
        let kilobytes = line.split(separator: " ").compactMap { Int($0) }.first ?? 0
        return kilobytes << 10
    }
    return 0
}

extension Duration {
    /// Milliseconds with three decimals.
    var milliseconds: Double {
        let microseconds = Double(components.seconds) * 1e6 + Double(components.attoseconds) * 1e-12
        return microseconds.rounded() / 1e3
    }
}

/// One line of JSON with keys in the order of the alphabet.
func jsonLine(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}
