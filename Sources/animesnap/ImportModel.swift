import Album
import Appliance
import ArgumentParser
import Booth
import Glibc
import ModelTools
import Painting
import Platform

struct ImportModel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Makes an 8-bit model file from a float32 ONNX network.",
        usage: "animesnap model import <net> --calibrate <folder> -o <file> [<options>]",
        discussion: """
            The network is run on photos to learn the range of every value, so the
            photos should be like those it will paint; 64 do well. It takes some minutes
            and needs OpenBLAS (libopenblas0).

              animesnap model import own-m.onnx --calibrate photos -o own-m.safetensors
            """
    )

    @Argument(help: ArgumentHelp("The network, an ONNX file.", valueName: "net"))
    var network: String

    @Option(help: ArgumentHelp("A folder of JPEG photos to calibrate with.", valueName: "folder"))
    var calibrate: String

    @Option(help: ArgumentHelp("Use this many of the photos, spread evenly over the folder.", valueName: "n"))
    var limit: Int?

    @Option(name: [.short, .customLong("output")], help: ArgumentHelp("The model file.", valueName: "file"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "The longest side at which photos are calibrated with. (default: 448, or less if memory is short)",
            valueName: "n"))
    var size: Int?

    @Option(help: ArgumentHelp("The style's name. (default: the file's name up to its last dash)", valueName: "name"))
    var style: String?

    @Option(help: ArgumentHelp("What people read about the model. (default: its name)", valueName: "text"))
    var title: String?

    @Option(help: ArgumentHelp("The terms of the weights.", valueName: "text"))
    var licence = "unknown; ask whoever made the network"

    @OptionGroup var input: InputOptions

    func validate() throws {
        guard output.hasSuffix(".safetensors") else {
            throw ValidationError("-o is '\(output)'; model files end in .safetensors")
        }
        if let limit, limit < 1 { throw ValidationError("--limit is \(limit); 1 or more is possible") }
        if let size, !(16...4096).contains(size) { throw ValidationError("--size is \(size); 16 to 4096 are possible") }
        do throws(StyleName.Refusal) {
            _ = try StyleName(ofModel: styleName)
        } catch {
            throw ValidationError(
                style == nil
                    ? "-o makes the style '\(error.text)'; \(error.possible); --style gives it another name"
                    : "--style is '\(error.text)'; \(error.possible)")
        }
    }

    /// The model's name, from its file.
    private var name: String { String((output.split(separator: "/").last ?? "model").dropLast(".safetensors".count)) }

    private var styleName: String { style ?? name.lastIndex(of: "-").map { String(name[..<$0]) } ?? name }

    /// The longest side at which `count` photos and what the largest layer makes of them fit into half the memory.
    private func side(for network: FloatNetwork, count: Int) throws -> Int {
        let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        let multiple = network.sideMultiple
        // The middle of a picture of the only size must be cut out of photos of all shapes.
        if let only = network.onlySide { return 2 * only }
        let sides = stride(from: 448, to: 160, by: -32).map { max($0 / multiple, 1) * multiple }
        return try sides.first { side in
            try count * network.calibrationBytes(height: side, width: side) <= memory / 2
        } ?? max(160 / multiple, 1) * multiple
    }

    func run() throws {
        let float = try FloatNetwork(path: network)
        let file = try AtomicFile(path: output)
        let photos = try PhotoSet(inputs: [calibrate]).spread(limit).paths
        let side = try size ?? side(for: float, count: photos.count)
        let pictures = try photos.compactMap { try PhotoSet.read($0, longestSide: side, multiple: float.sideMultiple) }
        let model = try float.quantized(
            on: pictures,
            as: ModelDescription(name: name, style: styleName, title: title ?? name, licence: licence),
            input: input.convention
        ) { done, count, layer in
            if isatty(STDERR_FILENO) == 1 { note("\r\u{1B}[Klayer \(done) of \(count): \(layer)") }
        }
        if isatty(STDERR_FILENO) == 1 { note("\r\u{1B}[K") }
        try file.write(model.file.span)
        try file.commit()
        var rows = [["layer", "shape", "parameters", "dB to float32"]]
        for layer in model.report.layers {
            rows.append([layer.name, layer.shape, "\(layer.parameters)", layer.signalToNoise.fixed(1)])
        }
        print(table(rows))
        print(
            "\n\(output): \(model.file.count) bytes, \(model.report.parameters) parameters, "
                + "\((Double(model.report.multiplyAdds) / 1e9).fixed(2)) GMAC at "
                + "\(model.report.side)x\(model.report.side), "
                + "calibrated on \(model.report.pictures) photos at \(side)")
        if float.paintingScale == nil {
            print("It makes \(float.outputNames.joined(separator: ", ")) and no picture, so it is no style.")
        }
    }
}
