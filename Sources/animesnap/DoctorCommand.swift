import Appliance
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
