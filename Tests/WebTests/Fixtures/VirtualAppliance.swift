import Glibc
import Imaging
import Synchronization
import Testing
import Web

/// An appliance in memory, with small pictures in a folder. It writes down what it was told to do.
final class VirtualAppliance: Appliance {
    /// Something that it was told to do.
    enum Deed: Equatable {
        case delete(Int)
        case pin(Int, Bool)
        case add(bytes: Int, style: String?, faces: AnimeFaces? = nil)
        case convert(Int, String, AnimeWish = AnimeWish())
        case setValues([String: Double], String)
        case cancel(String)
        case snap(countdown: Int?, style: String?)
        case change(SettingsChange)
        case export(String)
        case wipe, shutDown
    }

    struct State {
        var pictures: [PictureEntry] = []
        var files: [String: String] = [:]
        var deeds: [Deed] = []
        /// Why everything that changes something is refused.
        var refusal: Refusal?
        var jobs: [JobEntry] = []
        var settings = SettingsEntry(
            style: "cute", size: .pixels(512), faces: .auto, uploads: true, countdown: 0, keepPictures: nil)
        var state = StateEntry(.ready)
        var news: [AsyncStream<ApplianceNews>.Continuation] = []
        /// The numbers of frames that were made into JPEG files.
        var encoded: [UInt64] = []
        var frameStreams: [Int: AsyncStream<CameraFrame>.Continuation] = [:]
        var framesAsked = 0
    }

    let folder: TemporaryFolder
    let hasCamera: Bool
    private let values: Mutex<State>
    private let frame: [UInt8]

    /// Makes an album of numbered pictures, each with the anime picture "cute".
    init(pictures count: Int = 3, hasCamera: Bool = true) throws {
        folder = try TemporaryFolder()
        self.hasCamera = hasCamera
        frame = try RGBImage(width: 800, height: 600, red: 20, green: 90, blue: 160).jpeg()
        values = Mutex(State())
        for number in 1..<count + 1 { try addPicture(number, photo: Self.jpeg(number)) }
    }

    /// A small picture that is like no other.
    static func jpeg(_ number: Int) throws -> [UInt8] {
        let tone = UInt8(truncatingIfNeeded: number &* 37)
        return try RGBImage(width: 24 + number, height: 16, red: tone, green: 255 - tone, blue: 90).jpeg()
    }

    /// Puts a picture into the album.
    func addPicture(_ number: Int, photo: [UInt8]) throws {
        let name = String(repeating: "0", count: max(0, 4 - String(number).count)) + String(number)
        let small = try Self.jpeg(number)
        for (kind, bytes) in [("photo", photo), ("cute", small + [1])] {
            for (size, bytes) in [("", bytes), ("-preview", small + [2]), ("-thumb", small + [3])] {
                let file = "\(name)-\(kind)\(size).jpg"
                let path = try folder.add("album/\(file)", bytes)
                values.withLock { $0.files[file] = path }
            }
        }
        let entry = PictureEntry(
            number: number, taken: "2027-06-01T12:00:00Z", isPinned: false,
            photo: PictureFiles(number: number, style: nil, hasPreview: true),
            anime: [PictureFiles(number: number, style: "cute", hasPreview: true)], waiting: [], failed: [])
        values.withLock { $0.pictures.append(entry) }
    }

    /// What it holds.
    var now: State { values.withLock { $0 } }

    /// What it was told to do.
    var deeds: [Deed] { now.deeds }

    /// Changes what it holds.
    func change<Result: Sendable>(_ body: (inout sending State) -> sending Result) -> Result { values.withLock(body) }

    /// Tells everybody who listens.
    func tell(_ news: ApplianceNews) {
        for listener in now.news { listener.yield(news) }
    }

    /// Hands a frame to everybody who watches.
    func show(_ number: UInt64) {
        let jpeg = frame
        let shown = CameraFrame(number: number) { [self] in
            values.withLock { $0.encoded.append(number) }
            return jpeg
        }
        for stream in now.frameStreams.values { stream.yield(shown) }
    }

