/// What AnimeSnap notes in the EXIF block of a photo, so that the file alone tells it.
///
/// Number, style and doubts about the time are a line of text in EXIF's user comment:
/// "AnimeSnap picture=42 style=cute", followed by "clock=2025-06-01T18:30:05" when the clock could not be believed.
public struct PhotoNotes: Equatable, Sendable {
    /// The picture's number; nil when there is none.
    public var number: Int?
    /// The style that the photo was taken for; "" when that was left open.
    public var style: String
    /// When the photo was taken; nil when not known.
    public var taken: PictureTime?
    /// Whether the clock could be believed. Otherwise the time is not written where other programs look for it.
    public var isTimeTrusted: Bool

    /// Makes notes; see the properties.
    public init(number: Int? = nil, style: String = "", taken: PictureTime? = nil, isTimeTrusted: Bool = true) {
        self.number = number
        self.style = style
        self.taken = taken
        self.isTimeTrusted = isTimeTrusted
    }

    /// Reads notes from the beginning of a JPEG file; nil when it has none.
    ///
    /// Any bytes will do. The EXIF block has to be whole: the first 160 KB of a file always hold it.
    public init?(ofJPEG bytes: [UInt8]) {
        guard let segment = JPEGSegments(bytes).exif else { return nil }
        let exif = ExifBlock(Array(bytes[segment.content.dropFirst(6)]))
        guard let comment = exif.comment, comment.hasPrefix(Self.mark) else { return nil }
        self.init(comment: comment)
        if isTimeTrusted { taken = ExifSummary(parsing: exif.bytes).taken }
    }

    // MARK: The line of text

    private static let mark = "AnimeSnap "

    private init(comment: String) {
        self.init()
        for word in comment.dropFirst(Self.mark.count).split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "picture": number = Int(parts[1])
            case "style": style = String(parts[1])
            case "clock":
                isTimeTrusted = false
                taken = Self.time(parts[1])
            default: break
            }
        }
    }

    private var comment: String {
        var text = "AnimeSnap"
        if let number { text += " picture=\(number)" }
        if !style.isEmpty { text += " style=\(style)" }
        if !isTimeTrusted { text += " clock=" + (taken.map { Self.words($0) } ?? "unknown") }
        return text
    }

    /// "2025-06-01T18:30:05": a time without spaces, in another spelling than EXIF's own.
    private static func words(_ time: PictureTime) -> String {
        let halves = time.text.split(separator: " ")
        guard halves.count == 2 else { return time.text }
        return halves[0].split(separator: ":").joined(separator: "-") + "T" + halves[1]
    }

    private static func time(_ words: Substring) -> PictureTime? {
        let halves = words.split(separator: "T")
        guard halves.count == 2 else { return nil }
        return PictureTime(text: halves[0].split(separator: "-").joined(separator: ":") + " " + halves[1])
    }

    // MARK: Writing

    /// A JPEG file with these notes in its EXIF block, and not one byte of its picture changed.
    ///
    /// What the block held already stays where it was, a maker's notes included; only the user comment is replaced, and
    /// the time when it is known and trusted. Where there was no block, or it leaves no room, there is a new one that
    /// keeps orientation and time.
    ///
    /// - Returns: The file; as it was when it is no JPEG file.
    public func added(toJPEG bytes: [UInt8]) -> [UInt8] {
        Array(pieces(ofJPEG: bytes).joined())
    }

    /// What `added(toJPEG:)` gives, as the pieces that the file consists of: the picture's own bytes are not copied.
    package func pieces(ofJPEG bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        let segments = JPEGSegments(bytes)
        guard segments.isJPEG else { return [bytes[...]] }
        let old = segments.exif
        var block = old.map { ExifBlock(Array(bytes[$0.content.dropFirst(6)])) } ?? ExifBlock()
        if !block.isWhole || block.bytes.count > ExifBlock.mostBytes - 1024 { block = block.reduced }
        var noted = add(to: block)
        // Its directories are copied: those of a block with many fields need more room than that.
        if noted.count > ExifBlock.mostBytes { noted = add(to: block.reduced) }
        let content = Array("Exif\0\0".utf8) + noted
        let length = content.count + 2
        let marker: [UInt8] = [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)]
        let place = old.map { $0.whole } ?? segments.placeForExif..<segments.placeForExif
        return [bytes[..<place.lowerBound], (marker + content)[...], bytes[place.upperBound...]]
    }

    private func add(to block: ExifBlock) -> [UInt8] {
        var main: [TIFF.Field] = []
        let characters = TIFF.Field.characters(comment).dropLast()
        var exif = [TIFF.Field(ExifTag.userComment, .undefined(Array("ASCII\0\0\0".utf8) + characters))]
        if !block.has(ExifTag.software) { main.append(TIFF.Field(ExifTag.software, .text("AnimeSnap"))) }
        if !block.has(ExifTag.exifVersion) {
            exif.append(TIFF.Field(ExifTag.exifVersion, .undefined(ExifTag.version)))
        }
        if isTimeTrusted { exif += ExifBlock.fields(of: taken) }
        return block.adding(main: main, exif: exif)
    }
}
