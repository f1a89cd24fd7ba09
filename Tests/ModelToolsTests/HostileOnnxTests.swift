import ModelTools
import Testing

/// Damaged ONNX files are refused or read as something that runs: they never crash.
@Suite struct HostileOnnxTests {
    private func attempt(_ bytes: [UInt8]) {
        do throws(ImportError) {
            let network = try FloatNetwork(bytes: bytes, label: "net.onnx")
            let sides = network.sideMultiple
            guard sides <= 8, try network.multiplyAdds(height: sides, width: sides) < 10_000_000 else { return }
            let zeros = [Float](repeating: 0, count: sides * sides * 3)
            _ = try network.run(zeros, height: sides, width: sides)
        } catch {
            #expect(!error.description.isEmpty && !error.description.contains("\n"))
        }
    }

    @Test("a truncated file is refused or runs")
    func truncated() throws {
        let bytes = try OnnxBuilding.student().bytes
        for length in stride(from: 0, to: bytes.count, by: 61) { attempt(Array(bytes[..<length])) }
    }

    @Test("an empty file and text are refused with one sentence")
    func notOnnx() {
        for bytes in [[], Array("hello, this is not a network".utf8)] {
            #expect(throws: ImportError.self) { try FloatNetwork(bytes: bytes, label: "net.onnx") }
        }
    }

    @Test("flipped bits and changed bytes are refused or run", arguments: 0..<4)
    func changed(part: UInt64) throws {
        var numbers = Numbers(part + 77)
        // Small constants leave most of the file to names, shapes and attributes.
        var building = OnnxBuilding.student()
        for index in building.model.graph.initializer.indices {
            let tensor = building.model.graph.initializer[index]
            let kept = tensor.dims.reduce(1, *) > 40 ? [1, 1, 1, 1] : tensor.dims
            if part == 3 { building.model.graph.initializer[index].dims = kept }
        }
        let bytes = try building.bytes
        for _ in 0..<400 {
            var altered = bytes
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                let at = Int.random(in: 0..<altered.count, using: &numbers)
                if Bool.random(using: &numbers) {
                    altered[at] ^= 1 << UInt8.random(in: 0...7, using: &numbers)
                } else {
                    altered[at] = UInt8.random(in: 0...255, using: &numbers)
                }
            }
            attempt(altered)
        }
    }

    @Test("nodes that are exchanged, rewired or cut out are refused or run")
    func rewired() throws {
        var numbers = Numbers(5)
        let names = OnnxBuilding.student().model.graph.node.flatMap { $0.output + $0.input } + ["", "nowhere"]
        for _ in 0..<400 {
            var building = OnnxBuilding.student()
            let count = building.model.graph.node.count
            for _ in 0..<2 {
                let at = Int.random(in: 0..<count, using: &numbers)
                let other = Int.random(in: 0..<count, using: &numbers)
                switch Int.random(in: 0..<5, using: &numbers) {
                case 0: building.model.graph.node.swapAt(at, other)
                case 1: building.model.graph.node[at].input = building.model.graph.node[other].input
                case 2: building.model.graph.node[at].attribute = building.model.graph.node[other].attribute
                case 3: building.model.graph.node[at].opType = building.model.graph.node[other].opType
                default:
                    guard !building.model.graph.node[at].input.isEmpty else { continue }
                    building.model.graph.node[at].input[0] = names.randomElement(using: &numbers) ?? ""
                }
            }
            attempt(try building.bytes)
        }
    }
}
