import Testing

/// What a person reads who asks a command for help. Whoever changes a help text reads it here as it will be printed.
struct HelpText: Sendable, CustomTestStringConvertible {
    let command: [String]
    let text: String

    var testDescription: String { (["animesnap"] + command).joined(separator: " ") }

    init(_ command: String..., text: String) {
        self.command = command
        self.text = text
    }

    static let all =
        [
            top, run, doctor, album, albumList, albumExport, albumPin, albumWipe, config, configPrint, pin, convert,
            faces, bench,
        ]
        + [style, styleList, stylePrint, styleKeys, model, list, inspect, importing, exporting, compare]

    private static let top = HelpText(
        text: """
            OVERVIEW: Turns photos into anime pictures, offline.

            A photo in, an anime picture out:

              animesnap convert photo.jpg anime.jpg

            A camera with a button, or its rehearsal on a laptop:

              animesnap run

            Exit codes:

              0   all is well
              1   something could not be done; standard error says what and why
              64  the command was not understood; nothing was done

            USAGE: animesnap <subcommand>

            OPTIONS:
              --version               Show the version.
              -h, --help              Show help information.

            SUBCOMMANDS:
              run                     Is the camera: press the button, get an anime picture.
              doctor                  Tells what the appliance would use, what is wrong,
                                      and what to do about it.
              album                   Lists, exports and clears the pictures.
              config                  Shows the appliance's settings.
              pin                     Makes a new PIN for the host of the web pages and
                                      shows it.
              convert                 Turns photos into anime pictures.
              faces                   Finds the faces in photos.
              bench                   Measures the network alone, without decoding and
                                      encoding.
              style                   Lists styles, and helps to write one.
              model                   Lists, examines and makes model files.

              See 'animesnap help <subcommand>' for detailed help.
            """)

    private static let convert = HelpText(
        "convert",
        text: """
            OVERVIEW: Turns photos into anime pictures.

            One photo, and the result's name:

              animesnap convert photo.jpg anime.jpg

            Many photos, or a folder of them; the results go beside the photos, or into
            the folder that -o names:

              animesnap convert *.jpg
              animesnap convert holiday -o painted

            In a pipe:

              animesnap convert - - < photo.jpg > anime.jpg

            Photos are JPEG files of up to 100 megapixels. Where no name is given the
            result is called after the photo and the style: photo.jpg becomes
            photo-anime.jpg. A result appears complete or not at all, and a photo that
            cannot be converted does not stop the others.

            Faces are found and painted one by one, at the size that the style draws
            best, and pictures that are larger than it draws well are enlarged by a
            network that keeps lines clean. A square portrait, for an avatar:

              animesnap convert photo.jpg me.jpg --faces only --size 512

            A drawn style is a file of numbers, which can be changed for a picture, or
            be a file of your own, which 'animesnap style print anime' begins:

              animesnap convert photo.jpg --style webtoon --style-set eyes=1.3
              animesnap convert photo.jpg --style own.json

            Of a style in several sizes (cute-s, cute-m, cute-l) 'cute' stands for the
            one that the camera takes on this board, as 'animesnap doctor' tells, or for
            cute-m where 'animesnap run' has measured nothing yet.

            USAGE: animesnap convert <photo> <result>
                   animesnap convert <photo|folder> ... [-o <file|folder>] [<options>]

            ARGUMENTS:
              <photo|folder>          Photos, folders of photos, or - for standard input.

            OPTIONS:
              -o, --output <file|folder>
                                      The result's file, a folder for the results (with a /
                                      at its end if it is new), or - for standard output.
              --style, --model <name|file>
                                      The style: its name ('animesnap style list' shows
                                      them), a model's, or a style's .json or model's
                                      .safetensors file. (default: anime)
              --style-set <key=value> Changes a drawn style, as 'animesnap style keys'
                                      tells, such as eyes=1.3; can be given several times.
              --size <n|full>         The result's longest side in pixels, 16 to 32768, or
                                      'full' for the photo's own size. (default: 1280)
              --faces <auto|off|only> What is done with faces: 'auto' paints each by itself
                                      and lays it over the scene, 'off' paints them with
                                      the scene, 'only' makes a square picture of the
                                      largest. (values: auto, off, only; default: auto)
              --crop <off|faces|4:5|1:1>
                                      Frames the faces: in the photo's proportions
                                      ('faces'), 4:5 or 1:1. (values: off, faces, 4:5, 1:1;
                                      default: off)
              --look <look>           A colour grade on top of the style: meadow, sky, neon.
              --quality <q>           JPEG quality, 1 to 100; from 95 on colours keep their
                                      full detail. (default: 92)
              --threads <n>           Threads that compute, 1 to 64. (default: one per core)
              --isa <name>            Kernels to use instead of this processor's fastest,
                                      such as 'reference'; ANIMESNAP_ISA does the same.
              --strip-rows <n>        Rows of the picture that are worked on at a time:
                                      fewer take less memory, more save a little time.
              --memory-limit <mb>     The most megabytes that the network's work may take;
                                      a picture that needs more is refused at once.
              --json                  Print a line of JSON per picture: times in ms,
                                      memory, model, kernels, sizes.
              --version               Show the version.
              -h, --help              Show help information.
            """)

