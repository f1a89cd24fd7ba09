import Engine
import ModelTools
import Testing

/// Model files written as ONNX. That ONNX Runtime computes the same of them shows `scripts/check-onnx-agreement`.
@Suite struct OnnxExportTests {
    private let pictures = (1...3).map { testPicture(width: 48, height: 40, seed: $0) }
    private let description = ModelDescription(
        name: "tiny-m", style: "tiny", title: "Tiny: \"few\" lines", licence: "CC0, ask nobody")

    private func model(_ building: OnnxBuilding, input: InputConvention = InputConvention()) throws -> ModelFile {
        let network = try FloatNetwork(bytes: building.bytes, label: "net.onnx")
        let made = try network.quantized(on: pictures, as: description, input: input)
        return try withModelFile(made.file) { try ModelFile(path: $0, isCopied: true) }
    }

    private func exported(_ model: ModelFile) throws -> Onnx_ModelProto {
        try Onnx_ModelProto(serializedBytes: OnnxExport.write(model))
    }

    private func painted(_ picture: CalibrationPicture, _ model: ModelFile) throws -> [[Float]] {
        let plan = try Plan(
            graph: model.graph, picture: Graph.Extent(height: picture.height, width: picture.width))
        var outputs = [[Float]](repeating: [], count: model.graph.outputs.count)
        try Executor(model: model, plan: plan, instructionSet: .best, threads: 1).run(
            readRow: { y, row in for x in row.indices { row[x] = picture.rgb[y * row.count + x] } },
            writeNumbers: { output, _, row in for x in row.indices { outputs[output].append(row[x]) } })
        return outputs
    }

    /// A picture and seven fields, both at twice the picture's size.
    private func underpainter() -> OnnxBuilding {
        var building = OnnxBuilding(seed: 3)
        for (name, value) in [("zero", Float(0)), ("six", 6), ("minus", -1), ("one", 1)] {
            building.constant(name, [], [value])
        }
        building.convolution("photo", "stem", depth: 3, outputs: 12, kernel: 4, stride: 2, padding: 1)
        building.node("Clip", ["stem", "zero", "six"], "half")
        building.convolution("half", "colours", depth: 12, outputs: 48, kernel: 3, padding: 1)
        building.node("DepthToSpace", ["colours"], "paint", [.integer("blocksize", 4), .text("mode", "DCR")])
        building.node("Clip", ["paint", "minus", "one"], "picture")
        building.convolution("half", "places", depth: 12, outputs: 112, kernel: 1)
        building.node("DepthToSpace", ["places"], "maps", [.integer("blocksize", 4), .text("mode", "CRD")])
        building.node("Sigmoid", ["maps"], "fields")
        building.model.graph.output = [
            OnnxBuilding.picture("picture"), OnnxBuilding.picture("fields", channels: 7),
        ]
        return building
    }

    @Test("float32 RGB goes in through QuantizeLinear, and numbers come out through DequantizeLinear")
    func doors() throws {
        let graph = try exported(model(OnnxBuilding.student())).graph
        #expect(graph.input.map(\.name) == ["photo"] && graph.output.map(\.name) == ["head"])
        for port in graph.input + graph.output {
            #expect(port.type.tensorType.elemType == 1)
            #expect(port.type.tensorType.shape.dim.prefix(2).map(\.dimValue) == [1, 3])
            #expect(port.type.tensorType.shape.dim.suffix(2).allSatisfy { !$0.dimParam.isEmpty })
        }
        #expect(graph.node.prefix(3).map(\.opType) == ["Mul", "Sub", "QuantizeLinear"])
        #expect(graph.node.suffix(2).map(\.opType) == ["DequantizeLinear", "Add"])
        #expect(graph.node.last?.output == ["head"])
    }

    @Test("every convolution reads weights of 8 bits, and pads as the network does", arguments: [false, true])
    func convolutions(isFused: Bool) throws {
        let model = try model(OnnxBuilding.student())
        let graph = try Onnx_ModelProto(
            serializedBytes: OnnxExport.write(model, as: isFused ? .fused : .exact)
        ).graph
        let types = Dictionary(uniqueKeysWithValues: graph.initializer.map { ($0.name, $0.dataType) })
        let makers = Dictionary(uniqueKeysWithValues: graph.node.map { ($0.output[0], $0) })
        let convolutions = graph.node.filter { $0.opType == "Conv" }
        #expect(convolutions.count == model.graph.layers.count)
        for (node, layer) in zip(convolutions, model.graph.layers) {
            let weights = try #require(makers[node.input[1]])
            #expect(weights.opType == "DequantizeLinear" && types[weights.input[0]] == 3)
            let pads = node.attribute.first { $0.name == "pads" }?.ints
            let padding = layer.padding
            #expect(pads == [padding.top, padding.left, padding.bottom, padding.right].map { Int64($0) })
            // What is rounded at once can be fused.
            let next = graph.node.first { $0.input.contains(node.output[0]) }?.opType
            let zeros = model.zeroPoints[layer.input]
            let isPlain = padding.top == 0 || zeros.allSatisfy { $0 == zeros[0] }
            #expect(next == (isFused && layer.residual == nil && isPlain ? "QuantizeLinear" : "Mul"))
        }
    }

    @Test("nodes read only what stands before them, and every name is made once")
    func order() throws {
        for building in [OnnxBuilding.student(), underpainter()] {
            let graph = try exported(model(building)).graph
            var known = Set(graph.initializer.map(\.name) + graph.input.map(\.name))
            #expect(known.count == graph.initializer.count + 1)
            for node in graph.node {
                #expect(node.input.allSatisfy { $0.isEmpty || known.contains($0) }, "\(node.name)")
                #expect(known.insert(node.output[0]).inserted, "\(node.name)")
            }
            #expect(graph.output.allSatisfy { known.contains($0.name) })
        }
    }

