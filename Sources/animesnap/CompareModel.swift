import Appliance
import ArgumentParser
import Engine
import ModelTools
import Painting

struct CompareModel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Measures how close a model file comes to its float32 network.",
        usage: "animesnap model compare <file> <net> <photos> ... [<options>]",
        discussion: """
            Prints PSNR and SSIM of the painted pictures against those of the float32
            network, whose values are not rounded. It needs OpenBLAS (libopenblas0).

              animesnap model compare cel-m cel-m.onnx photos --leave-out 64

            Photos that the model was calibrated on prove nothing: --leave-out skips
            those that 'import --limit' takes of the same folder.
            """
    )

    @Argument(help: ArgumentHelp("A model's name or a .safetensors file.", valueName: "file"))
    var file: String

    @Argument(help: ArgumentHelp("The network it was made from, an ONNX file.", valueName: "net"))
    var network: String

    @Argument(help: ArgumentHelp("Photos or folders of photos.", valueName: "photos"))
    var photos: [String]

    @Option(
        help: ArgumentHelp("Leave out the photos that 'import --limit n' takes of the same folder.", valueName: "n"))
    var leaveOut: Int?

    @Option(help: ArgumentHelp("Use this many of the photos, spread evenly.", valueName: "n"))
    var limit: Int?

    @Option(help: ArgumentHelp("The longest side of the pictures.", valueName: "n"))
    var size = 512

    @OptionGroup var kernels: KernelOptions

    func validate() throws {
        if let leaveOut, leaveOut < 1 { throw ValidationError("--leave-out is \(leaveOut); 1 or more is possible") }
        if let limit, limit < 1 { throw ValidationError("--limit is \(limit); 1 or more is possible") }
        guard (16...4096).contains(size) else { throw ValidationError("--size is \(size); 16 to 4096 are possible") }
    }

    func run() throws {
        let model = try ModelFile(path: ModelLibrary.standard.path(of: file))
        let float = try FloatNetwork(path: network)
        var set = try PhotoSet(inputs: photos)
        if let leaveOut { set = set.without(set.spread(leaveOut)) }
        var qualities: [PictureQuality] = []
        for path in set.spread(limit).paths {
            guard let photo = try PhotoSet.read(path, longestSide: size, multiple: model.graph.sideMultiple) else {
                complain("\(path) is smaller than the network takes and was left out")
                continue
            }
            let quality = try PictureQuality(of: paint(photo, model), against: float.run(photo))
            print("\(quality.psnr.fixed(2)) dB  SSIM \(quality.ssim.fixed(5))  \(path)")
            qualities.append(quality)
        }
        let psnr = qualities.map(\.psnr).sorted()
        let ssim = qualities.map(\.ssim).sorted()
        guard let worst = psnr.first, let lowest = ssim.first else { throw PaintingError("no photo was compared") }
        print(
            "\(psnr.count) photos at \(size): PSNR median \(psnr[psnr.count / 2].fixed(2)) dB, worst \(worst.fixed(2)) dB; "
                + "SSIM median \(ssim[ssim.count / 2].fixed(5)), worst \(lowest.fixed(5))")
    }

    private func paint(_ photo: CalibrationPicture, _ model: ModelFile) throws -> CalibrationPicture {
        let plan = try Plan(graph: model.graph, picture: Graph.Extent(height: photo.height, width: photo.width))
        let executor = try Executor(
            model: model, plan: plan, instructionSet: kernels.instructionSet(), threads: kernels.threadCount)
        var rgb: [UInt8] = []
        rgb.reserveCapacity(photo.rgb.count)
        let rowBytes = 3 * photo.width
        try executor.run(
            readRow: { y, row in for x in 0..<rowBytes { row[x] = photo.rgb[y * rowBytes + x] } },
            writeRow: { _, row in for x in row.indices { rgb.append(row[x]) } })
        guard let picture = CalibrationPicture(width: photo.width, height: photo.height, rgb: rgb) else {
            throw PaintingError("the network gave no picture of \(photo.width)x\(photo.height)")
        }
        return picture
    }
}
