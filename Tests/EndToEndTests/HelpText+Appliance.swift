// The commands of the appliance.
extension HelpText {
    static let run = HelpText(
        "run",
        text: """
            OVERVIEW: Is the camera: press the button, get an anime picture.

            On a Raspberry Pi it uses the button, the lamp and the camera that the settings
            name; elsewhere the keyboard (space or enter), the terminal and a drawn scene:

              animesnap run
              animesnap run --camera v4l2 --album party --style cute

            Phones on the same network see the pictures at the address that it prints.
            It runs until SIGTERM or Ctrl-C; a picture that is being painted then is
            painted after the next start. 'animesnap doctor' tells what it would use and
            why, 'animesnap config print' all settings.

            USAGE: animesnap run [<options>]

            OPTIONS:
              --config <file>         The settings file. (default:
                                      /etc/animesnap/animesnap.yaml, if it is there)
              --set <key=value>       A setting, as 'animesnap config print' shows them;
                                      can be given several times.
              --album <folder>        The same as --set album.folder=...
              --camera <camera>       auto, rpicam, v4l2 or virtual; with a device behind a
                                      colon: rpicam:1, v4l2:/dev/video2, virtual:FOLDER.
              --style <name>          The style of the first pictures.
              --port <number>         The port of the web pages. (default: 8080)
              --no-web                Shows nothing on the network.
              --version               Show the version.
              -h, --help              Show help information.
            """)

    static let doctor = HelpText(
        "doctor",
        text: """
            OVERVIEW: Tells what the appliance would use, what is wrong, and what to do
            about it.

            Looks at the board, the processor, the model, the button and the lamp, every
            camera, the album and the clock, and changes nothing. Exit code 0 means that
            'animesnap run' can run with these settings. Which size of model paints depends
            on the speed of the board, which 'run' measures at its first start; before
            that this command measures for itself, in a second or less.

            USAGE: animesnap doctor [<options>]

            OPTIONS:
              --config <file>         The settings file. (default:
                                      /etc/animesnap/animesnap.yaml, if it is there)
              --set <key=value>       A setting, as 'animesnap config print' shows them;
                                      can be given several times.
              --album <folder>        The same as --set album.folder=...
              --camera <camera>       auto, rpicam, v4l2 or virtual; with a device behind a
                                      colon: rpicam:1, v4l2:/dev/video2, virtual:FOLDER.
              --style <name>          The style of the first pictures.
              --port <number>         The port of the web pages. (default: 8080)
              --no-web                Shows nothing on the network.
              --json                  Print one line of JSON.
              --version               Show the version.
              -h, --help              Show help information.
            """)

    static let album = HelpText(
        "album",
        text: """
            OVERVIEW: Lists, exports and clears the pictures.

            'list' and 'export' work while 'animesnap run' does; the others need it to be
            stopped, as one program at a time writes to an album.

            USAGE: animesnap album <subcommand>

            OPTIONS:
              --version               Show the version.
              -h, --help              Show help information.

            SUBCOMMANDS:
              list                    Lists the pictures, the newest first.
              export                  Copies all photos and anime pictures to a folder, a
                                      USB stick say.
              pin                     Keeps pictures when room has to be made.
              unpin                   Lets pictures go when room has to be made.
              delete                  Deletes pictures with everything that was made from
                                      them.
              wipe                    Deletes all pictures and checks that they are gone.

              See 'animesnap help album <subcommand>' for detailed help.
            """)

    static let albumList = HelpText(
        "album", "list",
        text: """
            OVERVIEW: Lists the pictures, the newest first.

            USAGE: animesnap album list [<options>]

            OPTIONS:
              --config <file>         The settings file. (default:
                                      /etc/animesnap/animesnap.yaml, if it is there)
              --set <key=value>       A setting, as 'animesnap config print' shows them;
                                      can be given several times.
              --album <folder>        The same as --set album.folder=...
              --json                  Print a line of JSON per picture.
              --version               Show the version.
              -h, --help              Show help information.
            """)

