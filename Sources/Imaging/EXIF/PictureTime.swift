/// A date and time as EXIF writes it, without any claim about the clock that it came from.
public struct PictureTime: Equatable, Sendable, CustomStringConvertible {
    /// "2025:06:01 18:30:05".
    public let text: String
    /// The distance from UTC, "+02:00", where it is known.
    public let offset: String?

    /// Takes EXIF's own spelling; nil when it is not a date and time, as in cameras whose clock was never set.
    public init?(text: String, offset: String? = nil) {
        let digits = Array(text.utf8)
        guard digits.count == 19, Self.matches(digits, "0000:00:00 00:00:00") else { return nil }
        let fields = text.split { $0 == ":" || $0 == " " }.compactMap { Int($0) }
        guard fields.count == 6, fields[0] > 0, 1...12 ~= fields[1], 1...31 ~= fields[2],
            0...23 ~= fields[3], 0...59 ~= fields[4], 0...60 ~= fields[5]
        else { return nil }
        self.text = text
        self.offset = offset.flatMap { Self.isOffset($0) ? $0 : nil }
    }

    /// Makes a time from its parts, nil when one of them is out of range.
    public init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, offset: String? = nil) {
        guard 1...9999 ~= year else { return nil }
        func padded(_ number: Int, _ count: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, count - digits.count)) + digits
        }
        self.init(
            text: padded(year, 4) + ":" + padded(month, 2) + ":" + padded(day, 2) + " " + padded(hour, 2) + ":"
                + padded(minute, 2) + ":" + padded(second, 2),
            offset: offset)
    }

    /// The time, followed by its distance from UTC where that is known.
    public var description: String { text + (offset ?? "") }

    private static func isOffset(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return matches(bytes, "+00:00") || matches(bytes, "-00:00")
    }

    /// Whether `bytes` equals `pattern` where "0" stands for any digit.
    private static func matches(_ bytes: [UInt8], _ pattern: String) -> Bool {
        bytes.count == pattern.utf8.count
            && zip(bytes, pattern.utf8).allSatisfy { byte, wanted in
                wanted == UInt8(ascii: "0") ? (0x30...0x39).contains(byte) : byte == wanted
            }
    }
}
