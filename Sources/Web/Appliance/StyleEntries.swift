/// A style that pictures are painted in.
public struct StyleEntry: Encodable, Sendable {
    /// As files are named by it.
    public var name: String
    /// What people read.
    public var title: String
    /// What its model may be used for.
    public var licence: String
    /// Whether hair and eyes can get colours.
    public var isDrawn: Bool
    /// Where a sample picture is; nil when there is none.
    @OrNull public var sample: String?

    private enum CodingKeys: String, CodingKey {
        case name, title, licence, sample
        case isDrawn = "drawn"
    }

    /// Makes an entry. `edition` names the model that paints the sample: browsers must not show another one's for it.
    public init(
        name: String, title: String, licence: String, isDrawn: Bool = false, hasSample: Bool, edition: String? = nil
    ) {
        self.name = name
        self.title = title
        self.licence = licence
        self.isDrawn = isDrawn
        sample = hasSample ? "/styles/\(name).jpg" + (edition.map { "?v=\($0)" } ?? "") : nil
    }
}

/// A number of a drawn style that the host can set.
public struct StyleValueEntry: Encodable, Equatable, Sendable {
    /// As style files spell it.
    public let key: String
    /// What it is now.
    public let value: Double
    /// What the style's file says.
    public let standard: Double
    /// The least that is possible.
    public let least: Double
    /// The most that is possible.
    public let most: Double

    /// Makes an entry.
    public init(key: String, value: Double, standard: Double, range: ClosedRange<Double>) {
        self.key = key
        self.value = value
        self.standard = standard
        least = range.lowerBound
        most = range.upperBound
    }
}

/// How large anime pictures are.
public enum AnimeSize: Encodable, Equatable, Sendable {
    /// Their longest side in pixels.
    case pixels(Int)
    /// As large as the photo.
    case full

    /// Writes a number or "full".
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .pixels(let count): try container.encode(count)
        case .full: try container.encode("full")
        }
    }
}

/// What is done with the faces of anime pictures.
public enum AnimeFaces: String, CaseIterable, Encodable, Equatable, Sendable {
    /// Each is painted by itself.
    case auto
    /// They are painted with the scene.
    case off
    /// The largest becomes a square picture.
    case only
}

/// A colour of hair or eyes.
public enum AnimeColour: String, CaseIterable, Encodable, Equatable, Sendable {
    /// As in the photo.
    case photo
    case black, brown, blond, red, pink, violet, blue, teal, green, silver
}

/// How a picture is wished; what is nil is done as is set.
public struct AnimeWish: Equatable, Sendable {
    /// How large it is to be.
    public var size: AnimeSize?
    /// What is done with its faces.
    public var faces: AnimeFaces?
    /// The colour of hair.
    public var hair: AnimeColour?
    /// The colour of eyes.
    public var eyes: AnimeColour?

    /// Makes a wish.
    public init(
        size: AnimeSize? = nil, faces: AnimeFaces? = nil, hair: AnimeColour? = nil, eyes: AnimeColour? = nil
    ) {
        self.size = size
        self.faces = faces
        self.hair = hair
        self.eyes = eyes
    }
}
