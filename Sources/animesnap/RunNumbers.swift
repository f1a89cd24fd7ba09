import ArgumentParser
import Engine
import FoundationEssentials
import Painting

/// For `scripts/check-onnx-agreement`: the engine on raw samples.
struct RunNumbers: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "numbers",
        abstract: "Runs a model file on raw samples, height x width x 3 bytes.",
        discussion: """
            Prints the name, height, width and channels of each output, whose little-endian
            float32 numbers follow each other.
            """,
        shouldDisplay: false)

    @Argument var file: String
    @Argument var input: String
    @Argument var height: Int
    @Argument var width: Int
    @Argument var output: String

    func run() throws {
        let model = try ModelFile(path: ModelLibrary.standard.path(of: file))
        guard let data = try? Data(contentsOf: URL(filePath: input)), height > 0, width > 0,
            data.count == height * width * 3, model.graph.tensors[0].channels == 3
        else { throw PaintingError("\(input) cannot be read as \(height)x\(width)x3 samples") }
        let samples = [UInt8](data)
        let plan = try Plan(graph: model.graph, picture: Graph.Extent(height: height, width: width))
        var numbers = [[Float]](repeating: [], count: model.graph.outputs.count)
        try Executor(model: model, plan: plan, instructionSet: .best, threads: 1).run(
            readRow: { y, row in for x in row.indices { row[x] = samples[y * row.count + x] } },
            writeNumbers: { output, _, row in for x in row.indices { numbers[output].append(row[x]) } })
        for port in model.graph.outputs {
            let size = plan.rings[port.tensor].size
            print(port.name, size.height, size.width, model.graph.tensors[port.tensor].channels)
        }
        let bits = numbers.joined().map(\.bitPattern.littleEndian)
        do {
            try bits.withUnsafeBytes { Data($0) }.write(to: URL(filePath: output), options: .atomic)
        } catch {
            throw PaintingError("\(output) cannot be written")
        }
    }
}