    private static let bench = HelpText(
        "bench",
        text: """
            OVERVIEW: Measures the network alone, without decoding and encoding.

            Paints a computed pattern, so that no photo is needed. On a machine that does
            other work the fastest time tells more than the median.

              animesnap bench --size 640x480 --threads 4

            USAGE: animesnap bench [--style <name|file>] [--size <n>] [<options>]

            OPTIONS:
              --style, --model <name|file>
                                      The style: its name ('animesnap style list' shows
                                      them), a model's, or a style's .json or model's
                                      .safetensors file. (default: anime)
              --size <n>              Side of the square picture, or WIDTHxHEIGHT.
                                      (default: 512)
              --repeat <n>            How many pictures are painted and timed. (default: 10)
              --threads <n>           Threads that compute, 1 to 64. (default: one per core)
              --isa <name>            Kernels to use instead of this processor's fastest,
                                      such as 'reference'; ANIMESNAP_ISA does the same.
              --strip-rows <n>        Rows of the picture that are worked on at a time:
                                      fewer take less memory, more save a little time.
              --memory-limit <mb>     The most megabytes that the network's work may take;
                                      a picture that needs more is refused at once.
              --json                  Print one line of JSON: times in ms, work, memory,
                                      kernels.
              --version               Show the version.
              -h, --help              Show help information.
            """)

    private static let model = HelpText(
        "model",
        text: """
            OVERVIEW: Lists, examines and makes model files.

            USAGE: animesnap model <subcommand>

            OPTIONS:
              --version               Show the version.
              -h, --help              Show help information.

            SUBCOMMANDS:
              list                    Lists the models that are found by name.
              inspect                 Prints the layers, costs and memory plan of a model
                                      file.
              import                  Makes an 8-bit model file from a float32 ONNX network.
              export                  Writes a model file as an 8-bit ONNX network.
              compare                 Measures how close a model file comes to its float32
                                      network.

              See 'animesnap help model <subcommand>' for detailed help.
            """)

    private static let list = HelpText(
        "model", "list",
        text: """
            OVERVIEW: Lists the models that are found by name.

            USAGE: animesnap model list

            OPTIONS:
              --version               Show the version.
              -h, --help              Show help information.
            """)

    private static let inspect = HelpText(
        "model", "inspect",
        text: """
            OVERVIEW: Prints the layers, costs and memory plan of a model file.

            USAGE: animesnap model inspect <file> [--size <n>]

            ARGUMENTS:
              <file>                  A model's name or a .safetensors file.

            OPTIONS:
              --size <n>              Side of the square picture that sizes are told for.
                                      (default: 512)
              --version               Show the version.
              -h, --help              Show help information.
            """)

