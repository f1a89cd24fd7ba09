import ArgumentParser
import Booth
import Glibc
import Platform
import Web

struct PinCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin",
        abstract: "Makes a new PIN for the host of the web pages and shows it.",
        usage: "animesnap pin [<options>]",
        discussion: """
            Only a hash of the PIN is kept, so that an old one cannot be shown. The new one
            counts at once, for an appliance that runs too: who is signed in is so no more.
            """)

    @OptionGroup var settings: SettingsOptions

    func run() throws {
        let folder = try settings.load(board: Machine().model).stateFolder
        try StateFolder.make(folder)
        try tell(try PinStore.renew(in: folder))
    }
}

/// The folder of what has to be known after a restart.
enum StateFolder {
    /// Makes the folder and those above it where they are missing.
    ///
    /// - Throws: `BoothError` when that is not possible.
    static func make(_ path: String) throws(BoothError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/\(part)"
            guard mkdir(made, 0o755) == 0 || errno == EEXIST else {
                throw BoothError("the folder \(path) cannot be made: \(SystemError.last.words)")
            }
        }
        guard access(path, W_OK) == 0 else {
            throw BoothError(
                "the folder \(path) cannot be written to: \(SystemError.last.words)")
        }
    }
}
