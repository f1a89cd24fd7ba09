import Appliance
import ArgumentParser

@main
struct AnimeSnap: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "animesnap",
        abstract: "Turns photos into anime pictures, offline.",
        discussion: """
            A photo in, an anime picture out:

              animesnap convert photo.jpg anime.jpg

            A camera with a button, or its rehearsal on a laptop:

              animesnap run

            Exit codes:

              0   all is well
              1   something could not be done; standard error says what and why
              64  the command was not understood; nothing was done
            """,
        version: programVersion,
        subcommands: [
            RunCommand.self, DoctorCommand.self, AlbumCommand.self, ConfigCommand.self, PinCommand.self,
            ConvertCommand.self, FacesCommand.self, BenchCommand.self, StyleCommand.self, ModelCommand.self,
        ]
    )
}

extension AnimeSnap {
    /// Runs the command. Whatever goes wrong becomes one line on standard error; help and the version are the
    /// parser's to print.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            let code = exitCode(for: error)
            if code != .success, !(error is ExitCode) {
                complain(code == .validationFailure ? misunderstanding(error) : message(for: error))
            }
            exit(withError: code == .success ? error : code)
        }
    }

    /// What the parser did not understand, and where it is explained.
    private static func misunderstanding(_ error: any Error) -> String {
        let lines = message(for: error).split(separator: "\n").joined(separator: " ")
        let sentence = lines.hasSuffix(".") ? String(lines.dropLast()) : lines
        var words = ["animesnap"]
        var commands = configuration.subcommands
        for argument in CommandLine.arguments.dropFirst() {
            guard let next = commands.first(where: { $0.configuration.commandName == argument }) else { break }
            words.append(argument)
            commands = next.configuration.subcommands
        }
        let command = words.joined(separator: " ")
        return "\(sentence.prefix(1).lowercased())\(sentence.dropFirst()) (see '\(command) --help')"
    }
}
