import Appliance
import ArgumentParser
import Booth
import CMalloc
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
        let services = try ApplianceServices(
            settings, machine, environment: environment(), log: log, show: { note($0) })
        let signals = try StopSignals.watch()
        let ending = Ending()
        Task.detached {
            let thrift = Task { await Self.giveMemoryBack() }
            do { try await services.run() } catch { ending.fail("\(error)") }
            thrift.cancel()
            StopSignals.finish()
        }
        try wait(signals, services, ending)
    }

    /// What a burst of guests needed is free for the camera soon after.
    private static func giveMemoryBack() async {
        while (try? await Task.sleep(for: .seconds(5))) != nil { cmalloc_give_back() }
    }

    /// Waits for the end and hands signals on; the second one ends the program at once.
    private func wait(_ signals: Int32, _ services: ApplianceServices, _ ending: Ending) throws {
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
            services.stop()
        }
        if let problem = ending.problem { throw PaintingError(problem) }
    }
}

/// What the appliance's end was like, for the thread that waits.
private final class Ending: Sendable {
    private let failure = Mutex<String?>(nil)

    var problem: String? { failure.withLock { $0 } }

    func fail(_ problem: String) { failure.withLock { $0 = problem } }
}
