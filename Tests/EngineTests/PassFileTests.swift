import Engine
import Testing

/// Model files with layers that are no convolutions, wrong in every way but the checksum.
@Suite("A model file with passes")
struct PassFileTests {
    /// What is said of the file, or of planning and painting a picture of 16x16 with it; nil when all works.
    private func refusal(_ file: GraphFile) -> String? {
        withFile(file.bytes) { (path) -> String? in
            do {
                let model = try ModelFile(path: path)
                let plan = try Plan(graph: model.graph, picture: Graph.Extent(height: 16, width: 16))
                _ = try Executor(model: model, plan: plan).paint(noise(width: 16, height: 16, seed: 1))
                return nil
            } catch let error as ModelFileError {
                return error.reason
            } catch {
                return "\(error)"
            }
        }
    }

    @Test("that is whole works")
    func accepted() {
        #expect(refusal(GraphFile(Networks.passes)) == nil)
        #expect(refusal(GraphFile(Networks.enlargement)) == nil)
        #expect(refusal(GraphFile(Networks.pooling)) == nil)
        #expect(refusal(GraphFile(Networks.excitation)) == nil)
    }

    @Test("that pools takes the largest samples and repeats them, with any strip", arguments: InstructionSet.available)
    func pooling(_ instructionSet: InstructionSet) throws {
        let samples = noise(width: 10, height: 8, seed: 6)
        let expected = (0..<8 * 10 * 3).map { index in
            let (y, x, channel) = (index / 30 / 2 * 2, index / 3 % 10 / 2 * 2, index % 3)
            var largest: UInt8 = 0
            for row in max(0, y - 1)...y + 1 {
                for column in max(0, x - 1)...x + 1 {
                    largest = max(largest, samples[(row * 10 + column) * 3 + channel])
                }
            }
            return largest
        }
        try withFile(GraphFile(Networks.pooling).bytes) { path in
            let model = try ModelFile(path: path)
            for strip in [1, 4, 100] {
                let plan = try Plan(graph: model.graph, picture: .init(height: 8, width: 10), stripRows: strip)
                let executor = try Executor(model: model, plan: plan, instructionSet: instructionSet, threads: 2)
                #expect(try executor.paint(samples) == expected, "strip \(strip)")
            }
        }
    }

    @Test(
        "is refused when any of its tensors is missing, of another size or of another type",
        arguments: [Networks.passes, Networks.excitation])
    func tensors(_ graph: Graph) throws {
        let whole = GraphFile(graph)
        for index in whole.tensors.indices {
            let tensor = whole.tensors[index]
            var file = whole
            file.tensors.remove(at: index)
            #expect(try #require(refusal(file)) == "its tensor '\(tensor.name)' is missing")
            file = whole
            file.tensors[index].bytes += [UInt8](repeating: 0, count: 64)
            #expect(try #require(refusal(file)).contains("its tensor '\(tensor.name)' has"))
            file = whole
            file.tensors[index] = .init(
                name: tensor.name, type: tensor.type == "I8" ? "I32" : "I8", bytes: tensor.bytes)
            #expect(try #require(refusal(file)).contains("its tensor '\(tensor.name)' has"))
        }
    }

    @Test(
        "is refused when a number in it is none, infinite or huge", arguments: [Networks.passes, Networks.excitation])
    func numbers(_ graph: Graph) throws {
        let whole = GraphFile(graph)
        for tensor in whole.tensors where tensor.type == "F32" {
            for number in [Float.nan, .infinity, -.infinity, 2e9, -2e9] {
                var file = whole
                file.set(tensor.name, 1, number)
                #expect(refusal(file) != nil, "\(number) in \(tensor.name)")
            }
        }
    }

