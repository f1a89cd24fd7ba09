import ArgumentParser

@main
struct AnimeSnap: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "animesnap",
        abstract: "Turns photos into anime pictures, offline.",
        discussion: """
            A photo in, an anime picture out:

              animesnap convert photo.jpg anime.jpg

            Exit codes: 0 all is well; 1 something could not be done, the reason is on standard error;
            64 the command was not understood.
            """,
        version: "0.1.0",
        subcommands: [ConvertCommand.self, BenchCommand.self, ModelCommand.self]
    )
}
