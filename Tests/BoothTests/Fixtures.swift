import Album
import AlbumTesting
import Booth
import Devices
import FoundationEssentials
import Glibc
import Imaging
import Logging
import Platform
import Synchronization
import Testing

/// A booth with virtual devices, a painter that does what a test wants, and an album in a folder of its own.
final class Rehearsal: Sendable {
    let button = VirtualButton()
    let lamp = VirtualLamp()
    let camera = VirtualCamera(.drawn, mode: CameraMode(width: 160, height: 120, rate: 60))
    let painter: ScriptedPainter
    let files = FaultyFiles()
    let folder: String
    let booth: Booth
    private let ownsFolder: Bool
    private let task = Mutex<Task<Void, Never>?>(nil)
    private let events = Mutex<[BoothNews]>([])

    /// - Parameters:
    ///   - folder: Where the album is; nil for a new folder.
    ///   - other: The file system, in place of ``files``.
    ///   - styles: What the painter knows.
    ///   - clock: The booth's clock; the devices go by the machine's.
    ///   - service: Where the booth gives its signs of life.
    ///   - log: Where it writes what happens; nil for nowhere.
    ///   - script: What the painter does; it makes a picture at once unless told otherwise.
    ///   - change: Changes options.
    /// - Throws: When no folder can be made.
    init(
        folder: String? = nil, files other: (any FileSystem)? = nil, styles: [String] = ["chalk", "cute", "sepia"],
        clock: any DeviceClock = SystemClock(), service: ServiceNotifier = ServiceNotifier(), log: Logger? = nil,
        painter script: @escaping ScriptedPainter.Script = { _, _ in },
        options change: (inout BoothOptions) -> Void = { _ in }
    ) throws {
        var template = Array("/tmp/animesnap-booth-XXXXXX".utf8CString)
        let path = try folder ?? #require(mkdtemp(&template).map { String(cString: $0) })
        self.folder = path
        ownsFolder = folder == nil
        painter = ScriptedPainter(styles, script)
        var options = BoothOptions()
        options.retryInterval = .milliseconds(50)
        options.healthInterval = .zero
        change(&options)
        let log = log ?? Logger(label: "test") { _ in JournalLog(level: .critical) }
        booth = Booth(
            BoothEquipment(button: button, lamp: lamp, camera: camera), painter: painter, options: options,
            clock: clock, service: service, log: log
        ) { [files] () async throws(AlbumError) in
            try await Album(
                folder: path, options: Album.Options(leastFreeBytes: 0, bytesPerShot: 1), files: other ?? files)
        }
    }

    deinit {
        if ownsFolder { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// Starts the booth and waits until it is ready.
    func start() async throws {
        let stream = booth.events()
        task.withLock { task in
            task = Task { [booth, self] in
                async let watching: Void = watch(stream)
                await booth.run()
                await watching
            }
        }
        try await wait("it is ready") { await self.booth.state.phase == .ready }
    }

    private func watch(_ stream: AsyncStream<BoothNews>) async {
        for await news in stream { events.withLock { $0.append(news) } }
    }

    /// Stops the booth and waits for its end.
    func stop() async {
        booth.stop()
        await task.withLock { $0 }?.value
    }

    /// Presses and releases the button.
    func tap() async throws {
        button.tap()
        try await Task.sleep(for: .milliseconds(450))
    }

    var photos: [Int] {
        events.withLock { $0.compactMap { if case .photoSaved(let picture) = $0 { picture.number } else { nil } } }
    }
    var painted: [String] {
        events.withLock {
            $0.compactMap { if case .done(let picture, let style) = $0 { "\(picture.number)-\(style)" } else { nil } }
        }
    }
    var failures: [String] {
        events.withLock {
            $0.compactMap { if case .failed(let number, let style, _) = $0 { "\(number)-\(style)" } else { nil } }
        }
    }
    var states: [BoothState] {
        events.withLock { $0.compactMap { if case .state(let state) = $0 { state } else { nil } } }
    }
    var healths: [BoothHealth] {
        events.withLock { $0.compactMap { if case .health(let health) = $0 { health } else { nil } } }
    }
    var patterns: [LampPattern] { lamp.showings.map(\.pattern) }

    /// Waits until something holds.
    func wait(_ what: String, until condition: @Sendable () async -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(600)
        while await !condition() {
            try #require(ContinuousClock.now < deadline, "not within ten minutes: \(what); lamp: \(patterns)")
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

/// Makes the photo itself the anime picture, after what the script does, on a thread that the script may block.
actor ScriptedPainter: PhotoPainter {
    /// Gets the number of the attempt, from 0, and the progress to call; throws to fail.
    typealias Script = @Sendable (_ attempt: Int, _ progress: (Int, Int) throws -> Void) throws -> Void

    nonisolated let styles: [String]
    private nonisolated let executor = ThreadExecutor(name: "scripted")
    private let script: Script
    private(set) var attempts = 0
    /// What was wished of each attempt.
    private(set) var wishes: [PaintingWish] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    nonisolated func draws(style: String) -> Bool { style == "sepia" }

    init(_ styles: [String], _ script: @escaping Script) {
        self.styles = styles
        self.script = script
    }

    func paint(
        _ photo: PictureInput, style: String, as wish: PaintingWish,
        progress: @escaping @Sendable (Int, Int) throws -> Void
    ) async throws -> [UInt8] {
        defer { attempts += 1 }
        wishes.append(wish)
        try script(attempts, progress)
        let side = if case .longestSide(let wished)? = wish.size { wished } else { 64 }
        return try RGBImage.decode(photo, longestSide: side).jpeg()
    }
}
