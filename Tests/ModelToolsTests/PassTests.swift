import Engine
import Glibc
import ModelTools
import Testing

/// Networks whose normalizations need statistics of whole tensors, in 8 bits: the engine against the plain definition.
@Suite struct PassTests {
    /// A small generator with everything that is no convolution: mirrored borders, three kinds of normalization,
    /// LeakyReLU, additions, attention, an enlargement, tanh.
    private func generator(_ coordinates: Resize.Coordinates = .asymmetric, seed: UInt64 = 5) -> FloatGraph {
        var build = GraphBuilding(seed: seed)
        let stem = build.convolution(0, 3, 8, Window(height: 7, width: 7, padding: Padding(3), border: .reflect))
        let like = build.convolution(stem, 8, 8, .single)
        var skip = build.add(.adaptiveNormalize(epsilon: 1e-5), [stem, like])
        skip = build.add(.leakyRelu(slope: 0.2), [skip])
        let halving = Window(
            height: 3, width: 3, strideY: 2, strideX: 2, padding: Padding(top: 1, left: 1, bottom: 0, right: 0),
            border: .reflect)
        var deep = build.convolution(skip, 8, 20, halving)
        deep = build.normalize(deep, .layer, 20)
        deep = build.add(.leakyRelu(slope: 0.2), [deep])
        var wide = build.depthwise(
            deep, 20, Window(height: 3, width: 3, padding: Padding(1), border: .reflect))
        wide = build.normalize(wide, .instance, 20)
        wide = build.add(.add, [wide, deep])
        wide = build.add(.leakyRelu(slope: 0.1), [wide])
        var tokens = build.convolution(wide, 20, 24, .single)
        tokens = build.add(.pixelAttention(epsilon: 1e-9), [tokens])
        tokens = build.convolution(tokens, 24, 20, .single)
        tokens = build.add(.add, [tokens, wide])
        tokens = build.add(.leakyRelu(slope: 0.2), [tokens])
        var up = build.add(.resize(Resize(mode: .bilinear, coordinates: coordinates, factor: 2)), [tokens])
        up = build.convolution(up, 20, 8, Window(height: 3, width: 3, padding: Padding(1), border: .reflect))
        up = build.add(.leakyRelu(slope: 0.2), [up])
        up = build.add(.add, [up, skip])
        up = build.convolution(up, 8, 3, Window(height: 7, width: 7, padding: Padding(3), border: .reflect))
        up = build.add(.tanh, [up])
        return build.graph(output: up)
    }

    private var pictures: [CalibrationPicture] { (1...4).map { testPicture(width: 48, height: 40, seed: $0) } }

    private func quantized(_ graph: FloatGraph) throws -> (lowered: LayerGraph, network: QuantizedNetwork) {
        let lowered = try Lowering.lower(graph, sideMultiple: graph.sideMultiple())
        let network = try Quantizer.quantize(lowered, pictures: pictures, options: QuantizationOptions()) { _, _, _ in }
            .network
        return (lowered, network)
    }

    @Test("the engine's layers make in float32 what the network makes")
    func lowering() throws {
        let graph = generator()
        let picture = testPicture(width: 36, height: 28, seed: 9).featureMap
        let wanted = try graph.run(picture)
        let made = try Lowering.lower(graph, sideMultiple: 2).run(picture)
        let difference = zip(wanted.values, made.values).map { abs($0 - $1) }.max() ?? 1
        #expect(difference < 1e-5)
    }

    @Test(
        "every instruction set, any strips and any threads give the integers of the definition",
        arguments: [Resize.Coordinates.asymmetric, .alignCorners, .halfPixel])
    func engine(_ coordinates: Resize.Coordinates) throws {
        let (_, network) = try quantized(generator(coordinates))
        let description = ModelDescription(name: "passes", style: "test", title: "", licence: "none")
        let model = try withModelFile(ModelFileWriter.write(network, description)) { try ModelFile(path: $0) }
        for (width, height) in [(44, 60), (4, 4), (130, 18), (8, 6)] {
            let picture = testPicture(width: width, height: height, seed: UInt64(width))
            let wanted = try network.run(picture).rgb
            for set in InstructionSet.available {
                for (threads, strip) in [(1, 1), (1, 16), (3, 6), (2, 1000)] {
                    let plan = try Plan(
                        graph: model.graph, picture: Graph.Extent(height: height, width: width), stripRows: strip)
                    let executor = try Executor(
                        model: model, plan: plan, instructionSet: set, threads: threads)
                    // A second time, as nothing of the first may remain.
                    for _ in 1...2 {
                        let made = try paint(picture, with: executor)
                        #expect(
                            made == wanted, "\(set.name), \(threads) threads, strips of \(strip), \(width)x\(height)")
                    }
                }
            }
        }
    }

    @Test("8 bits stay close to float32 on a picture that was not used to calibrate")
    func quality() throws {
        let graph = generator()
        let (_, network) = try quantized(graph)
        let picture = testPicture(width: 44, height: 60, seed: 91)
        var real = try graph.run(picture.featureMap)
        real.clip(to: -1...1)
        let float = FloatPicture(width: 44, height: 60, values: real.values)
        #expect(try PictureQuality(of: network.run(picture), against: float).psnr > 36)
    }

    private func withModelFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) rethrows -> Result {
        let path = "/tmp/animesnap-passes-\(getpid())-\(UInt64.random(in: 0...UInt64.max)).safetensors"
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        defer { unlink(path) }
        return try body(path)
    }

    private func paint(_ picture: CalibrationPicture, with executor: Executor) throws -> [UInt8] {
        var result: [UInt8] = []
        let rowBytes = picture.width * 3
        try executor.run(
            readRow: { y, row in for x in row.indices { row[x] = picture.rgb[y * rowBytes + x] } },
            writeRow: { _, row in for x in row.indices { result.append(row[x]) } })
        return result
    }
}

/// Writes float graphs node by node, with seeded weights.
private struct GraphBuilding {
    private var numbers: Numbers
    private var values = ["photo"]
    private var nodes: [FloatGraph.Node] = []

    init(seed: UInt64) { numbers = Numbers(seed) }

    mutating func add(_ operation: ModelTools.Operation, _ inputs: [Int]) -> Int {
        let output = values.count
        values.append("value\(output)")
        nodes.append(.init(name: "node\(output)", operation: operation, inputs: inputs, output: output))
        return output
    }

    mutating func convolution(_ input: Int, _ inputs: Int, _ outputs: Int, _ window: Window) -> Int {
        let depth = window.taps * inputs
        let spread = 1.7 / Float(depth).squareRoot()
        return add(
            .convolution(
                window, weights: numbers.floats(outputs * depth, -spread...spread),
                bias: numbers.floats(outputs, -0.1...0.1), inputChannels: inputs), [input])
    }

    mutating func depthwise(_ input: Int, _ channels: Int, _ window: Window) -> Int {
        add(
            .depthwise(
                window, weights: numbers.floats(channels * window.taps, -0.5...0.5),
                bias: numbers.floats(channels, -0.1...0.1)), [input])
    }

    mutating func normalize(_ input: Int, _ scope: Normalization.Scope, _ channels: Int) -> Int {
        add(
            .normalize(
                Normalization(
                    scope: scope, factor: numbers.floats(channels, 0.5...1.5),
                    offset: numbers.floats(channels, -0.2...0.2), epsilon: 1e-5)), [input])
    }

    func graph(output: Int) -> FloatGraph {
        FloatGraph(name: "generator", values: values, input: 0, output: output, nodes: nodes)
    }
}