    private static let importing = HelpText(
        "model", "import",
        text: """
            OVERVIEW: Makes an 8-bit model file from a float32 ONNX network.

            The network is run on photos to learn the range of every value, so the
            photos should be like those it will paint; 64 do well. It takes some minutes
            and needs OpenBLAS (libopenblas0).

              animesnap model import own-m.onnx --calibrate photos -o own-m.safetensors

            USAGE: animesnap model import <net> --calibrate <folder> -o <file> [<options>]

            ARGUMENTS:
              <net>                   The network, an ONNX file.

            OPTIONS:
              --calibrate <folder>    A folder of JPEG photos to calibrate with.
              --limit <n>             Use this many of the photos, spread evenly over the
                                      folder.
              -o, --output <file>     The model file.
              --size <n>              The longest side at which photos are calibrated with.
                                      (default: 448, or less if memory is short)
              --style <name>          The style's name. (default: the file's name up to its
                                      last dash)
              --title <text>          What people read about the model. (default: its name)
              --licence <text>        The terms of the weights. (default: unknown; ask
                                      whoever made the network)
              --input-range <low..high>
                                      What samples from 0 to 255 are to the network, such
                                      as 0..1 or 0..255. (default: -1..1)
              --input-order <order>   In which order the network takes red, green and blue:
                                      rgb or bgr. (default: rgb)
              --version               Show the version.
              -h, --help              Show help information.
            """)

    private static let exporting = HelpText(
        "model", "export",
        text: """
            OVERVIEW: Writes a model file as an 8-bit ONNX network.

            ONNX Runtime and others that read ONNX's QDQ form make of it what this
            program makes of the model. It takes float32 numbers, 1 x 3 x height x width,
            red, green and blue in the range that the network was made for, and gives
            each output as numbers too; sides are multiples of what 'inspect' tells.
            The terms of the weights stay what they are, and go with them.

            Sums are written so that every runtime makes the same of them, in float32.
            --fused has ONNX Runtime compute with integers, which is faster; on x86
            processors without VNNI set its session.x64quantprecision to 1 then.

              animesnap model export cute-m cute-m.onnx

            USAGE: animesnap model export <file> <net> [--fused]

            ARGUMENTS:
              <file>                  A model's name or a .safetensors file.
              <net>                   The ONNX file.

            OPTIONS:
              --fused                 Write convolutions so that runtimes compute them with
                                      integers.
              --version               Show the version.
              -h, --help              Show help information.
            """)

    private static let compare = HelpText(
        "model", "compare",
        text: """
            OVERVIEW: Measures how close a model file comes to its float32 network.

            Prints PSNR and SSIM of the painted pictures against those of the float32
            network, whose values are not rounded; for a network that makes no picture,
            the signal-to-noise ratio of each output. It needs OpenBLAS (libopenblas0).

              animesnap model compare own-m own-m.onnx photos --leave-out 64

            Photos that the model was calibrated on prove nothing: --leave-out skips
            those that 'import --limit' takes of the same folder.

            USAGE: animesnap model compare <file> <net> <photos> ... [<options>]

            ARGUMENTS:
              <file>                  A model's name or a .safetensors file.
              <net>                   The network it was made from, an ONNX file.
              <photos>                Photos or folders of photos.

            OPTIONS:
              --leave-out <n>         Leave out the photos that 'import --limit n' takes of
                                      the same folder.
              --limit <n>             Use this many of the photos, spread evenly.
              --size <n>              The longest side of the pictures. (default: 512)
              --input-range <low..high>
                                      What samples from 0 to 255 are to the network, such
                                      as 0..1 or 0..255. (default: -1..1)
              --input-order <order>   In which order the network takes red, green and blue:
                                      rgb or bgr. (default: rgb)
              --threads <n>           Threads that compute, 1 to 64. (default: one per core)
              --isa <name>            Kernels to use instead of this processor's fastest,
                                      such as 'reference'; ANIMESNAP_ISA does the same.
              --version               Show the version.
              -h, --help              Show help information.
            """)
}