    static let albumExport = HelpText(
        "album", "export",
        text: """
            OVERVIEW: Copies all photos and anime pictures to a folder, a USB stick say.

            Each copy is read back and compared. An export that was interrupted goes on
            when it is asked for again.

            USAGE: animesnap album export <folder> [<options>]

            ARGUMENTS:
              <folder>                Where to; it is made if it is not there.

            OPTIONS:
              --config <file>         The settings file. (default:
                                      /etc/animesnap/animesnap.yaml, if it is there)
              --set <key=value>       A setting, as 'animesnap config print' shows them;
                                      can be given several times.
              --album <folder>        The same as --set album.folder=...
              --version               Show the version.
              -h, --help              Show help information.
            """)

    static let albumPin = HelpText(
        "album", "pin",
        text: """
            OVERVIEW: Keeps pictures when room has to be made.

            USAGE: animesnap album pin <number> ... [<options>]

            ARGUMENTS:
              <number>                Numbers of pictures.

            OPTIONS:
              --config <file>         The settings file. (default:
                                      /etc/animesnap/animesnap.yaml, if it is there)
              --set <key=value>       A setting, as 'animesnap config print' shows them;
                                      can be given several times.
              --album <folder>        The same as --set album.folder=...
              --version               Show the version.
              -h, --help              Show help information.
            """)

    static let albumWipe = HelpText(
        "album", "wipe",
        text: """
            OVERVIEW: Deletes all pictures and checks that they are gone.

            Files that are not the album's stay. Numbers go on: none is used twice.

            USAGE: animesnap album wipe [<options>]

            OPTIONS:
              --yes                   Do not ask.
              --config <file>         The settings file. (default:
                                      /etc/animesnap/animesnap.yaml, if it is there)
              --set <key=value>       A setting, as 'animesnap config print' shows them;
                                      can be given several times.
              --album <folder>        The same as --set album.folder=...
              --version               Show the version.
              -h, --help              Show help information.
            """)

    static let config = HelpText(
        "config",
        text: """
            OVERVIEW: Shows the appliance's settings.

            USAGE: animesnap config <subcommand>

            OPTIONS:
              --version               Show the version.
              -h, --help              Show help information.

            SUBCOMMANDS:
              print                   Prints all settings, their values and where each
                                      value comes from.

              See 'animesnap help config <subcommand>' for detailed help.
            """)

    static let configPrint = HelpText(
        "config", "print",
        text: """
            OVERVIEW: Prints all settings, their values and where each value comes from.

            Built-in values count least, then the board's profile, then the settings file,
            the environment (picture.size is ANIMESNAP_PICTURE_SIZE) and the command line.

            USAGE: animesnap config print [<options>]

            OPTIONS:
              --config <file>         The settings file. (default:
                                      /etc/animesnap/animesnap.yaml, if it is there)
              --set <key=value>       A setting, as 'animesnap config print' shows them;
                                      can be given several times.
              --album <folder>        The same as --set album.folder=...
              --camera <camera>       auto, rpicam, v4l2 or virtual; with a device behind a
                                      colon: rpicam:1, v4l2:/dev/video2, virtual:FOLDER.
              --style <name>          The style of the first pictures.
              --port <number>         The port of the web pages. (default: 8080)
              --no-web                Shows nothing on the network.
              --json                  Print one line of JSON.
              --version               Show the version.
              -h, --help              Show help information.
            """)

    static let pin = HelpText(
        "pin",
        text: """
            OVERVIEW: Makes a new PIN for the host of the web pages and shows it.

            Only a hash of the PIN is kept, so that an old one cannot be shown. The new one
            counts at once, for an appliance that runs too: who is signed in is so no more.

            USAGE: animesnap pin [<options>]

            OPTIONS:
              --config <file>         The settings file. (default:
                                      /etc/animesnap/animesnap.yaml, if it is there)
              --set <key=value>       A setting, as 'animesnap config print' shows them;
                                      can be given several times.
              --album <folder>        The same as --set album.folder=...
              --version               Show the version.
              -h, --help              Show help information.
            """)
}
