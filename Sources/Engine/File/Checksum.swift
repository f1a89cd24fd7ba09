/// CRC-32 (IEEE 802.3, reflected polynomial 0xEDB88320), eight bytes a step ("slicing by 8", Kounavis and Berry 2005).
public struct Checksum: Sendable {
    private var state: UInt32 = 0xFFFF_FFFF

    /// An empty checksum.
    public init() {}

    /// The checksum of the bytes added so far.
    public var value: UInt32 { ~state }

    /// The value as eight hexadecimal digits, lower case.
    public var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Adds `bytes`.
    public mutating func add(_ bytes: UnsafeRawBufferPointer) {
        Self.tables.withUnsafeBufferPointer { table in
            var crc = state
            var at = 0
            while bytes.count - at >= 8 {
                let low = crc ^ UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
                let high = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self))
                crc = table[Int(0x700 + (low & 0xFF))] ^ table[Int(0x600 + (low >> 8 & 0xFF))]
                crc ^= table[Int(0x500 + (low >> 16 & 0xFF))] ^ table[Int(0x400 + (low >> 24))]
                crc ^= table[Int(0x300 + (high & 0xFF))] ^ table[Int(0x200 + (high >> 8 & 0xFF))]
                crc ^= table[Int(0x100 + (high >> 16 & 0xFF))] ^ table[Int(high >> 24)]
                at += 8
            }
            while at < bytes.count {
                crc = table[Int((crc ^ UInt32(bytes[at])) & 0xFF)] ^ (crc >> 8)
                at += 1
            }
            state = crc
        }
    }

    /// Entry `256 * n + b` carries byte b over n more bytes.
    private static let tables: [UInt32] = {
        var table = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
            table[byte] = crc
        }
        for entry in 256..<table.count {
            let previous = table[entry - 256]
            table[entry] = table[Int(previous & 0xFF)] ^ previous >> 8
        }
        return table
    }()
}
