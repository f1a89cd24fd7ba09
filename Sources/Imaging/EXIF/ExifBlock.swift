/// A TIFF block (EXIF's content) that gets more fields while everything in it stays where it is.
///
/// New directories are appended and the block's first offset leads to them; the fields that stay are copied with their
/// offsets, which still hold. So a maker's notes and a thumbnail, whose offsets nobody can rewrite, stay readable.
struct ExifBlock {
    /// The most bytes that a segment has for it.
    static let mostBytes = 65_535 - 2 - 6

    /// Whether all directories could be read.
    let isWhole: Bool
    private let tiff: TIFF.Reader
    private let main: [TIFF.Reader.Entry]
    private let exif: [TIFF.Reader.Entry]
    /// Where the directory after the first one is: the thumbnail's; 0 when there is none.
    private let next: Int

    var bytes: [UInt8] { tiff.bytes }

    /// An empty block.
    init() {
        self.init(Array("II*\0".utf8) + [8, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    init(_ bytes: [UInt8]) {
        let tiff = TIFF.Reader(bytes)
        func entries(at offset: Int) -> [TIFF.Reader.Entry]? {
            guard let count = tiff.entryCount(at: offset), count <= TIFF.Reader.mostEntries else { return nil }
            let found = tiff.entries(at: offset)
            return found.count == count ? found : nil
        }
        let main = tiff.firstDirectory.flatMap { entries(at: $0) }
        var exif: [TIFF.Reader.Entry]? = []
        if let pointer = main?.first(where: { $0.tag == ExifTag.exifDirectory }) {
            exif = tiff.number(pointer).flatMap { entries(at: $0) }
        }
        isWhole = main != nil && exif != nil
        self.main = main ?? []
        self.exif = exif ?? []
        self.tiff = tiff
        next = main == nil ? 0 : tiff.firstDirectory.map { tiff.directory(after: $0) } ?? 0
    }

    /// A small block with what is known of this one: orientation and time.
    var reduced: ExifBlock {
        let summary = ExifSummary(parsing: bytes)
        let turn = TIFF.Field(ExifTag.orientation, .short(summary.orientation.rawValue))
        return ExifBlock(ExifBlock().adding(main: [turn], exif: Self.fields(of: summary.taken)))
    }

    /// The fields that tell when a photo was taken; none when that is not known.
    static func fields(of time: PictureTime?) -> [TIFF.Field] {
        guard let time else { return [] }
        return [TIFF.Field(ExifTag.dateTimeOriginal, .text(time.text))]
            + (time.offset.map { [TIFF.Field(ExifTag.offsetTimeOriginal, .text($0))] } ?? [])
    }

    func has(_ tag: Int) -> Bool {
        (main + exif).contains { $0.tag == tag }
    }

    /// The user comment, where it is marked as ASCII and of a sensible length.
    var comment: String? {
        guard let entry = exif.first(where: { $0.tag == ExifTag.userComment }), 9...512 ~= entry.count,
            let start = tiff.offset(entry), start <= bytes.count - entry.count
        else { return nil }
        let value = bytes[start..<start + entry.count]
        guard value.starts(with: "ASCII\0\0\0".utf8) else { return nil }
        return String(decoding: value.dropFirst(8).prefix { $0 != 0 }, as: UTF8.self)
    }

    /// The block with fields added, or put in place of those with their tags.
    func adding(main newMain: [TIFF.Field], exif newExif: [TIFF.Field]) -> [UInt8] {
        var result = bytes
        if result.count % 2 != 0 { result.append(0) }
        let exifOffset = append(exif, newExif, next: 0, to: &result)
        let pointer = TIFF.Field(ExifTag.exifDirectory, .long(exifOffset))
        let mainOffset = append(main, [pointer] + newMain, next: next, to: &result)
        result.replaceSubrange(4..<8, with: tiff.order.bytes(mainOffset, count: 4))
        return result
    }

    /// Appends a directory behind the values that do not fit into it.
    ///
    /// - Returns: Its offset.
    private func append(
        _ old: [TIFF.Reader.Entry], _ new: [TIFF.Field], next: Int, to result: inout [UInt8]
    ) -> Int {
        let kept = old.filter { entry in !new.contains { $0.tag == entry.tag } }
        let directory = TIFF.Directory(
            order: tiff.order, kept: kept.map { ($0.tag, tiff.table($0)) }, fields: new, next: next)
        let (table, values) = directory.coded(valuesAt: result.count)
        result += values
        let offset = result.count
        result += table
        return offset
    }
}