    /// Shows frames, numbered from 1, as long as something is done.
    func rolling<Result: Sendable>(_ body: () async throws -> Result) async rethrows -> Result {
        let camera = Task {
            var number: UInt64 = 0
            while (try? await Task.sleep(for: .milliseconds(5))) != nil {
                number += 1
                show(number)
            }
        }
        defer { camera.cancel() }
        return try await body()
    }

    private func note(_ deed: Deed) throws(Refusal) {
        let refusal = values.withLock { state -> Refusal? in
            if state.refusal == nil { state.deeds.append(deed) }
            return state.refusal
        }
        if let refusal { throw refusal }
    }
}

extension VirtualAppliance {
    func pictures(_ wish: PictureWish) async -> PicturePage {
        let all = now.pictures.filter { picture in
            (!wish.isPinned || picture.isPinned)
                && (wish.style == nil || picture.anime.contains { $0.style == wish.style })
        }.sorted { $0.number > $1.number }
        let rest = all.filter { picture in wish.before.map { picture.number < $0 } ?? true }
        let page = Array(rest.prefix(wish.limit))
        return PicturePage(
            pictures: page, next: rest.count > page.count ? page.last?.number : nil, count: all.count)
    }

    func picture(_ number: Int) async -> PictureEntry? { now.pictures.first { $0.number == number } }

    func path(ofFile name: String) async -> String? { now.files[name] }

    func fileNames(of numbers: [Int]?) async -> [String] {
        now.files.keys.filter { name in
            guard !name.hasSuffix("-preview.jpg"), !name.hasSuffix("-thumb.jpg") else { return false }
            return numbers?.contains(Int(name.prefix(4)) ?? 0) ?? true
        }.sorted()
    }

    func delete(_ number: Int) async throws(Refusal) {
        guard await picture(number) != nil else { throw Refusal(.notFound, "There is no picture \(number).") }
        try note(.delete(number))
        values.withLock { state in state.pictures.removeAll { $0.number == number } }
    }

    func setPin(_ isPinned: Bool, of number: Int) async throws(Refusal) {
        guard await picture(number) != nil else { throw Refusal(.notFound, "There is no picture \(number).") }
        try note(.pin(number, isPinned))
        values.withLock { state in
            for index in state.pictures.indices where state.pictures[index].number == number {
                state.pictures[index].isPinned = isPinned
            }
        }
    }

    func add(_ jpeg: [UInt8], style: String?, faces: AnimeFaces?) async throws(Refusal) -> PictureEntry {
        if let style, style != "cute", style != "chalk" { throw Refusal(.invalid, "There is no style \"\(style)\".") }
        try note(.add(bytes: jpeg.count, style: style, faces: faces))
        return values.withLock { state in
            let number = (state.pictures.map(\.number).max() ?? 0) + 1
            let entry = PictureEntry(
                number: number, taken: nil, isPinned: false,
                photo: PictureFiles(number: number, style: nil, hasPreview: false), anime: [],
                waiting: [style ?? state.settings.style], failed: [])
            state.pictures.append(entry)
            return entry
        }
    }

    func convert(
        _ number: Int, style: String, as wish: AnimeWish
    ) async throws(Refusal) -> JobEntry {
        guard let picture = await picture(number) else {
            throw Refusal(.notFound, "There is no picture \(number).")
        }
        guard wish != AnimeWish() || !picture.anime.contains(where: { $0.style == style }) else {
            throw Refusal(.exists, "Picture \(number) is there in \(style) already.")
        }
        try note(.convert(number, style, wish))
        return values.withLock { state in
            let job = JobEntry(number: number, style: style, state: .waiting, position: state.jobs.count)
            state.jobs.append(job)
            return job
        }
    }

    var jobs: [JobEntry] { get async { now.jobs } }

    func cancel(job: String) async throws(Refusal) {
        guard now.jobs.contains(where: { $0.id == job }) else { throw Refusal(.notFound, "There is no such job.") }
        try note(.cancel(job))
        values.withLock { state in state.jobs.removeAll { $0.id == job } }
    }

    func snap(countdown: Int?, style: String?) async throws(Refusal) {
        guard hasCamera else { throw Refusal(.busy, "There is no camera.") }
        try note(.snap(countdown: countdown, style: style))
        values.withLock { state in
            let isCounting = (countdown ?? 0) > 0
            state.state = isCounting ? StateEntry(.counting, countdown: countdown) : StateEntry(.capturing)
        }
    }

