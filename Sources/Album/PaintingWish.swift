/// How a picture is wished, where that is not what is set when its turn comes.
public struct PaintingWish: Hashable, Sendable, CustomStringConvertible {
    /// How large it is to be.
    public var size: PaintingSize?
    /// What is to be done with its faces.
    public var faces: PaintingFaces?
    /// The colour of hair.
    public var hair: PaintingColour?
    /// The colour of irises.
    public var eyes: PaintingColour?

    /// The most bytes that ``description`` has.
    static let mostBytes = 96

    /// A wish; without any it is painted as is set.
    public init(
        size: PaintingSize? = nil, faces: PaintingFaces? = nil, hair: PaintingColour? = nil,
        eyes: PaintingColour? = nil
    ) {
        self.size = size
        self.faces = faces
        self.hair = hair
        self.eyes = eyes
    }

    /// Reads what ``description`` wrote; what cannot be understood wishes nothing.
    public init(_ text: some StringProtocol) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        func word(_ key: String) -> String? {
            lines.dropFirst().first { $0.hasPrefix("\(key): ") }.map { String($0.dropFirst(key.utf8.count + 2)) }
        }
        self.init(
            size: lines.first.flatMap { PaintingSize($0) },
            faces: word("faces").flatMap { PaintingFaces(rawValue: $0) },
            hair: word("hair").flatMap { PaintingColour(rawValue: $0) },
            eyes: word("eyes").flatMap { PaintingColour(rawValue: $0) })
    }

    /// The size in the first line, as programs that know of nothing else read it, and then "faces: off" and the like; empty
    /// without a wish.
    public var description: String {
        let words = [("faces", faces?.rawValue), ("hair", hair?.rawValue), ("eyes", eyes?.rawValue)]
        let lines = words.compactMap { key, value in value.map { "\(key): \($0)\n" } }
        let size = size.map { "\($0)" } ?? ""
        return size.isEmpty && lines.isEmpty ? "" : size + "\n" + lines.joined()
    }
}

/// A colour of hair or irises.
public enum PaintingColour: String, CaseIterable, Sendable {
    /// As in the photo.
    case photo
    case black, brown, blond, red, pink, violet, blue, teal, green, silver
}

/// What is done with the faces of a picture.
public enum PaintingFaces: String, CaseIterable, Sendable {
    /// Each is painted by itself.
    case auto
    /// They are painted with the scene.
    case off
    /// The largest becomes a square picture.
    case only
}
