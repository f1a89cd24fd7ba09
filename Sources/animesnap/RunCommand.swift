import Appliance
import ArgumentParser
import Booth
import CMalloc
import Devices
import Glibc
import Logging
import Painting
import Synchronization

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Is the camera: press the button, get an anime picture.",
        usage: "animesnap run [<options>]",
        discussion: """
            On a Raspberry Pi it uses the button, the lamp and the camera that the settings
            name; elsewhere the keyboard (space or enter), the terminal and a drawn scene:

              animesnap run
              animesnap run --camera v4l2 --album party --style cute

            Phones on the same network see the pictures at the address that it prints.
            It runs until SIGTERM or Ctrl-C; a picture that is being painted then is
            painted after the next start. 'animesnap doctor' tells what it would use and
            why, 'animesnap config print' all settings.
            """)

    /// How long the end may take after the first signal.
    private static let patienceMilliseconds: Int32 = 4500

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var shooting: ShootingOptions

    func run() throws {
        cmalloc_stay_small()
        let machine = Machine()
        let settings = try settings.load(board: machine.model, and: shooting.flags)
        let log = Logger(label: "animesnap") { _ in JournalLog(level: settings.logLevel) }
        let (reports, told) = AsyncStream.makeStream(of: Painter.Report.self, bufferingPolicy: .bufferingNewest(16))
        let board = BoardSpeed(settings, machine)
        let painter = try Assembly.painter(
            settings, speed: board.known, tell: { told.yield($0) }, complain: { log.warning("\($0)") })
        let signals = try StopSignals.watch()
        let ended = Outcome()
        let environment = environment()
        Task.detached {
            do {
                let speed = Task { await Assembly.measureSpeed(settings, painter, board, log) }
                let equipment = try await Assembly.equipment(settings, log)
                let booth = Assembly.booth(equipment, settings, painter, machine, environment, log)
                let pages = Self.pages(booth, equipment.camera, painter, settings, reports, log)
                ended.set {
                    booth.stop()
                    pages?.stop()
                }
                let serving = Task { await pages?.serve() }
                let thrift = Task { await Self.giveMemoryBack() }
                let models = Task { await Assembly.watchModels(settings, painter, log) }
                await booth.run()
                await speed.value
                thrift.cancel()
                models.cancel()
                pages?.stop()
                await serving.value
            } catch {
                ended.fail("\(error)")
            }
            StopSignals.finish()
        }
        try wait(signals, ended)
    }

    /// The web pages; nil when they are not wanted.
    private static func pages(
        _ booth: Booth, _ camera: any Camera, _ painter: ModelPainter, _ settings: Settings,
        _ reports: AsyncStream<Painter.Report>, _ log: Logger
    ) -> WebPages? {
        guard settings.isWebEnabled else { return nil }
        var chosen: ChosenSettings?
        do {
            try StateFolder.make(settings.stateFolder)
            chosen = try ChosenSettings(folder: settings.stateFolder)
        } catch {
            log.warning("\(error); PIN and settings of the web pages are forgotten at the end")
        }
        let appliance = WebAppliance(booth, camera, painter, settings, reports: reports, chosen: chosen, log: log)
        return WebPages(appliance, settings, hasState: chosen != nil, log: log, show: { note($0) })
    }

    /// What a burst of guests needed is free for the camera soon after.
    private static func giveMemoryBack() async {
        while (try? await Task.sleep(for: .seconds(5))) != nil { cmalloc_give_back() }
    }

    /// Waits for the booth's end and hands signals on; the second one ends the program at once.
    private func wait(_ signals: Int32, _ ended: Outcome) throws {
        var count = 0
        while true {
            // A disk that hangs must not keep the program from ending: what is not painted yet stays to be painted.
            var waiting = pollfd(fd: signals, events: Int16(POLLIN), revents: 0)
            let ready = poll(&waiting, 1, count == 0 ? -1 : Self.patienceMilliseconds)
            if ready == 0 { throw PaintingError("it did not come to its end within 4.5 seconds") }
            var byte: UInt8 = 0
            let got = read(signals, &byte, 1)
            if got < 0, errno == EINTR { continue }
            if got != 1 || byte == 0 { break }
            count += 1
            if count > 1 { throw ExitCode(128 + Int32(byte)) }
            ended.stop()
        }
        if let problem = ended.problem { throw PaintingError(problem) }
    }
}

/// How a booth comes to its end, shared between the thread that waits and the tasks that run it.
private final class Outcome: Sendable {
    private struct State {
        var stop: (@Sendable () -> Void)?
        var isStopped = false
        var problem: String?
    }

    private let state = Mutex(State())

    var problem: String? { state.withLock { $0.problem } }

    /// Sets what ends it.
    func set(_ stop: @escaping @Sendable () -> Void) {
        let isStopped = state.withLock { state in
            state.stop = stop
            return state.isStopped
        }
        if isStopped { stop() }
    }

    func fail(_ problem: String) { state.withLock { $0.problem = problem } }

    func stop() {
        let stop = state.withLock { state in
            state.isStopped = true
            return state.stop
        }
        stop?()
    }
}
