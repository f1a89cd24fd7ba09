/// What the web server shows and steers: the camera, its album and its queue.
///
/// The server holds nothing of its own but sessions, recent events and the newest preview. Whatever is refused is
/// refused with a ``Refusal``, whose kind becomes the status of the answer and whose sentence is shown to people.
public protocol Appliance: Sendable {
    // MARK: Pictures

    /// A page of the album, newest first.
    func pictures(_ wish: PictureWish) async -> PicturePage

    /// One picture; nil when there is none of this number.
    func picture(_ number: Int) async -> PictureEntry?

    /// Where a file is that the album knows by this name, "0042-cute-thumb.jpg" say; nil for every other name. The name
    /// comes from strangers: it must be looked up and never be made part of a path.
    func path(ofFile name: String) async -> String?

    /// The names of the photos and anime pictures of these numbers, of all pictures for nil, oldest first.
    func fileNames(of numbers: [Int]?) async -> [String]

    /// Deletes a picture with all that was made of it.
    func delete(_ number: Int) async throws(Refusal)

    /// Keeps a picture when room has to be made, or no longer.
    func setPin(_ isPinned: Bool, of number: Int) async throws(Refusal)

    // MARK: Work

    /// Saves a photo and queues it for painting. It is durable when this returns.
    ///
    /// - Parameters:
    ///   - jpeg: A JPEG file that was decoded once, from its first row to its last.
    ///   - style: What it is painted in; nil for the style that is set.
    ///   - faces: What is done with its faces; nil for what is set.
    /// - Returns: The picture.
    /// - Throws: ``Refusal``.
    func add(_ jpeg: [UInt8], style: String?, faces: AnimeFaces?) async throws(Refusal) -> PictureEntry

    /// Queues a picture to be painted in another style, or otherwise.
    ///
    /// - Parameters:
    ///   - number: The picture.
    ///   - style: The style.
    ///   - wish: How it is to be painted. What is wished replaces what is painted in the style; a wish for nothing is
    ///     refused for a style that is painted already.
    /// - Returns: The job.
    /// - Throws: ``Refusal``.
    func convert(_ number: Int, style: String, as wish: AnimeWish) async throws(Refusal) -> JobEntry

    /// What is being painted and what waits, in their order.
    var jobs: [JobEntry] { get async }

    /// Takes a job away, the running one too.
    func cancel(job: String) async throws(Refusal)

    /// Takes a picture as the button does; returns when the countdown has begun.
    ///
    /// - Parameters:
    ///   - countdown: Seconds; nil for those that are set.
    ///   - style: What it is painted in; nil for the style that is set.
    /// - Throws: ``Refusal``.
    func snap(countdown: Int?, style: String?) async throws(Refusal)

    // MARK: The appliance itself

    /// What it paints in.
    var styles: [StyleEntry] { get async }

    /// The JPEG file of a style's sample picture; nil when there is none.
    func sample(ofStyle name: String) async -> [UInt8]?

    /// The main numbers of a drawn style; nil for every other style.
    func values(ofStyle name: String) async -> [StyleValueEntry]?

    /// Sets the main numbers of a drawn style, all or nothing; those that are not named become as its file has them.
    ///
    /// - Returns: The numbers from now on.
    /// - Throws: ``Refusal`` for a style that is not drawn, a key that there is not, or a value that is not possible.
    func setValues(_ values: [String: Double], ofStyle name: String) async throws(Refusal) -> [StyleValueEntry]

    /// The JPEG file of a drawn style's sample with other numbers than are set; the set ones stand for what is not named.
    ///
    /// - Throws: ``Refusal`` as above, or when it cannot be painted.
    func trial(ofStyle name: String, _ values: [String: Double]) async throws(Refusal) -> [UInt8]

    /// What the host can set.
    var settings: SettingsEntry { get async }

    /// Sets what is not nil, all or nothing.
    func change(_ change: SettingsChange) async throws(Refusal) -> SettingsEntry

    /// Where it stands now.
    var state: StateEntry { get async }

    /// How it is now.
    var health: HealthEntry { get async }

    /// What happens from now on.
    func news() -> AsyncStream<ApplianceNews>

    /// The camera's frames from now on, newest first to be kept; nil when there is no camera. It is asked for while
    /// somebody watches and ended when nobody does.
    func frames() async -> AsyncStream<CameraFrame>?

    /// Paints a frame for those who watch live, as large as can be painted several times a second.
    ///
    /// - Returns: A JPEG file; nil while something more important is painted.
    func paintLive(_ jpeg: [UInt8], style: String) async -> [UInt8]?

    /// Begins to copy the album to a folder.
    func export(to folder: String) async throws(Refusal)

    /// Deletes all pictures.
    func wipe() async throws(Refusal)

    /// Begins to shut the machine down.
    func shutDown() async throws(Refusal)
}

/// Why an appliance does not do what it was asked.
public struct Refusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// What a client makes of it.
    public enum Kind: Equatable, Sendable {
        /// There is no such thing.
        case notFound
        /// It is there or under way already.
        case exists
        /// The wish names something that is not allowed.
        case invalid
        /// Later it may be possible: the queue is full, there is no camera.
        case busy
        /// The disk is full.
        case full
        /// It failed.
        case failed
    }

    /// What kind of reason it is.
    public let kind: Kind
    /// One sentence for a person.
    public let description: String

    /// Makes a refusal.
    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}

/// Which pictures are asked for.
public struct PictureWish: Equatable, Sendable {
    /// Only pictures with smaller numbers.
    public var before: Int?
    /// At most so many, 1...100.
    public var limit: Int
    /// Only pictures that were painted in this style.
    public var style: String?
    /// Only pictures that are pinned.
    public var isPinned: Bool

    /// Asks for the newest pictures.
    public init(before: Int? = nil, limit: Int = 50, style: String? = nil, isPinned: Bool = false) {
        self.before = before
        self.limit = limit
        self.style = style
        self.isPinned = isPinned
    }
}

/// A frame of the camera.
public struct CameraFrame: Sendable {
    /// Counts the frames; it never goes back while the appliance runs.
    public let number: UInt64
    /// Makes a JPEG file of it. Called off the event loops, and only for frames that somebody waits for.
    public let jpeg: @Sendable () throws -> [UInt8]

    /// Makes a frame.
    public init(number: UInt64, jpeg: @escaping @Sendable () throws -> [UInt8]) {
        self.number = number
        self.jpeg = jpeg
    }
}

/// What happens to an appliance.
public enum ApplianceNews: Sendable {
    /// It stands somewhere else now.
    case state(StateEntry)
    /// A picture was saved, or something about it is different.
    case picture(PictureEntry)
    /// A picture is being painted; 0...1. The server passes on at most five a second.
    case progress(number: Int, style: String, fraction: Double)
    /// A picture was painted in a style and saved.
    case done(number: Int, style: String)
    /// A picture cannot be painted.
    case failed(number: Int, style: String, reason: String)
    /// A picture is gone.
    case deleted(number: Int)
    /// How long a painting took, for the host's plots.
    case stages(StageTimes)
}
