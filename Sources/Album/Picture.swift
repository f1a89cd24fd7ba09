/// A photo with everything that was made from it, as it stood when it was asked for.
public struct Picture: Equatable, Sendable {
    /// The number that all its files begin with; 1 or more and never given twice.
    public let number: Int
    /// The styles that it was painted in, in the order of their names.
    public let styles: [String]
    /// The styles that could not be painted, in the order of their names.
    public let failed: [String]
    /// The styles that are wished for and not painted yet, in the order of their names.
    public let wanted: [String]
    /// Whether it is kept when room has to be made.
    public let isPinned: Bool
    /// Where the photo is.
    public let photoPath: String
    /// Bytes of the photo; nil when it cannot be looked at.
    public let photoBytes: Int?
    /// Whether the photo and each anime picture have a preview and a thumbnail.
    public let hasThumbnails: Bool

    private let folder: String
    private let withThumbnails: [String]
    private let editions: [String: Int]

    init(_ entry: AlbumIndex.Entry, folder: String) {
        number = entry.number
        let parts = entry.parts.filter { $0.name != PictureName.photo }
        styles = parts.filter(\.hasPicture).map(\.name).sorted()
        failed = parts.filter(\.isFailed).map(\.name).sorted()
        wanted = parts.filter(\.isWanted).map(\.name).sorted()
        isPinned = entry.isPinned
        photoPath = folder + "/" + PictureName(entry.number, .picture(PictureName.photo)).text
        photoBytes = entry.photoBytes
        hasThumbnails = entry.parts.allSatisfy { !$0.hasPicture || $0.hasRenditions }
        withThumbnails = entry.parts.filter(\.hasRenditions).map(\.name)
        editions = Dictionary(
            parts.filter { $0.replacements > 0 }.map { ($0.name, $0.replacements) }, uniquingKeysWith: { $1 })
        self.folder = folder
    }

    /// The number as its files begin with it and people read it: four digits or more.
    public var label: String { PictureName.digits(number) }

    /// Whether a part has a preview and a thumbnail; `part` is "photo" or a style.
    public func hasThumbnails(_ part: String) -> Bool { withThumbnails.contains(part) }

    /// How often the anime picture of a style took the place of another one since the album was opened.
    public func replacements(_ style: String) -> Int { editions[style] ?? 0 }

    /// Where the anime picture of a style is, or would be.
    public func animePath(_ style: String) -> String {
        path(.picture(style))
    }

    /// Where a small picture for a phone's screen is, or would be; `part` is "photo" or a style.
    public func previewPath(_ part: String) -> String {
        path(.preview(part))
    }

    /// Where a tiny picture for a list is, or would be; `part` is "photo" or a style.
    public func thumbnailPath(_ part: String) -> String {
        path(.thumbnail(part))
    }

    private func path(_ content: PictureName.Content) -> String {
        folder + "/" + PictureName(number, content).text
    }
}

/// A painting that has still to be done.
public struct Conversion: Equatable, Sendable {
    /// The photo's number.
    public let number: Int
    /// The style; "" when the photo does not say which one was wished for.
    public let style: String

    /// Makes a conversion.
    public init(number: Int, style: String) {
        self.number = number
        self.style = style
    }
}

/// What happened to an album. It is told once it is on the disk.
public enum AlbumChange: Equatable, Sendable {
    /// A photo was saved.
    case photoSaved(Picture)
    /// An anime picture was saved.
    case animeSaved(Picture, style: String)
    /// Something else about a picture is different: its pin, its wishes, its previews.
    case changed(Picture)
    /// A picture is gone, by a wish or to make room.
    case deleted(Int)
    /// All pictures are gone; these there were, in the order of their numbers.
    case wiped([Int])
}
