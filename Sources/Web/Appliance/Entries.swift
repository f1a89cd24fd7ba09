/// A page of the album.
public struct PicturePage: Encodable, Sendable {
    /// Newest first.
    public var pictures: [PictureEntry]
    /// What `before` has to be for the following page; nil when there is none.
    @OrNull public var next: Int?
    /// Pictures that fit the wish in all.
    public var count: Int

    /// Makes a page.
    public init(pictures: [PictureEntry], next: Int?, count: Int) {
        self.pictures = pictures
        self.next = next
        self.count = count
    }
}

/// A picture as the web shows it.
public struct PictureEntry: Encodable, Equatable, Sendable {
    /// A style that could not be painted.
    public struct Failure: Encodable, Equatable, Sendable {
        /// The style.
        public var style: String
        /// Why.
        public var reason: String

        /// Makes a failure.
        public init(style: String, reason: String) {
            self.style = style
            self.reason = reason
        }
    }

    /// Its number.
    public var number: Int
    /// When it was taken, as RFC 3339 in UTC; nil when the clock was not trusted.
    @OrNull public var taken: String?
    /// Whether it is kept when room has to be made.
    public var isPinned: Bool
    /// The photo.
    public var photo: PictureFiles
    /// What was painted of it.
    public var anime: [PictureFiles]
    /// Styles that wait to be painted.
    public var waiting: [String]
    /// Styles that could not be painted.
    public var failed: [Failure]

    private enum CodingKeys: String, CodingKey {
        case number, taken, photo, anime, waiting, failed
        case isPinned = "pinned"
    }

    /// Makes an entry.
    public init(
        number: Int, taken: String?, isPinned: Bool, photo: PictureFiles, anime: [PictureFiles],
        waiting: [String], failed: [Failure]
    ) {
        self.number = number
        self.taken = taken
        self.isPinned = isPinned
        self.photo = photo
        self.anime = anime
        self.waiting = waiting
        self.failed = failed
    }
}

/// Where a photo or an anime picture is, in three sizes.
public struct PictureFiles: Encodable, Equatable, Sendable {
    /// The style; nil for the photo.
    public let style: String?
    private let number: Int
    private let hasPreview: Bool
    private let edition: Int

    /// - Parameters:
    ///   - number: The picture's number.
    ///   - style: The style; nil for the photo.
    ///   - hasPreview: Whether preview and thumbnail are made.
    ///   - edition: How often the picture took the place of another one; browsers must not show that one for it.
    public init(number: Int, style: String?, hasPreview: Bool, edition: Int = 0) {
        self.number = number
        self.style = style
        self.hasPreview = hasPreview
        self.edition = edition
    }

    private enum CodingKeys: String, CodingKey { case style, file, preview, thumb }

    /// Writes the three addresses.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
        let base = "/files/\(padded)-\(style ?? "photo")"
        try container.encodeIfPresent(style, forKey: .style)
        let end = ".jpg" + (edition > 0 ? "?v=\(edition)" : "")
        try container.encode(base + end, forKey: .file)
        try container.encode(OrNull(wrappedValue: hasPreview ? "\(base)-preview\(end)" : nil), forKey: .preview)
        try container.encode(OrNull(wrappedValue: hasPreview ? "\(base)-thumb\(end)" : nil), forKey: .thumb)
    }
}

/// A picture that is being painted or waits for it.
public struct JobEntry: Encodable, Equatable, Sendable {
    /// Where a job stands.
    public enum State: String, Encodable, Sendable { case waiting, running }

    /// "42-cute".
    public let id: String
    /// The picture.
    public let number: Int
    /// The style.
    public let style: String
    /// Where it stands.
    public let state: State
    /// 0...1.
    public let progress: Double
    /// How many come before it.
    public let position: Int

    /// Makes an entry; its id is made of number and style.
    public init(number: Int, style: String, state: State, progress: Double = 0, position: Int) {
        id = "\(number)-\(style)"
        self.number = number
        self.style = style
        self.state = state
        self.progress = progress
        self.position = position
    }
}

/// What the host can set.
public struct SettingsEntry: Encodable, Equatable, Sendable {
    /// The style of the next pictures.
    public var style: String
    /// How large anime pictures are.
    public var size: AnimeSize
    /// What is done with faces.
    public var faces: AnimeFaces
    /// Whether guests may upload.
    public var uploads: Bool
    /// Seconds from press to picture.
    public var countdown: Int
    /// Pictures that are kept at most; nil for no limit.
    @OrNull public var keepPictures: Int?

    private enum CodingKeys: String, CodingKey {
        case style, size, faces, uploads, countdown
        case keepPictures = "keep_pictures"
    }

    /// Makes settings.
    public init(
        style: String, size: AnimeSize, faces: AnimeFaces, uploads: Bool, countdown: Int, keepPictures: Int?
    ) {
        self.style = style
        self.size = size
        self.faces = faces
        self.uploads = uploads
        self.countdown = countdown
        self.keepPictures = keepPictures
    }
}

/// What the host wants to set; nil leaves things as they are.
public struct SettingsChange: Equatable, Sendable {
    /// The style of the next pictures.
    public var style: String?
    /// How large anime pictures are.
    public var size: AnimeSize?
    /// What is done with faces.
    public var faces: AnimeFaces?
    /// Whether guests may upload.
    public var uploads: Bool?
    /// Seconds from press to picture.
    public var countdown: Int?
    /// Pictures that are kept.
    public var keepPictures: Keeping?

    /// How many pictures are kept.
    public enum Keeping: Equatable, Sendable {
        case all
        case most(Int)
    }

    /// Changes nothing.
    public init() {}
}

/// Where an appliance stands.
public struct StateEntry: Encodable, Equatable, Sendable {
    /// The states that pages know.
    public enum Name: String, Encodable, Sendable {
        case ready, counting, capturing, converting, error, stopping
        case noCamera = "no_camera"
        case diskLow = "disk_low"
    }

    /// The state.
    public var state: Name
    /// Seconds left while it counts.
    public var countdown: Int?

    /// Makes an entry.
    public init(_ state: Name, countdown: Int? = nil) {
        self.state = state
        self.countdown = countdown
    }
}

/// Writes nil as null, where a key that is absent would say something else.
@propertyWrapper
public struct OrNull<Value: Encodable & Equatable & Sendable>: Encodable, Equatable, Sendable {
    /// The value.
    public var wrappedValue: Value?

    /// Wraps a value.
    public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

    /// Writes the value or null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
    }
}