    @Test("is refused when a slope, an epsilon or a power is out of range")
    func constants() throws {
        for (tensor, index, number, expected) in [
            ("layer.constants", 0, Float(1.01), "slope"), ("layer.constants", 0, -0.01, "slope"),
            ("instance.constants", 1, -1e-9, "epsilon"), ("attention.constants", 1, 0, "epsilon"),
            ("attention.constants", 1, -1, "epsilon"), ("attention.powers", 9, 0, "power"),
            ("attention.powers", 255, -1, "power"), ("attention.powers", 0, .leastNonzeroMagnitude, "power"),
        ] {
            var file = GraphFile(Networks.passes)
            file.set(tensor, index, number)
            #expect(try #require(refusal(file)).contains(expected), "\(number) in \(tensor)")
        }
    }

    @Test("is refused when its graph lies")
    func graphs() throws {
        for (text, replacement, expected) in [
            ("\"reference\":1", "\"reference\":99", "names an 'reference' that does not exist"),
            ("\"reference\":1", "\"reference\":-1", "names an 'reference' that does not exist"),
            ("\"reference\":1", "\"reference\":6", "normalized by a tensor that does not suit it"),
            ("\"reference\":1", "\"reference\":4", "normalized by a tensor that does not suit it"),
            ("\"reference\":1", "\"reference\":0", "normalized by a tensor that does not suit it"),
            (",\"reference\":1", "", "names an 'reference' that does not exist"),
            ("\"input\":1,\"output\":2", "\"input\":2,\"output\":2", "before it is written"),
            ("\"input\":1,\"output\":2", "\"input\":5,\"output\":2", "before it is written"),
            ("\"normalization\":\"layer\"", "\"normalization\":\"batch\"", "does not know"),
            ("\"border\":\"reflect\"", "\"border\":\"wrap\"", "does not know"),
            ("\"kind\":\"lookup\"", "\"kind\":\"lookup\",\"residual\":1", "adds a tensor"),
            ("\"kind\":\"attention\"", "\"kind\":\"attention\",\"residual_order\":\"first\"", "only pointwise"),
            ("\"kind\":\"lookup\"", "\"kind\":\"lookup\",\"factor\":[2]", "only resize"),
            ("\"border\":\"reflect\"", "\"border\":\"lowest\"", "pads with the smallest value"),
        ] {
            var file = GraphFile(Networks.passes)
            file.text = file.text.replacing(text, with: replacement, maxReplacements: 1)
            #expect(try #require(refusal(file), "\(replacement) was accepted").contains(expected), "\(replacement)")
        }
    }

    @Test("is refused when its graph lies about float32 numbers or factors")
    func numbersInGraphs() throws {
        for (text, replacement, expected) in [
            ("\"factors\":3", "\"factors\":99", "names an 'factors' that does not exist"),
            ("\"factors\":3", "\"factors\":6", "multiplied by a tensor that does not suit it"),
            ("\"factors\":3", "\"factors\":0", "multiplied by a tensor that does not suit it"),
            ("\"kind\":\"lookup\"", "\"kind\":\"lookup\",\"factors\":1", "only channel_scale"),
            ("\"type\":\"float32\"", "\"type\":\"float64\"", "neither of int8 nor of float32"),
            ("\"t0\",\"channels\":3", "\"t0\",\"channels\":3,\"type\":\"float32\"", "its input is of float32"),
            ("\"t1\",\"channels\":4", "\"t1\",\"channels\":4,\"type\":\"float32\"", "can only leave the network"),
            ("\"t3\",\"channels\":4", "\"t3\",\"channels\":4,\"type\":\"float32\"", "makes float32 numbers"),
        ] {
            var file = GraphFile(Networks.excitation)
            file.text = file.text.replacing(text, with: replacement, maxReplacements: 1)
            #expect(try #require(refusal(file), "\(replacement) was accepted").contains(expected), "\(replacement)")
        }
    }

    @Test("is refused when an enlargement is by nothing or by too much")
    func factors() throws {
        for (factor, expected) in [
            ("[0]", "outside 1 to 8"), ("[-2]", "outside 1 to 8"), ("[9]", "outside 1 to 8"),
            ("[1e15]", "outside 1 to 8"), ("2", "needs 1 numbers"), ("[1.5]", "outside 1 to 8"),
        ] {
            var file = GraphFile(Networks.enlargement)
            file.text = file.text.replacing("\"factor\":[2]", with: "\"factor\":\(factor)")
            #expect(try #require(refusal(file), "\(factor) was accepted").contains(expected), "\(factor)")
        }
    }

