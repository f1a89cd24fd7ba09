import ModelTools

/// Writes float graphs node by node, with seeded weights.
struct GraphBuilding {
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

    /// A small generator with everything that is no convolution: mirrored borders, three kinds of normalization,
    /// LeakyReLU, additions, attention, an enlargement, tanh.
    static func generator(_ coordinates: Resize.Coordinates = .asymmetric, seed: UInt64 = 5) -> FloatGraph {
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
        up = build.add(.function(.tanh), [up])
        return build.graph(output: up)
    }
}
