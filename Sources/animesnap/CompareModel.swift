import Appliance
import ArgumentParser
import Engine
import Glibc
import ModelTools
import Painting

struct CompareModel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Measures how close a model file comes to its float32 network.",
        usage: "animesnap model compare <file> <net> <photos> ... [<options>]",
        discussion: """
            Prints PSNR and SSIM of the painted pictures against those of the float32
            network, whose values are not rounded; for a network that makes no picture,
            the signal-to-noise ratio of each output. It needs OpenBLAS (libopenblas0).

              animesnap model compare own-m own-m.onnx photos --leave-out 64

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

    @OptionGroup var input: InputOptions
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
        let photos = try read(set.spread(limit).paths, for: float)
        if float.paintingScale == nil { return try compareOutputs(photos.map(\.photo), model, float) }
        var qualities: [PictureQuality] = []
        for (path, photo) in photos {
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

    private func read(
        _ paths: [String], for network: FloatNetwork
    ) throws -> [(path: String, photo: CalibrationPicture)] {
        try paths.compactMap { path in
            var photo: CalibrationPicture?
            if let only = network.onlySide {
                // The middle of it, as 'import' takes it.
                photo = try PhotoSet.read(path, longestSide: 2 * only, multiple: 1)?.cropped(height: only, width: only)
            } else {
                photo = try PhotoSet.read(path, longestSide: size, multiple: network.sideMultiple)
            }
            guard let photo else {
                complain("\(path) is smaller than the network takes and was left out")
                return nil
            }
            return (path, photo)
        }
    }

    private func compareOutputs(
        _ photos: [CalibrationPicture], _ model: ModelFile, _ float: FloatNetwork
    ) throws {
        guard !photos.isEmpty else { throw PaintingError("no photo was compared") }
        var powers = [(signal: Double, noise: Double)](repeating: (0, 1e-30), count: model.graph.outputs.count)
        for photo in photos {
            let results = try float.results(
                of: photo.numbers(for: input.convention), height: photo.height, width: photo.width)
            guard results.map(\.name) == model.graph.outputs.map(\.name) else {
                throw PaintingError("\(model.path) was not made from \(network): their outputs differ")
            }
            let made = try outputs(of: photo, model)
            for (index, (result, numbers)) in zip(results, made).enumerated() {
                guard result.values.count == numbers.count else {
                    throw PaintingError("\(model.path) was not made from \(network): '\(result.name)' differs in size")
                }
                for (made, value) in zip(numbers, result.values) {
                    let difference = Double(made - value)
                    powers[index].signal += Double(value) * Double(value)
                    powers[index].noise += difference * difference
                }
            }
        }
        for (port, power) in zip(model.graph.outputs, powers) {
            print("\((10 * log10(power.signal / power.noise)).fixed(1)) dB  \(port.name)")
        }
    }

    private func outputs(of photo: CalibrationPicture, _ model: ModelFile) throws -> [[Float]] {
        var outputs = [[Float]](repeating: [], count: model.graph.outputs.count)
        try executor(for: photo, model).run(
            readRow: { y, row in for x in row.indices { row[x] = photo.rgb[y * row.count + x] } },
            writeNumbers: { output, _, row in for x in row.indices { outputs[output].append(row[x]) } })
        return outputs
    }

    private func executor(for photo: CalibrationPicture, _ model: ModelFile) throws -> Executor {
        guard model.graph.tensors[model.graph.inputs[0].tensor].channels == 3 else {
            throw PaintingError("\(model.path) does not take RGB pictures")
        }
        let plan = try Plan(graph: model.graph, picture: Graph.Extent(height: photo.height, width: photo.width))
        return try Executor(
            model: model, plan: plan, instructionSet: kernels.instructionSet(), threads: kernels.threadCount)
    }

    private func paint(_ photo: CalibrationPicture, _ model: ModelFile) throws -> CalibrationPicture {
        let executor = try executor(for: photo, model)
        var rgb: [UInt8] = []
        rgb.reserveCapacity(photo.rgb.count)
        let rowBytes = 3 * photo.width
        try executor.run(
            readRow: { y, row in for x in 0..<rowBytes { row[x] = photo.rgb[y * rowBytes + x] } },
            writeRow: { _, row in for x in row.indices { rgb.append(row[x]) } })
        let made = executor.plan.rings[model.graph.outputs[0].tensor].size
        guard let picture = CalibrationPicture(width: made.width, height: made.height, rgb: rgb) else {
            throw PaintingError("the network gave no picture of \(photo.width)x\(photo.height)")
        }
        return picture
    }
}
