/// TIFF, the form of EXIF's content: one reader and one writer of it.
enum TIFF {
    /// In which order the bytes of numbers stand.
    enum ByteOrder {
        case littleEndian, bigEndian

        /// The last `count` bytes of a number.
        func bytes(_ number: Int, count: Int) -> [UInt8] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
            return self == .bigEndian ? bytes.reversed() : bytes
        }

        func number(_ bytes: ArraySlice<UInt8>) -> Int {
            self == .bigEndian
                ? bytes.reduce(0) { $0 << 8 | Int($1) }
                : bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        }
    }

    /// Bytes of a directory's table for one field.
    private static let entryBytes = 12

    // MARK: Reading

    /// A block that is read with every offset checked against its end.
    struct Reader {
        /// One field of a directory.
        struct Entry {
            let tag: Int
            let type: Int
            let count: Int
            /// Where the value is, or where the offset of a value of more than four bytes is.
            let position: Int
        }

        /// No camera writes more fields; a made-up count must not cost time.
        static let mostEntries = 512

        let bytes: [UInt8]
        let order: ByteOrder

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            order = bytes.first == UInt8(ascii: "M") ? .bigEndian : .littleEndian
        }

        /// The offset of the first directory; nil when this is no TIFF block.
        var firstDirectory: Int? {
            guard bytes.starts(with: "II*\0".utf8) || bytes.starts(with: "MM\0*".utf8) else { return nil }
            return integer(at: 4, bytes: 4)
        }

        /// How many fields the directory at `offset` says that it has.
        func entryCount(at offset: Int) -> Int? { integer(at: offset, bytes: 2) }

        /// The fields of the directory at `offset`, as far as they lie inside the block.
        func entries(at offset: Int) -> [Entry] {
            guard let count = entryCount(at: offset) else { return [] }
            var entries: [Entry] = []
            for index in 0..<min(count, Self.mostEntries) {
                let start = offset + 2 + entryBytes * index
                guard let tag = integer(at: start, bytes: 2), let type = integer(at: start + 2, bytes: 2),
                    let count = integer(at: start + 4, bytes: 4), start + entryBytes <= bytes.count
                else { break }
                entries.append(Entry(tag: tag, type: type, count: count, position: start + 8))
            }
            return entries
        }

        /// Where the directory that follows the one at `offset` is; 0 when there is none.
        func directory(after offset: Int) -> Int {
            guard let count = entryCount(at: offset) else { return 0 }
            return integer(at: offset + 2 + entryBytes * count, bytes: 4) ?? 0
        }

        /// The field as it stands in its directory.
        func table(_ entry: Entry) -> [UInt8] { Array(bytes[entry.position - 8..<entry.position + 4]) }

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

        /// What the last four bytes of a field's table say as a number, whatever its type.
        func offset(_ entry: Entry) -> Int? { integer(at: entry.position, bytes: 4) }

        /// The value of a text field up to its first zero byte; nil for texts of more than 64 bytes, which none of the
        /// fields that are read can have.
        func text(_ entry: Entry) -> String? {
            guard entry.type == 2, 1...64 ~= entry.count else { return nil }
            let start = entry.count <= 4 ? entry.position : offset(entry)
            guard let start, start + entry.count <= bytes.count else { return nil }
            return String(decoding: bytes[start..<start + entry.count].prefix { $0 != 0 }, as: UTF8.self)
        }

        private func integer(at offset: Int, bytes count: Int) -> Int? {
            guard offset >= 0, offset <= bytes.count - count else { return nil }
            return order.number(bytes[offset..<offset + count])
        }
    }

    // MARK: Writing

    /// A field in the making.
    struct Field {
        enum Value {
            case text(String)
            case short(Int)
            case long(Int)
            case undefined([UInt8])
        }

        let tag: Int
        let value: Value

        init(_ tag: Int, _ value: Value) {
            self.tag = tag
            self.value = value
        }

        /// A text with its closing zero. Fields of EXIF are short: at most 200 bytes are kept.
        static func characters(_ text: String) -> [UInt8] { text.utf8.filter { $0 != 0 }.prefix(200) + [0] }

        var isEmptyText: Bool { if case .text(let text) = value { Self.characters(text).count <= 1 } else { false } }

        fileprivate func coded(_ order: ByteOrder) -> (type: Int, count: Int, bytes: [UInt8]) {
            switch value {
            case .text(let text):
                let bytes = Self.characters(text)
                return (2, bytes.count, bytes)
            case .short(let number): return (3, 1, order.bytes(number, count: 2))
            case .long(let number): return (4, 1, order.bytes(number, count: 4))
            case .undefined(let bytes): return (7, bytes.count, bytes)
            }
        }
    }

    /// One directory in the making.
    struct Directory {
        let order: ByteOrder
        /// Fields of another directory that stay as they stand there, with their offsets.
        var kept: [(tag: Int, table: [UInt8])] = []
        /// What is new. Their values stand in this order, the table is in that of the tags.
        var fields: [Field]
        /// Where the directory after this one is; 0 for none.
        var next = 0

        var tableCount: Int { 2 + entryBytes * (kept.count + fields.count) + 4 }

        /// The table, and the values that do not fit into it, which come to stand at `place`, an even offset.
        func coded(valuesAt place: Int) -> (table: [UInt8], values: [UInt8]) {
            var entries = kept
            var values: [UInt8] = []
            for field in fields {
                let (type, count, bytes) = field.coded(order)
                var table = order.bytes(field.tag, count: 2) + order.bytes(type, count: 2)
                table += order.bytes(count, count: 4)
                if bytes.count <= 4 {
                    table += bytes + [UInt8](repeating: 0, count: 4 - bytes.count)
                } else {
                    table += order.bytes(place + values.count, count: 4)
                    values += bytes
                    if values.count % 2 != 0 { values.append(0) }
                }
                entries.append((field.tag, table))
            }
            entries.sort { $0.tag < $1.tag }
            var table = order.bytes(entries.count, count: 2)
            for entry in entries { table += entry.table }
            return (table + order.bytes(next, count: 4), values)
        }

        /// The directory as it stands at `offset`, an even one, with its values behind it.
        func bytes(at offset: Int) -> [UInt8] {
            let (table, values) = coded(valuesAt: offset + tableCount)
            return table + values
        }
    }
}
