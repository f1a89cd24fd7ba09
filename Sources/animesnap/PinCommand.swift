import Appliance
import ArgumentParser
import Booth
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
