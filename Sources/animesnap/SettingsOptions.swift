import ArgumentParser
import Booth
import Glibc

/// Settings on the command line, and the file that they count more than.
struct SettingsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The settings file. (default: \(SettingsLoader.standardFile), if it is there)", valueName: "file"))
    var config: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "A setting, as 'animesnap config print' shows them; can be given several times.", valueName: "key=value"))
    var assignments: [String] = []

    @Option(help: ArgumentHelp("The same as --set album.folder=...", valueName: "folder"))
    var album: String?

    func validate() throws {
        for assignment in assignments where !assignment.contains("=") {
            throw ValidationError("--set is '\(assignment)'; KEY=VALUE is possible, such as picture.size=640")
        }
    }

    /// The settings of all sources together.
    ///
    /// - Throws: `BoothError` for a key that there is not or a value that is not possible.
    func load(board model: String?, and more: [SettingsLoader.Flag] = []) throws(BoothError) -> Settings {
        try Self.load(file: config, flags: flags + more, board: model)
    }

    /// The settings of all sources together; where nothing is given on the command line, those of the appliance.
    ///
    /// - Throws: `BoothError` for a key that there is not or a value that is not possible.
    static func load(
        file: String? = nil, flags: [SettingsLoader.Flag] = [], board model: String?
    ) throws(BoothError) -> Settings {
        let place = try SettingsLoader.load(file: file, environment: environment(), flags: flags, model: model)
        return try SettingsLoader.load(
            file: file, chosen: ChosenSettings(folder: place.stateFolder).path, environment: environment(),
            flags: flags, model: model)
    }

    private var flags: [SettingsLoader.Flag] {
        typealias Flag = SettingsLoader.Flag
        var flags = assignments.map { assignment in
            let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return Flag(name: "--set \(assignment)", key: String(parts[0]), value: String(parts[1]))
        }
        if let album { flags.append(Flag(name: "--album", key: SettingKey.albumFolder.rawValue, value: album)) }
        return flags
    }
}

/// Settings that are worth an option of their own where pictures are taken.
struct ShootingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "auto, rpicam, v4l2 or virtual; with a device behind a colon: rpicam:1, v4l2:/dev/video2, virtual:FOLDER.",
            valueName: "camera"))
    var camera: String?

    @Option(help: ArgumentHelp("The style of the first pictures.", valueName: "name"))
    var style: String?

    @Option(help: ArgumentHelp("The port of the web pages. (default: 8080)", valueName: "number"))
    var port: String?

    @Flag(name: .customLong("no-web"), help: "Shows nothing on the network.")
    var isOffline = false

    var flags: [SettingsLoader.Flag] {
        typealias Flag = SettingsLoader.Flag
        var flags: [Flag] = []
        if let style { flags.append(Flag(name: "--style", key: SettingKey.style.rawValue, value: style)) }
        if let port { flags.append(Flag(name: "--port", key: SettingKey.webPort.rawValue, value: port)) }
        if isOffline { flags.append(Flag(name: "--no-web", key: SettingKey.web.rawValue, value: "false")) }
        if let camera {
            let parts = camera.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            flags.append(Flag(name: "--camera", key: SettingKey.cameraKind.rawValue, value: parts[0]))
            let device = parts.count > 1 ? parts[1] : ""
            flags.append(Flag(name: "--camera", key: SettingKey.cameraDevice.rawValue, value: device))
        }
        return flags
    }
}

/// The variables of the process.
func environment() -> [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
        let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
        entry += 1
    }
    return variables
}
