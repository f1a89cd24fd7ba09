import Album
import Devices
import Logging
import Platform

/// The appliance: button, lamp, camera, album and painter brought together.
///
/// All that happens is a ``BoothEvent``. Each is given to ``BoothState/apply(_:)``, and what that answers is done at once,
/// without waiting for anything; what takes longer runs beside and reports back with another event. What happens outside
/// of the actor comes through one queue.
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

    var unsaved = UnsavedPictures()
    /// Pictures whose previews are to be made, the next one last.
    var unpreviewed: [Int] = []
    var picker: ShotPicker
    var lastFrame: Duration?
    var cameraLosses = 0
    var lastShot: BoothHealth.Shot?
    var isPreviewing = false
    var hasTakenUp = false
    /// How the painting fares that was begun last.
    var progress: PaintingProgress?
    var isCounted = false
    var countdown: Task<Void, Never>?
    var shot: Task<Void, Never>?
    var painting: Task<Void, Never>?
    var recovery: Task<Void, Never>?
    private var lampReturn: Task<Void, Never>?
    private var isSendingHealth = false
    private var lastHealth: Duration?
    private var background: [Task<Void, Never>] = []

    enum Input: Sendable {
        case event(BoothEvent)
        case tick
    }

    private let inbox: AsyncStream<Input>
    private nonisolated let queue: AsyncStream<Input>.Continuation
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

    /// Has an event handled after those that came before it. For what happens outside of the actor, and for actions,
    /// which are done while an event is being handled.
    nonisolated func post(_ event: BoothEvent) { queue.yield(.event(event)) }

    /// Runs the booth until it is stopped.
    public func run() async {
        let begun = clock.time
        background = [watchButton(), watchCamera(), start(at: begun), tick()]
        for await input in inbox {
            switch input {
            case .event(let event): handle(event)
            case .tick: keepHouse()
            }
            if state.phase == .stopped { break }
        }
        queue.finish()
        for task in background { task.cancel() }
        lampReturn?.cancel()
        await equipment.camera.stop()
        equipment.button.close()
        equipment.lamp.show(.off)
        equipment.flash?.close()
        await album?.close()
        log.info("stopped")
        news.finish()
    }

    /// Does what follows from an event. Nothing is waited for here: what is read of the state still holds when it is
    /// written.
    func handle(_ event: BoothEvent) {
        state.holdsPainting = unsaved.holdsPainting
        let before = state
        let actions = state.apply(event)
        for action in actions { perform(action) }
        if before.name != state.name { service.tell(status: Self.words(for: state)) }
        if before != state { news.send(.state(state)) }
        if !state.faults.subtracting(before.faults).isEmpty || !before.faults.subtracting(state.faults).isEmpty {
            log.notice("\(Self.words(for: state))")
        }
        makePreviews()
    }

    private func perform(_ action: BoothAction) {
        switch action {
        case .show(let pattern): show(pattern)
        case .showState: show(state.lamp)
        case .refuse:
            log.notice("press refused: \(refusal)")
            show(.refused)
        case .takeUpWork: takeUpWork()
        case .nextStyle: chooseNextStyle()
        case .count: startCountdown()
        case .abortCountdown:
            countdown?.cancel()
            isCounted = false
            switchFlash(false)
        case .capture: startShot()
        case .convert: startPainting()
        case .cancelConversion: progress?.cancel()
        case .runShutdown: runShutdown()
        case .drain: drain()
        }
    }

    /// Shows a pattern, and a second later again what the state shows.
    private func show(_ pattern: LampPattern) {
        lampReturn?.cancel()
        lampReturn = nil
        guard state.hold == nil, pattern != state.lamp else { return equipment.lamp.show(state.lamp) }
        equipment.lamp.show(pattern)
        lampReturn = Task { [clock] in
            try? await clock.sleep(for: .seconds(1))
            guard !Task.isCancelled, state.phase != .counting else { return }
            equipment.lamp.show(state.lamp)
        }
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

    /// Waits for what is in work, and tries a last time to save what is in hand.
    private func drain() {
        service.stopping()
        log.info("stopping")
        recovery?.cancel()
        Task {
            await shot?.value
            await recovery?.value
            // Photos do not wait for a painter that may need long to notice that it is to end.
            await saveLast()
            await painting?.value
            await saveLast()
            if !unsaved.isEmpty { log.error("lost, because the disk did not take them: \(unsaved.count) pictures") }
            post(.drained)
        }
    }

    private func saveLast() async {
        // The room that is to stay free is not for what is in hand either.
        if !unsaved.isEmpty, await makeRoomAgain() == nil { await saveTheUnsaved() }
    }

    /// Checks every second what wants checking.
    private func tick() -> Task<Void, Never> {
        Task { [clock, queue] in
            while (try? await clock.sleep(for: .seconds(1))) != nil { queue.yield(.tick) }
        }
    }

    private func keepHouse() {
        let now = clock.time
        // It comes through the queue, so a booth that is stuck does not tell the system that it is well. Nor is it well
        // when its painter hangs, from which only a new start helps.
        if let stall = progress?.stall(at: now) {
            if stall.isNew { tellOfStall(stall.silence) }
        } else {
            service.watchdog()
        }
        recover()
        guard !isSendingHealth, lastHealth.map({ now - $0 >= options.healthInterval }) ?? true else { return }
        lastHealth = now
        isSendingHealth = true
        Task {
            news.send(.health(await health()))
            isSendingHealth = false
        }
    }
}
