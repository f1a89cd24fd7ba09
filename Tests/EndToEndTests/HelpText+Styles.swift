// The commands about styles.
extension HelpText {
    static let style = HelpText(
        "style",
        text: """
            OVERVIEW: Lists styles, and helps to write one.

            USAGE: animesnap style <subcommand>

            OPTIONS:
              --version               Show the version.
              -h, --help              Show help information.

            SUBCOMMANDS:
              list                    Lists the styles that are found by name.
              print                   Prints a drawn style with all its keys, as a begin
                                      for another.
              keys                    Prints what a style file can say: each key, its
                                      range, what it does.

              See 'animesnap help style <subcommand>' for detailed help.
            """)

    static let styleList = HelpText(
        "style", "list",
        text: """
            OVERVIEW: Lists the styles that are found by name.

            USAGE: animesnap style list

            OPTIONS:
              --version               Show the version.
              -h, --help              Show help information.
            """)

    static let stylePrint = HelpText(
        "style", "print",
        text: """
            OVERVIEW: Prints a drawn style with all its keys, as a begin for another.

            Write it to a file, change what you like, and paint with it:

              animesnap style print anime > own.json
              animesnap convert photo.jpg --style own.json

            In the folder 'models/styles' of the album it is a style of the camera from
            its next start on.

            USAGE: animesnap style print <name|file> [--style-set <key=value> ...]

            ARGUMENTS:
              <name|file>             A drawn style's name or its .json file.

            OPTIONS:
              --style-set <key=value> Changes a value, such as eyes=1.3; can be given
                                      several times.
              --version               Show the version.
              -h, --help              Show help information.
            """)

    static let styleKeys = HelpText(
        "style", "keys",
        text: """
            OVERVIEW: Prints what a style file can say: each key, its range, what it does.

            USAGE: animesnap style keys [--schema]

            OPTIONS:
              --schema                Print a JSON Schema, which editors understand.
              --version               Show the version.
              -h, --help              Show help information.
            """)
}
