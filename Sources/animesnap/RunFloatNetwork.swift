import ArgumentParser
import FoundationEssentials
import ModelTools
import Painting

/// For `scripts/check-onnx-agreement`: the float32 executor on raw numbers.
struct RunFloatNetwork: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "float",
        abstract: "Runs a float32 ONNX network on raw little-endian float32 numbers, height x width x 3.",
        discussion: "Prints the name, height, width and channels of each output, whose numbers follow each other.",
        shouldDisplay: false)

    @Argument var network: String
    @Argument var input: String
    @Argument var height: Int
    @Argument var width: Int
    @Argument var output: String

    func run() throws {
        let float = try FloatNetwork(path: network)
        guard let data = try? Data(contentsOf: URL(filePath: input)), data.count % 4 == 0 else {
            throw PaintingError("\(input) cannot be read as float32 numbers")
        }
        let values = data.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
            }
        }
        let results = try float.results(of: values, height: height, width: width)
        let result = results.flatMap { $0.values.map(\.bitPattern.littleEndian) }
        for result in results { print(result.name, result.height, result.width, result.channels) }
        do {
            try result.withUnsafeBytes { Data($0) }.write(to: URL(filePath: output), options: .atomic)
        } catch {
            throw PaintingError("\(output) cannot be written")
        }
    }
}
