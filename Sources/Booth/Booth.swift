import Album
import Devices
import Logging
import Platform
import Synchronization

/// The appliance: button, lamp, camera, album and painter brought together.
///
/// All that happens goes through one queue of ``BoothEvent``s. Each is given to ``BoothState/apply(_:)``, and what that
/// answers is done at once; what takes longer runs beside the queue and reports back through it.
public actor Booth {
    /// Opens the album, again and again until it succeeds.
    public typealias AlbumOpener = @Sendable () async throws(AlbumError) -> Album

    let equipment: BoothEquipment
    let openAlbum: AlbumOpener
    let painter: any PhotoPainter
    let options: BoothOptions
    let clock: any DeviceClock
    let service: ServiceNotifier
    let machine: Machine
    let log: Logger

    /// Where the booth stands.
    public internal(set) var state: BoothState
    /// The style of the next picture.
    public internal(set) var style: String
    /// The album; nil as long as it cannot be opened.
    public internal(set) var album: Album?

    /// Pictures of this run that wait to be painted, and those that an earlier run left.
    var fresh: [PaintingJob] = []
    var leftOver: [PaintingJob] = []
    var failures: [PaintingJob: Int] = [:]
    /// What is made but could not be written. It is not acknowledged yet.
    var unsaved: [UnsavedPicture] = []
    /// Pictures whose previews are to be made, the next one last.
    var unpreviewed: [Int] = []
    var picker: ShotPicker
    var lastFrame: Duration?
    var cameraLosses = 0
    var lastShot: BoothHealth.Shot?
    var isRecovering = false
    var isPreviewing = false
    var hasTakenUp = false
    /// Set to end the painting under way.
    let isPaintingCancelled = Atomic(false)
    /// The picture that is being painted.
    var running: PaintingJob?
    /// The one among them that nobody wants any more.
    var withdrawn: PaintingJob?
    /// The styles that single presses were wished for in, by the time of the press.
    var styleWishes: [Duration: String] = [:]
    var isCounted = false
    var countdown: Task<Void, Never>?
    var shot: Task<Void, Never>?
    var painting: Task<Void, Never>?
    private var lampReturn: Task<Void, Never>?
    private var isSendingHealth = false
    private var lastHealth: Duration?
    private var background: [Task<Void, Never>] = []

    enum Input: Sendable {
        case event(BoothEvent)
        case wish(ShotWish, CheckedContinuation<BoothError?, Never>)
        case tick
    }

    private let inbox: AsyncStream<Input>
    nonisolated let queue: AsyncStream<Input>.Continuation
    nonisolated let news = Broadcast<BoothNews>(.bufferingNewest(256))

    /// Makes a booth. Nothing happens before ``run()``.
    ///
    /// - Parameters:
    ///   - equipment: The devices; the booth closes them when it ends.
    ///   - painter: What paints.
    ///   - options: Choices.
    ///   - clock: The clock of the devices.
    ///   - service: Where the system is told how the service is.
    ///   - machine: What tells temperature and memory.
    ///   - log: Where it writes what happens.
    ///   - openAlbum: Opens the album; it is asked again when it fails.
    public init(
        _ equipment: BoothEquipment, painter: any PhotoPainter, options: BoothOptions = BoothOptions(),
        clock: any DeviceClock = SystemClock(), service: ServiceNotifier = ServiceNotifier(),
        machine: Machine = Machine(), log: Logger, openAlbum: @escaping AlbumOpener
    ) {
        self.equipment = equipment
        self.painter = painter
        self.options = options
        self.clock = clock
        self.service = service
        self.machine = machine
        self.log = log
        self.openAlbum = openAlbum
        state = BoothState(countdown: options.countdown, queueLength: options.queueLength)
        style = options.style.flatMap { painter.knows(style: $0) ? $0 : nil } ?? painter.styles.first ?? ""
        picker = ShotPicker()
        (inbox, queue) = AsyncStream.makeStream(of: Input.self)
    }

    /// What happens from now on. Who is slow gets the newest.
    public nonisolated func events() -> AsyncStream<BoothNews> { news.subscribe() }

    /// Presses the button.
    public nonisolated func press() { post(.press(at: clock.time)) }

    /// Ends the booth: the picture in hand is saved, the one being painted stays to be painted.
    public nonisolated func stop() { post(.stop) }

    nonisolated func post(_ event: BoothEvent) { queue.yield(.event(event)) }

    /// Runs the booth until it is stopped.
    public func run() async {
        let begun = clock.time
        background = [watchButton(), watchCamera(), start(at: begun), tick()]
        for await input in inbox {
            switch input {
            case .event(let event): await handle(event)
            case .wish(let wish, let answer): answer.resume(returning: await take(wish))
            case .tick: keepHouse()
            }
            if state.phase == .stopped { break }
        }
        queue.finish()
        await refuseWishes()
        for task in background { task.cancel() }
        lampReturn?.cancel()
        await equipment.camera.stop()
        equipment.button.close()
        await equipment.lamp.show(.off)
        equipment.flash?.close()
        await album?.close()
        log.info("stopped")
        news.finish()
    }

    func handle(_ event: BoothEvent) async {
        let before = state
        if case .countdownEnded(let time) = event, let press = state.presses.first {
            styleWishes[time] = styleWishes.removeValue(forKey: press)
        }
        let actions = state.apply(event)
        for action in actions { await perform(action) }
        if before.name != state.name { service.tell(status: Self.words(for: state)) }
        if before != state { news.send(.state(state)) }
        if !state.faults.subtracting(before.faults).isEmpty || !before.faults.subtracting(state.faults).isEmpty {
            log.notice("\(Self.words(for: state))")
        }
        if state.presses.isEmpty { styleWishes = [:] }
        makePreviews()
    }

    /// Nobody waits for ever for a booth that has ended.
    private func refuseWishes() async {
        for await case .wish(_, let answer) in inbox { answer.resume(returning: BoothError(refusal, kind: .busy)) }
    }

    private func perform(_ action: BoothAction) async {
        switch action {
        case .show(let pattern): await show(pattern)
        case .showState: await show(state.lamp)
        case .refuse:
            log.notice("press refused: \(refusal)")
            await show(.refused)
        case .takeUpWork: takeUpWork()
        case .nextStyle: chooseNextStyle()
        case .count: startCountdown()
        case .abortCountdown:
            countdown?.cancel()
            isCounted = false
            switchFlash(false)
        case .capture: startShot()
        case .convert: startPainting()
        case .cancelConversion: isPaintingCancelled.store(true, ordering: .sequentiallyConsistent)
        case .runShutdown: runShutdown()
        case .drain: drain()
        }
    }

    /// Shows a pattern, and a second later again what the state shows.
    private func show(_ pattern: LampPattern) async {
        lampReturn?.cancel()
        lampReturn = nil
        guard state.hold == nil, pattern != state.lamp else { return await equipment.lamp.show(state.lamp) }
        await equipment.lamp.show(pattern)
        lampReturn = Task { [clock] in
            guard (try? await clock.sleep(for: .seconds(1))) != nil else { return }
            await self.returnLamp()
        }
    }

    private func returnLamp() async {
        guard !Task.isCancelled, state.phase != .counting else { return }
        await equipment.lamp.show(state.lamp)
    }

    var refusal: String {
        switch state.phase {
        case .starting: "the booth is still starting"
        case .noCamera: "there is no camera"
        case .diskLow: "the disk is nearly full"
        case .faulty: "the album cannot be written"
        case .ready, .counting, .capturing: state.isQueueFull ? "the queue is full" : "the picture was not taken"
        case .stopping, .stopped: "the booth is stopping"
        }
    }

    /// One line for the system's status display.
    static func words(for state: BoothState) -> String {
        let waiting = state.waiting + state.backlog
        let queue = waiting > 0 ? ", \(waiting) to be painted" : ""
        return switch state.phase {
        case .noCamera: "no camera\(queue)"
        case .diskLow: "the disk is nearly full\(queue)"
        case .faulty: "the album cannot be written\(queue)"
        default: "\(state.name)\(queue)"
        }
    }

    private func chooseNextStyle() {
        guard let first = painter.styles.first else { return }
        let next = painter.styles.firstIndex(of: style).map { ($0 + 1) % painter.styles.count }
        style = next.map { painter.styles[$0] } ?? first
        log.notice("style: \(style)")
        news.send(.style(style))
    }

    /// Chooses the style of the next pictures.
    ///
    /// - Returns: False when there is no such style.
    public func select(style: String) -> Bool {
        guard painter.knows(style: style) else { return false }
        self.style = style
        news.send(.style(style))
        return true
    }

    private func runShutdown() {
        guard !options.shutdownCommand.isEmpty else { return post(.stop) }
        log.notice("held: running \(options.shutdownCommand.joined(separator: " "))")
        background.append(
            Task { [options] in
                let problem = await ShutdownCommand(words: options.shutdownCommand).run()
                if let problem { log.error("\(problem)") }
                post(problem == nil ? .stop : .shutdownFailed)
            })
    }

    /// Waits for what is in work.
    private func drain() {
        service.stopping()
        log.info("stopping")
        Task {
            await shot?.value
            await painting?.value
            await saveTheUnsaved()
            post(.drained)
        }
    }

    /// Checks every second what wants checking.
    private func tick() -> Task<Void, Never> {
        Task { [clock, queue] in
            while (try? await clock.sleep(for: .seconds(1))) != nil { queue.yield(.tick) }
        }
    }

    private func keepHouse() {
        // It comes through the queue, so a booth that is stuck does not tell the system that it is well.
        service.watchdog()
        recover()
        let now = clock.time
        guard !isSendingHealth, lastHealth.map({ now - $0 >= options.healthInterval }) ?? true else { return }
        lastHealth = now
        isSendingHealth = true
        Task {
            news.send(.health(await health()))
            isSendingHealth = false
        }
    }
}
