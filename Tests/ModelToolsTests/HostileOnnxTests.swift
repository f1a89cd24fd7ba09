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

    /// What is said of the network that `build` makes, through lowering; nil when nothing is.
    private func refusal(_ build: (inout OnnxBuilding) throws -> Void) throws -> String? {
        var building = OnnxBuilding()
        try build(&building)
        let bytes = try building.bytes
        do throws(ImportError) {
            let network = try FloatNetwork(bytes: bytes, label: "net.onnx")
            _ = try Lowering.lower(network.graph, sideMultiple: network.sideMultiple)
            return nil
        } catch {
            #expect(!error.description.contains("\n") && error.description.count <= 600)
            return error.description
        }
    }

    @Test(
        "data in another file is refused wherever that is said to lie",
        arguments: ["weights.bin", "../weights.bin", "/etc/passwd", "link/weights.bin", "a\nb", ""])
    func externalData(_ location: String) throws {
        let sentence = try refusal { building in
            building.convolution("photo", "anime", depth: 3, outputs: 3, kernel: 1)
            building.model.graph.initializer[0].floatData = []
            building.model.graph.initializer[0].dataLocation = .external
            // Field 13 of a tensor: the key "location" and its value.
            func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(bytes.count)] + bytes }
            let entry = field(1, Array("location".utf8)) + field(2, Array(location.utf8))
            let bytes: [UInt8] = try building.model.graph.initializer[0].serializedBytes()
            building.model.graph.initializer[0] = try Onnx_TensorProto(serializedBytes: bytes + field(13, entry))
        }
        #expect(sentence?.contains("keeps its data in another file") == true)
    }

    @Test("a tensor that claims two gigabytes is refused before memory is taken")
    func claims() throws {
        for (dimensions, type) in [([1 << 29], Int32(1)), ([1 << 28], 7), ([1 << 26, 3, 3, 1], 1)] {
            let sentence = try refusal { building in
                building.constant("w", dimensions, [])
                building.model.graph.initializer[0].dataType = type
                building.node("Conv", ["photo", "w"], "anime")
            }
            #expect(sentence?.contains("at most 64 Mi elements are allowed") == true)
        }
    }

    @Test("sizes that multiply when they are gathered are refused")
    func gathered() throws {
        let sentence = try refusal { building in
            building.constant("list", [200], [Float](repeating: 0, count: 200))
            building.constant("shape", [2], [1, 200])
            building.node("Reshape", ["list", "shape"], "table")
            building.node("Gather", ["table", "list"], "large")
            building.node("Gather", ["large", "list"], "larger")
            building.node("Clip", ["photo"], "anime")
        }
        #expect(sentence?.contains("makes 40000 numbers that are computed from sizes, and at most 256") == true)
    }

    @Test("nodes that all have one name get names of their own in little time")
    func names() throws {
        let start = ContinuousClock.now
        let sentence = try refusal { building in
            var value = "photo"
            for step in 0..<2000 {
                value = building.node("Tanh", [value], "v\(step)")
                building.model.graph.node[step].name = "same"
            }
            building.node("Tanh", [value], "anime")
        }
        #expect(sentence == nil)
        #expect(ContinuousClock.now - start < .seconds(300))
    }

    @Test("rearrangements that would become too many weights are refused")
    func rearrangements() throws {
        let sentence = try refusal { building in
            for axis in [2, 3] { building.model.graph.input[0].type.tensorType.shape.dim[axis].dimValue = 64 }
            building.convolution("photo", "wide", depth: 3, outputs: 4096, kernel: 1)
            var sum = "photo"
            for step in 0..<3 {
                building.node("DepthToSpace", ["wide"], "large\(step)", [.integer("blocksize", 8)])
                building.convolution("large\(step)", "small\(step)", depth: 64, outputs: 3, kernel: 8, stride: 8)
                sum = building.node("Add", [sum, "small\(step)"], "sum\(step)")
            }
            building.node("Tanh", [sum], "anime")
        }
        #expect(sentence?.contains("weights, and at most 33554432 are supported") == true)
    }

    @Test("weights that become infinite are refused")
    func infinite() throws {
        let sentence = try refusal { building in
            building.convolution("photo", "large", depth: 3, outputs: 3, kernel: 1)
            building.constant("factor", [], [3e38])
            building.node("Mul", ["large", "factor"], "larger")
            building.node("Mul", ["larger", "factor"], "anime")
        }
        #expect(sentence?.contains("that float32 cannot hold") == true)
    }

    @Test(
        "the largest and the smallest integers as attributes are refused or do nothing", arguments: [Int.min, Int.max])
    func extremes(_ number: Int) throws {
        let operators = [
            "Concat", "Gather", "Slice", "Squeeze", "Unsqueeze", "Transpose", "Softmax", "ReduceMean", "ReduceSum",
            "Shape",
            "Pad", "Conv", "DepthToSpace", "SpaceToDepth", "Reshape", "Resize", "GroupNormalization", "Cast",
        ]
        for type in operators {
            for input in ["photo", "shape", "weights"] {
                for name in ["axis", "start", "blocksize", "group", "to", "num_groups", "keepdims"] {
                    attempt(try bytes(type, input, .integer(name, number)))
                }
                for name in ["axes", "perm", "pads", "strides", "starts", "ends", "kernel_shape", "dilations"] {
                    for count in [1, 2, 4, 8] {
                        attempt(try bytes(type, input, .integers(name, [Int](repeating: number, count: count))))
                    }
                }
            }
        }
    }

    private func bytes(_ type: String, _ input: String, _ attribute: Onnx_AttributeProto) throws -> [UInt8] {
        var building = OnnxBuilding()
        building.node("Shape", ["photo"], "shape")
        building.constant("weights", [3, 3, 1, 1], [Float](repeating: 0.1, count: 9))
        building.node(type, [input, "weights"], "made", [attribute])
        building.node("Tanh", ["photo"], "anime")
        return try building.bytes
    }
}