    @Test("that enlarges again and again is refused before a size overflows")
    func growth() throws {
        var graph = Networks.enlargement
        let count = 60
        graph.tensors = (0...count).map { .init(name: "t\($0)", channels: 3) }
        graph.layers = (0..<count).map { .init(name: "l\($0)", kind: .resize, input: $0, output: $0 + 1, factor: 8) }
        #expect(try #require(refusal(GraphFile(graph))).contains("sides up to 65536 are possible"))
    }

    @Test("whose border mirrors more than there is, or that pads one tensor in two ways, is refused")
    func borders() throws {
        var graph = Networks.wideWindow
        graph.layers[0].border = .reflect
        graph.layers[0].kernel = .init(height: 15, width: 15)
        graph.layers[0].padding = .init(top: 7, left: 7, bottom: 7, right: 7)
        #expect(refusal(GraphFile(graph)) == nil)
        graph.layers[0].padding.top = 14
        graph.layers[0].stride = .init(height: 2, width: 1)
        let sizes = #expect(throws: EngineError.self) { try graph.sizes(for: .init(height: 14, width: 16)) }
        #expect(sizes?.description.contains("mirrors more pixels than there are") == true)
        graph = Networks.wideWindow
        graph.tensors.insert(.init(name: "middle", channels: 3), at: 1)
        graph.layers[0].output = 1
        var second = graph.layers[0]
        second.name = "second"
        second.border = .reflect
        second.output = 2
        graph.layers.append(second)
        #expect(try #require(refusal(GraphFile(graph))) == "its tensor 'photo' is padded in two ways")
    }

    @Test("that counts the values of more channels than is allowed is refused")
    func attention() throws {
        var graph = Networks.passes
        graph.tensors = [3].map { .init(name: "t\($0)", channels: $0) }
        graph.layers = []
        for index in 0..<6 {
            graph.layers.append(
                .init(name: "l\(index)", kind: index == 0 ? .convolution : .attention, input: index, output: index + 1))
            graph.tensors.append(.init(name: "wide\(index)", channels: 4096))
        }
        graph.layers.append(.init(name: "head", kind: .convolution, input: 6, output: 7))
        graph.tensors.append(.init(name: "anime", channels: 3))
        #expect(try #require(refusal(GraphFile(graph))).contains("at most 16384 are allowed"))
    }

    @Test(
        "in which one tensor is both counted and normalized, or the photo is normalized, paints the same in all strips")
    func statistics() throws {
        var shared = Networks.passes
        shared.layers[4].input = 1
        var photo = Networks.passes
        photo.tensors = ["photo", "anime"].map { .init(name: $0, channels: 3) }
        photo.layers = [.init(name: "only", kind: .pointwise, input: 0, output: 1, normalization: .instance)]
        for graph in [shared, photo, Networks.excitation] {
            let samples = noise(width: 16, height: 16, seed: 3)
            try withFile(GraphFile(graph).bytes) { path in
                let model = try ModelFile(path: path)
                let pictures = try [1, 5, 16].map { strip in
                    let plan = try Plan(graph: graph, picture: .init(height: 16, width: 16), stripRows: strip)
                    return try Executor(model: model, plan: plan).outputs(of: samples)
                }
                #expect(pictures[0] == pictures[1] && pictures[1] == pictures[2])
                #expect(pictures[0].values.allSatisfy { Set($0).count > 1 })
            }
        }
    }

    @Test("is refused in one line, whatever its names hold")
    func names() throws {
        var file = GraphFile(Networks.passes)
        file.text = file.text.replacing(
            "\"name\":\"stem\"", with: "\"name\":\"a\\nb\\u001b\(String(repeating: "x", count: 9000))\"")
        let reason = try #require(refusal(file))
        #expect(reason.count <= 600 && !reason.unicodeScalars.contains { $0.value < 0x20 })
    }
}
