import ArgumentParser
import Booth

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Shows the appliance's settings.", subcommands: [PrintConfig.self])
}

struct PrintConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print",
        abstract: "Prints all settings, their values and where each value comes from.",
        usage: "animesnap config print [<options>]",
        discussion: """
            Built-in values count least, then the board's profile, then the settings file,
            the environment (picture.size is ANIMESNAP_PICTURE_SIZE) and the command line.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var shooting: ShootingOptions

    @Flag(help: "Print one line of JSON.")
    var json = false

    private struct Line: Encodable {
        let key: String
        let value: String
        let origin: String
    }

    func run() throws {
        let settings = try settings.load(board: Machine().model, and: shooting.flags)
        let lines =
            settings.entries.map { Line(key: $0.key.rawValue, value: $0.value, origin: $0.origin) }
            + settings.styleSettings.map { Line(key: $0.name, value: $0.value, origin: $0.origin) }
        if json { return try tell(jsonLine(lines)) }
        let shown = lines.map { [$0.key, $0.value.isEmpty ? "\"\"" : $0.value, $0.origin] }
        try tell(table([["key", "value", "from"]] + shown))
    }
}
