/// A TIFF block (EXIF's content) that gets more fields while everything in it stays where it is.
///
/// New directories are appended and the block's first offset leads to them; the fields that stay are copied with their
/// offsets, which still hold. So a maker's notes and a thumbnail, whose offsets nobody can rewrite, stay readable.
struct ExifBlock {
    struct Field {
        let tag: Int
        let type: Int
        /// Of the types that are written here a unit is one byte.
        let value: [UInt8]
    }

    /// The most bytes that a segment has for it.
    static let mostBytes = 65_535 - 2 - 6

    let bytes: [UInt8]
    /// Whether all directories could be read.
    let isWhole: Bool
    private let isBigEndian: Bool
    private let main: [Entry]
    private let exif: [Entry]
    /// Where the directory after the first one is: the thumbnail's; 0 when there is none.
    private let next: Int

    private struct Entry {
        let tag: Int
        /// The 12 bytes of the table.
        let bytes: [UInt8]
    }

    /// An empty block.
    init() {
        self.init(Array("II*\0".utf8) + [8, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        isBigEndian = bytes.first == UInt8(ascii: "M")
        let tiff = TIFFBytes(bytes)
        let order = isBigEndian
        func entries(at offset: Int) -> [Entry]? {
            guard let count = Self.number(bytes, at: offset, count: 2, order), count <= 512 else { return nil }
            let found = tiff.entries(at: offset).map { entry in
                Entry(tag: entry.tag, bytes: Array(bytes[entry.position - 8..<entry.position + 4]))
            }
            return found.count == count ? found : nil
        }
        var mainEntries: [Entry]?
        var exifEntries: [Entry]? = []
        var nextOffset = 0
        if let first = tiff.firstDirectory {
            mainEntries = entries(at: first)
            if let count = mainEntries?.count {
                nextOffset = Self.number(bytes, at: first + 2 + 12 * count, count: 4, order) ?? 0
            }
            if let pointer = tiff.entries(at: first).first(where: { $0.tag == ExifTag.exifDirectory }) {
                exifEntries = tiff.number(pointer).flatMap { entries(at: $0) }
            }
        }
        isWhole = mainEntries != nil && exifEntries != nil
        main = mainEntries ?? []
        exif = exifEntries ?? []
        next = nextOffset
    }

    /// A small block with what is known of this one: orientation and time.
    var reduced: ExifBlock {
        let summary = ExifSummary(parsing: bytes)
        let turn = [UInt8(summary.orientation.rawValue), 0]
        var fields: [Field] = []
        if let taken = summary.taken {
            fields.append(Field(tag: ExifTag.dateTimeOriginal, type: 2, value: Array(taken.text.utf8) + [0]))
            if let offset = taken.offset {
                fields.append(Field(tag: ExifTag.offsetTimeOriginal, type: 2, value: Array(offset.utf8) + [0]))
            }
        }
        let orientation = Field(tag: ExifTag.orientation, type: 3, value: turn)
        return ExifBlock(ExifBlock().adding(main: [orientation], exif: fields))
    }

    func has(_ tag: Int) -> Bool {
        (main + exif).contains { $0.tag == tag }
    }

    /// The user comment, where it is marked as ASCII and of a sensible length.
    var comment: String? {
        guard let entry = exif.first(where: { $0.tag == 0x9286 }),
            let count = Self.number(entry.bytes, at: 4, count: 4, isBigEndian), 9...512 ~= count,
            let start = Self.number(entry.bytes, at: 8, count: 4, isBigEndian), start <= bytes.count - count
        else { return nil }
        let value = bytes[start..<start + count]
        guard value.starts(with: "ASCII\0\0\0".utf8) else { return nil }
        return String(decoding: value.dropFirst(8).prefix { $0 != 0 }, as: UTF8.self)
    }

    /// The block with fields added, or put in place of those with their tags.
    func adding(main newMain: [Field], exif newExif: [Field]) -> [UInt8] {
        var result = bytes
        if result.count % 2 != 0 { result.append(0) }
        let exifOffset = append(exif, newExif, next: 0, to: &result)
        let pointer = Entry(
            tag: ExifTag.exifDirectory,
            bytes: coded(ExifTag.exifDirectory, 2) + coded(4, 2) + coded(1, 4) + coded(exifOffset, 4))
        let kept = main.filter { $0.tag != ExifTag.exifDirectory } + [pointer]
        let mainOffset = append(kept, newMain, next: next, to: &result)
        result.replaceSubrange(4..<8, with: coded(mainOffset, 4))
        return result
    }

    /// Appends a directory, in the order of its tags, and the values that do not fit into it.
    private func append(_ old: [Entry], _ new: [Field], next: Int, to result: inout [UInt8]) -> Int {
        var entries = old.filter { entry in !new.contains { $0.tag == entry.tag } }
        for field in new {
            let isShort = field.type == 3
            let head = coded(field.tag, 2) + coded(field.type, 2) + coded(isShort ? 1 : field.value.count, 4)
            if field.value.count <= 4 {
                let value = isShort ? coded(Int(field.value[0]), 2) : field.value
                let padding = [UInt8](repeating: 0, count: 4 - value.count)
                entries.append(Entry(tag: field.tag, bytes: head + value + padding))
            } else {
                entries.append(Entry(tag: field.tag, bytes: head + coded(result.count, 4)))
                result += field.value
                if result.count % 2 != 0 { result.append(0) }
            }
        }
        entries.sort { $0.tag < $1.tag }
        let offset = result.count
        result += coded(entries.count, 2)
        for entry in entries { result += entry.bytes }
        result += coded(next, 4)
        return offset
    }

    private func coded(_ number: Int, _ count: Int) -> [UInt8] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        return isBigEndian ? bytes.reversed() : bytes
    }

    private static func number(_ bytes: [UInt8], at offset: Int, count: Int, _ isBigEndian: Bool) -> Int? {
        guard offset >= 0, offset <= bytes.count - count else { return nil }
        let field = bytes[offset..<offset + count]
        return isBigEndian
            ? field.reduce(0) { $0 << 8 | Int($1) }
            : field.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
