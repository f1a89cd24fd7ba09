import ArgumentParser
import Booth

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tells what the appliance would use, what is wrong, and what to do about it.",
        usage: "animesnap doctor [<options>]",
        discussion: """
            Looks at the board, the processor, the model, the button and the lamp, every
            camera, the album and the clock, and changes nothing. Exit code 0 means that
            'animesnap run' can run with these settings. Which size of model paints depends
            on the speed of the board, which 'run' measures at its first start; before
            that this command measures for itself, in a second or less.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var shooting: ShootingOptions

    @Flag(help: "Print one line of JSON.")
    var json = false

    func run() throws {
        let machine = Machine()
        let settings = try settings.load(board: machine.model, and: shooting.flags)
        let findings = try waiting { await Examination(settings: settings, machine: machine).findings() }
        if json {
            try tell(jsonLine(findings))
        } else {
            for finding in findings {
                try tell("\(finding.verdict.mark)  \(finding.subject): \(finding.text)")
            }
        }
        if findings.contains(where: { $0.verdict == .problem }) { throw ExitCode(1) }
    }
}

/// Something the examination found.
struct Finding: Encodable {
    enum Verdict: String, Encodable {
        /// As it should be.
        case good
        /// The appliance runs, but not at its best.
        case warning
        /// The appliance cannot do its work.
        case problem

        /// As wide as the widest.
        var mark: String {
            switch self {
            case .good: "ok     "
            case .warning: "warning"
            case .problem: "PROBLEM"
            }
        }
    }

    let subject: String
    let verdict: Verdict
    let text: String

    init(_ subject: String, _ text: String) {
        self.init(subject, .good, text)
    }

    init(_ subject: String, _ verdict: Verdict, _ text: String) {
        self.subject = subject
        self.verdict = verdict
        self.text = text
    }
}
