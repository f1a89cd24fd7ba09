/// A TIFF block, the form of EXIF's content, read with every offset checked against the end of the block.
struct TIFFBytes {
    /// One field of a directory.
    struct Entry {
        let tag: Int
        let type: Int
        let count: Int
        /// Where the value is, or where the offset of a value of more than four bytes is.
        let position: Int
    }

    /// No camera writes more fields; a made-up count must not cost time.
    private static let mostEntries = 512

    private let bytes: [UInt8]
    private let isBigEndian: Bool

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        isBigEndian = bytes.first == UInt8(ascii: "M")
    }

    /// The offset of the first directory; nil when this is no TIFF block.
    var firstDirectory: Int? {
        guard bytes.starts(with: "II*\0".utf8) || bytes.starts(with: "MM\0*".utf8) else { return nil }
        return integer(at: 4, bytes: 4)
    }

    /// The fields of the directory at `offset`, as far as they lie inside the block.
    func entries(at offset: Int) -> [Entry] {
        guard let count = integer(at: offset, bytes: 2) else { return [] }
        var entries: [Entry] = []
        for index in 0..<min(count, Self.mostEntries) {
            let start = offset + 2 + 12 * index
            guard let tag = integer(at: start, bytes: 2), let type = integer(at: start + 2, bytes: 2),
                let count = integer(at: start + 4, bytes: 4), start + 12 <= bytes.count
            else { break }
            entries.append(Entry(tag: tag, type: type, count: count, position: start + 8))
        }
        return entries
    }

    /// The value of a field that holds one whole number.
    func number(_ entry: Entry) -> Int? {
        guard entry.count == 1 else { return nil }
        switch entry.type {
        case 1: return integer(at: entry.position, bytes: 1)
        case 3: return integer(at: entry.position, bytes: 2)
        case 4: return integer(at: entry.position, bytes: 4)
        default: return nil
        }
    }

    /// The value of a text field up to its first zero byte; nil for texts of more than 64 bytes, which none of the
    /// fields that are read can have.
    func text(_ entry: Entry) -> String? {
        guard entry.type == 2, 1...64 ~= entry.count else { return nil }
        let start = entry.count <= 4 ? entry.position : integer(at: entry.position, bytes: 4)
        guard let start, start + entry.count <= bytes.count else { return nil }
        return String(decoding: bytes[start..<start + entry.count].prefix { $0 != 0 }, as: UTF8.self)
    }

    private func integer(at offset: Int, bytes count: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - count else { return nil }
        let field = bytes[offset..<offset + count]
        return isBigEndian
            ? field.reduce(0) { $0 << 8 | Int($1) }
            : field.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