    var styles: [StyleEntry] {
        get async {
            [
                StyleEntry(name: "chalk", title: "Chalk: flat areas", licence: "MIT", isDrawn: true, hasSample: true),
                StyleEntry(name: "cute", title: "Cute: large eyes", licence: "MIT", hasSample: false),
            ]
        }
    }

    func sample(ofStyle name: String) async -> [UInt8]? { name == "chalk" ? try? Self.jpeg(77) : nil }

    func values(ofStyle name: String) async -> [StyleValueEntry]? {
        name == "chalk" ? [StyleValueEntry(key: "eyes", value: 1.25, standard: 1.5, range: 1...1.75)] : nil
    }

    func setValues(_ values: [String: Double], ofStyle name: String) async throws(Refusal) -> [StyleValueEntry] {
        guard let known = await self.values(ofStyle: name) else { throw Refusal(.notFound, "There is no such style.") }
        guard values.keys.allSatisfy({ $0 == "eyes" }) else { throw Refusal(.invalid, "Only \"eyes\" is known.") }
        try note(.setValues(values, name))
        return known
    }

    func trial(ofStyle name: String, _ values: [String: Double]) async throws(Refusal) -> [UInt8] {
        guard let jpeg = await sample(ofStyle: name) else { throw Refusal(.notFound, "There is no such style.") }
        return jpeg
    }

    var settings: SettingsEntry { get async { now.settings } }

    func change(_ change: SettingsChange) async throws(Refusal) -> SettingsEntry {
        if let style = change.style, style != "cute", style != "chalk" {
            throw Refusal(.invalid, "\"style\" has to be chalk or cute.")
        }
        try note(.change(change))
        return values.withLock { state in
            state.settings.style = change.style ?? state.settings.style
            state.settings.size = change.size ?? state.settings.size
            state.settings.faces = change.faces ?? state.settings.faces
            state.settings.uploads = change.uploads ?? state.settings.uploads
            state.settings.countdown = change.countdown ?? state.settings.countdown
            switch change.keepPictures {
            case nil: break
            case .all: state.settings.keepPictures = nil
            case .most(let count): state.settings.keepPictures = count
            }
            return state.settings
        }
    }

    var state: StateEntry { get async { now.state } }

    var health: HealthEntry { get async { .sample } }

    func news() -> AsyncStream<ApplianceNews> {
        let (stream, continuation) = AsyncStream.makeStream(of: ApplianceNews.self)
        values.withLock { $0.news.append(continuation) }
        return stream
    }

    /// The frame with the style's name behind it, so that a test sees what was painted; nothing in "busy".
    func paintLive(_ jpeg: [UInt8], style: String) async -> [UInt8]? {
        style == "busy" ? nil : jpeg + Array(style.utf8)
    }

    func frames() async -> AsyncStream<CameraFrame>? {
        let number = values.withLock { state in
            state.framesAsked += 1
            return state.framesAsked
        }
        guard hasCamera else { return nil }
        let (stream, continuation) = AsyncStream.makeStream(of: CameraFrame.self, bufferingPolicy: .bufferingNewest(1))
        values.withLock { $0.frameStreams[number] = continuation }
        continuation.onTermination = { [weak self] _ in
            guard let self else { return }
            _ = values.withLock { $0.frameStreams.removeValue(forKey: number) }
        }
        return stream
    }

    func export(to folder: String) async throws(Refusal) { try note(.export(folder)) }

    func wipe() async throws(Refusal) {
        try note(.wipe)
        values.withLock { $0.pictures = [] }
    }

    func shutDown() async throws(Refusal) { try note(.shutDown) }
}

extension HealthEntry {
    /// A machine that is well.
    static var sample: HealthEntry {
        var health = HealthEntry(
            camera: Camera(name: "virtual", frameAge: 40, restarts: 2), queue: Queue(waiting: 1, capacity: 8))
        health.temperature = 51.5
        health.memoryFree = 200
        health.memoryResident = 30
        health.diskFree = 9000
        health.pictures = 3
        health.uptime = 60
        return health
    }
}