    @Test("title, terms and style go with it")
    func metadata() throws {
        let file = try exported(model(OnnxBuilding.student()))
        let properties = Dictionary(uniqueKeysWithValues: file.metadataProps.map { ($0.key, $0.value) })
        #expect(properties["title"] == description.title && properties["licence"] == description.licence)
        #expect(properties["style"] == "tiny" && file.graph.name == "tiny-m")
        #expect(properties["side_multiple"] == "4" && properties["input_range"] == "-1.0..1.0")
    }

    @Test("a network of another range says so", arguments: [0...1, 0...4, -2...2] as [ClosedRange<Float>])
    func range(_ range: ClosedRange<Float>) throws {
        let file = try exported(model(OnnxBuilding.student(), input: InputConvention(range: range)))
        let stated = file.metadataProps.first { $0.key == "input_range" }?.value
        #expect(stated == "\(range.lowerBound)..\(range.upperBound)")
    }

    @Test("the same model gives the same bytes")
    func deterministic() throws {
        let model = try model(OnnxBuilding.student())
        #expect(try OnnxExport.write(model) == OnnxExport.write(model))
    }

    @Test("imported again it paints nearly the same picture, in float32 and in 8 bits", arguments: [false, true])
    func roundTrip(isFused: Bool) throws {
        let model = try model(OnnxBuilding.student())
        let again = try FloatNetwork(
            bytes: OnnxExport.write(model, as: isFused ? .fused : .exact), label: "again.onnx")
        #expect(again.sideMultiple == 4 && again.paintingScale == 1)
        let picture = testPicture(width: 44, height: 60, seed: 8)
        let wanted = FloatPicture(width: 44, height: 60, values: try painted(picture, model)[0])
        // In float32 nothing is rounded between layers.
        let float = try again.run(picture)
        let steps = zip(float.values, wanted.values).map { abs($0 - $1) * 127.5 }
        #expect(steps.reduce(0, +) / Float(steps.count) < 1.5)
        let second = try again.quantized(on: pictures, as: description).run(picture)
        #expect(try PictureQuality(of: second, against: wanted).psnr > 36)
    }

    @Test("several outputs at twice the picture's size keep their names, channels and sizes")
    func severalOutputs() throws {
        let model = try model(underpainter())
        let graph = try exported(model).graph
        #expect(graph.output.map(\.name) == ["picture", "fields"])
        #expect(graph.output.map { $0.type.tensorType.shape.dim[1].dimValue } == [3, 7])
        let types = graph.node.map(\.opType)
        #expect(types.count { $0 == "DepthToSpace" } == 2 && types.contains("Gather"))
        // The sigmoid is a table, so its scores are told by their bytes: from 0 to 1.
        let last = try #require(graph.node.last { $0.output == ["fields"] })
        #expect(last.opType == "DequantizeLinear")
    }

    @Test("what has no 8-bit operator is refused in one sentence")
    func refusals() throws {
        let graph = GraphBuilding.generator()
        let lowered = try Lowering.lower(graph, sideMultiple: graph.sideMultiple())
        let network = try Quantizer.quantize(lowered, pictures: pictures, options: QuantizationOptions()) { _, _, _ in }
            .network
        let model = try withModelFile(ModelFileWriter.write(network, description)) {
            try ModelFile(path: $0, isCopied: true)
        }
        let error = #expect(throws: ImportError.self) { try OnnxExport.write(model) }
        #expect(error?.description.hasPrefix("tiny-m cannot be written as ONNX: its layer '") == true)
        #expect(error?.description.contains("is a normalization, and no 8-bit operator is") == true)
    }

    @Test("weights come out of the kernels' order as they went in")
    func unpacking() throws {
        for (outputs, inputs, groups, kind) in [
            (20, 3, 1, Graph.Kind.convolution), (25, 5, 1, .convolution), (12, 4, 2, .convolution),
            (5, 5, 1, .depthwise), (33, 33, 1, .depthwise),
        ] {
            let isDepthwise = kind == .depthwise
            let window = Window(height: 3, width: 2)
            let count = outputs * window.taps * (isDepthwise ? 1 : inputs)
            var layer = Layer(
                name: "layer", kind: isDepthwise ? .depthwise : .convolution, input: 0, output: 1, window: window,
                rowGroups: groups, weights: [Float](repeating: 0, count: count),
                bias: [Float](repeating: 0, count: outputs))
            layer.window = window
            let quantized = QuantizedLayer(
                layer: layer, weights: (0..<count).map { Int8($0 % 251 - 125) },
                bias: (0..<outputs).map { Int32($0) }, scale: [], residualScale: [], padding: [])
            let stated = Graph.Layer(
                name: "layer", kind: kind, input: 0, output: 1, kernel: Graph.Extent(height: 3, width: 2),
                rowGroups: groups)
            let graph = Graph(
                name: "", style: "", title: "", licence: "", sideMultiple: 1,
                tensors: [
                    .init(name: "a", channels: inputs), .init(name: "b", channels: outputs / (groups * groups)),
                ], layers: [stated])
            let packed = WeightPacking.pack(quantized).map { Int8(bitPattern: $0) }
            let made =
                isDepthwise
                ? WeightUnpacking.depthwise(packed, stated, in: graph)
                : WeightUnpacking.convolution(packed, stated, in: graph)
            #expect(made == quantized.weights, "\(outputs) of \(inputs)")
            let biases = WeightPacking.perGroup(quantized, quantized.bias)
            #expect(WeightUnpacking.perGroup(biases, stated, in: graph) == quantized.bias)
        }
    }
}
