/// Turns the imported operations into the engine's layers: whatever can ride on a convolution does.
///
/// SpaceToDepth becomes a larger window and stride of the convolution after it; batch normalization and constant factors
/// become weights; DepthToSpace becomes row groups; Add becomes a residual, Clip a limit of the layer before it. What has
/// no convolution to ride on becomes a 1x1 depthwise layer.
package struct Lowering {
    /// A layer while the graph is lowered: its input, output and residual are values of the float graph.
    private var layers: [Layer] = []
    private let graph: FloatGraph
    private let shapes: [FeatureShape]
    private let paints: Bool
    /// For every value, how many nodes read it; being an output counts as one more.
    private let readers: [Int]
    /// For every value, the layer that makes it.
    private var maker: [Int: Int] = [:]
    /// Values that are SpaceToDepth of another one, which no layer makes until one must.
    private var blocks: [Int: (source: Int, block: Int)] = [:]

    private var weightCount = 0
    /// How many weights all layers may have together.
    private static let largestWeightCount = 1 << 25

    private init(_ graph: FloatGraph, sideMultiple: Int) throws(ImportError) {
        self.graph = graph
        paints = graph.paintingScale(sideMultiple: sideMultiple) != nil
        let side = sideMultiple == graph.statedSize?.height ? sideMultiple : 4 * sideMultiple
        shapes = try graph.shapes(height: side, width: side)
        var readers = [Int](repeating: 0, count: graph.values.count)
        for node in graph.nodes {
            for value in node.inputs { readers[value] += 1 }
        }
        for output in graph.outputs { readers[output.value] += 1 }
        self.readers = readers
    }

    /// Lowers `graph`, which takes sides that are multiples of `sideMultiple`. If it makes a picture, that is limited to
    /// [-1, 1]. Throws one sentence when the engine has no way to run an operation.
    package static func lower(_ graph: FloatGraph, sideMultiple: Int) throws(ImportError) -> LayerGraph {
        var lowering = try Lowering(graph, sideMultiple: sideMultiple)
        for node in graph.nodes { try lowering.lower(node) }
        return try lowering.finish(sideMultiple: sideMultiple)
    }

    private mutating func lower(_ node: FloatGraph.Node) throws(ImportError) {
        let input = node.inputs[0]
        switch node.operation {
        case .convolution(let window, let weights, let bias, _):
            let folded = blocks[input]
            guard folded == nil || window.border == .zero || window.padding.isNone else {
                throw ImportError("node '\(node.name)' mirrors a SpaceToDepth, which the engine has no way to run")
            }
            let layer = Layer(
                name: node.name, kind: .convolution, input: folded?.source ?? input, output: node.output, residual: nil,
                window: folded.map { Self.enlarge(window, by: $0.block) } ?? window, rowGroups: 1,
                weights: folded.map {
                    Self.reorder(
                        weights, window, outputs: bias.count, channels: shapes[$0.source].channels, by: $0.block)
                } ?? weights,
                bias: bias, clip: nil)
            try append(layer)
        case .depthwise(let window, let weights, let bias):
            try append(depthwise(node, window, weights, bias))
        case .affine(let factor, let offset):
            if let index = openMaker(of: input), layers[index].kind.isProducts {
                layers[index].scale(by: factor, adding: offset)
                rename(index, node.output)
            } else {
                try append(depthwise(node, .single, factor, offset))
            }
        case .clip(let range):
            let index: Int
            if let made = soleMaker(of: input), !layers[made].kind.keepsQuantization {
                index = made
            } else {
                index = try appendIdentity(node, input)
            }
            try clip(index, to: range, node)
            rename(index, node.output)
        case .add:
            try lowerAdd(node)
        case .spaceToDepth(let block):
            blocks[node.output] = (input, block)
        case .depthToSpace(let block, let order):
            try lowerDepthToSpace(node, block, order)
        case .leakyRelu(let slope):
            try lowerLeakyRelu(node, slope)
        case .normalize(let normalization):
            try appendPass(node, .pointwise(Pointwise(statistics: .own(normalization))))
        case .adaptiveNormalize(let epsilon):
            try appendPass(
                node, .pointwise(Pointwise(statistics: .adaptive(reference: node.inputs[1], epsilon: epsilon))))
        case .resize(let resize):
            try appendPass(node, .resize(resize))
        case .pixelAttention(let epsilon):
            try appendPass(node, .attention(epsilon: epsilon))
        case .function(let function):
            try appendPass(node, .function(function))
        case .globalAverage:
            try appendPass(node, .globalAverage)
        case .channelScale:
            guard blocks[node.inputs[1]] == nil else {
                throw ImportError("node '\(node.name)' reads a SpaceToDepth, which only a dense convolution can do")
            }
            try appendPass(node, .channelScale(factors: node.inputs[1]))
        case .padChannels(let before, _):
            try appendChannels(node, before)
        case .maxPool(let window):
            try appendPass(node, .maxPool, window)
        }
    }

    private mutating func append(_ layer: Layer) throws(ImportError) {
        guard blocks[layer.input] == nil else {
            throw ImportError("node '\(layer.name)' reads a SpaceToDepth, which only a dense convolution can do")
        }
        let window = layer.window
        guard max(window.height, window.width, window.strideY, window.strideX) <= FloatLimits.window else {
            throw ImportError(
                "node '\(layer.name)' becomes a window of \(window.height)x\(window.width), and at most "
                    + "\(FloatLimits.window)x\(FloatLimits.window) is supported")
        }
        weightCount += layer.weights.count
        guard weightCount <= Self.largestWeightCount else {
            throw ImportError(
                "node '\(layer.name)' brings the network to \(weightCount) weights, and at most "
                    + "\(Self.largestWeightCount) are supported")
        }
        maker[layer.output] = layers.count
        layers.append(layer)
    }

    private func depthwise(
        _ node: FloatGraph.Node, _ window: Window, _ weights: [Float], _ bias: [Float]
    ) -> Layer {
        Layer(
            name: node.name, kind: .depthwise, input: node.inputs[0], output: node.output, residual: nil,
            window: window,
            rowGroups: 1, weights: weights, bias: bias, clip: nil)
    }

    private mutating func appendPass(
        _ node: FloatGraph.Node, _ kind: Layer.Kind, _ window: Window = .single
    ) throws(ImportError) {
        let input = node.inputs[0]
        try append(
            Layer(
                name: node.name, pass: kind, input: input, output: node.output, channels: shapes[input].channels,
                window: window))
    }

    /// A 1x1 convolution that copies the channels and has zeros for others.
    private mutating func appendChannels(_ node: FloatGraph.Node, _ before: Int) throws(ImportError) {
        let inputs = shapes[node.inputs[0]].channels
        let outputs = shapes[node.output].channels
        var weights = [Float](repeating: 0, count: inputs * outputs)
        for channel in 0..<inputs { weights[(before + channel) * inputs + channel] = 1 }
        try append(
            Layer(
                name: node.name, kind: .convolution, input: node.inputs[0], output: node.output, window: .single,
                weights: weights, bias: [Float](repeating: 0, count: outputs)))
    }

    /// A LeakyReLU rides on the pointwise layer before it, and else is one.
    private mutating func lowerLeakyRelu(_ node: FloatGraph.Node, _ slope: Float) throws(ImportError) {
        guard (0...1).contains(slope) else {
            throw ImportError("node '\(node.name)' has a slope of \(slope), and 0 to 1 are supported")
        }
        if let index = soleMaker(of: node.inputs[0]), layers[index].clip == nil,
            case .pointwise(var pointwise) = layers[index].kind, pointwise.slope == 1
        {
            pointwise.slope = slope
            pointwise.residualFirst = layers[index].residual != nil
            layers[index].kind = .pointwise(pointwise)
            rename(index, node.output)
        } else {
            try appendPass(node, .pointwise(Pointwise(slope: slope)))
        }
    }

    /// Appends a 1x1 depthwise layer that copies `value`.
    private mutating func appendIdentity(_ node: FloatGraph.Node, _ value: Int) throws(ImportError) -> Int {
        let channels = shapes[value].channels
        let ones = [Float](repeating: 1, count: channels)
        let layer = Layer(
            name: node.name, kind: .depthwise, input: value, output: node.output, residual: nil, window: .single,
            rowGroups: 1, weights: ones, bias: [Float](repeating: 0, count: channels), clip: nil)
        try append(layer)
        return layers.count - 1
    }

    /// The layer that makes `value` for one reader alone.
    private func soleMaker(of value: Int) -> Int? {
        readers[value] == 1 ? maker[value] : nil
    }

    /// The layer that makes `value` for one reader alone and whose result can still be scaled.
    private func openMaker(of value: Int) -> Int? {
        guard let index = soleMaker(of: value), layers[index].residual == nil, layers[index].clip == nil else {
            return nil
        }
        return index
    }

    /// Lets layer `index` make `value` in place of what it made.
    private mutating func rename(_ index: Int, _ value: Int) {
        maker[layers[index].output] = nil
        layers[index].output = value
        maker[value] = index
    }

    private mutating func clip(_ index: Int, to range: ClosedRange<Float>, _ node: FloatGraph.Node) throws(ImportError)
    {
        guard let present = layers[index].clip else {
            layers[index].clip = range
            return
        }
        let lower = max(present.lowerBound, range.lowerBound)
        let upper = min(present.upperBound, range.upperBound)
        guard lower < upper else { throw ImportError("node '\(node.name)' clips everything to one number") }
        layers[index].clip = lower...upper
    }

    private mutating func lowerAdd(_ node: FloatGraph.Node) throws(ImportError) {
        let candidates = [(node.inputs[0], node.inputs[1]), (node.inputs[1], node.inputs[0])]
        // The layer that runs last takes the other value as its residual, which exists by then.
        let open = candidates.compactMap { value, other in openMaker(of: value).map { (layer: $0, other: other) } }
        let fitting = open.filter { candidate in
            (maker[candidate.other] ?? -1) < candidate.layer && blocks[candidate.other] == nil
                && layers[candidate.layer].takesResidual
        }
        if let best = fitting.max(by: { $0.layer < $1.layer }) {
            layers[best.layer].residual = best.other
            rename(best.layer, node.output)
            return
        }
        let index = try appendIdentity(node, node.inputs[0])
        guard blocks[node.inputs[1]] == nil else {
            throw ImportError("node '\(node.name)' reads a SpaceToDepth, which only a dense convolution can do")
        }
        layers[index].residual = node.inputs[1]
    }

    private mutating func lowerDepthToSpace(
        _ node: FloatGraph.Node, _ block: Int, _ order: BlockOrder
    ) throws(ImportError) {
        let input = node.inputs[0]
        let channels = shapes[node.output].channels
        let sources = order.sources(channels: channels, block: block)
        if let index = soleMaker(of: input), layers[index].kind == .convolution, layers[index].rowGroups == 1,
            layers[index].residual == nil
        {
            layers[index].selectChannels(sources)
            layers[index].rowGroups = block
            rename(index, node.output)
            return
        }
        let count = shapes[input].channels
        var identity = [Float](repeating: 0, count: count * count)
        for channel in 0..<count { identity[channel * count + channel] = 1 }
        var layer = Layer(
            name: node.name, kind: .convolution, input: input, output: node.output, residual: nil, window: .single,
            rowGroups: 1, weights: identity, bias: [Float](repeating: 0, count: count), clip: nil)
        layer.selectChannels(sources)
        layer.rowGroups = block
        try append(layer)
    }

    /// A tensor has one border in the engine's memory.
    private func checkBorders(_ tensors: [LayerGraph.Tensor]) throws(ImportError) {
        var borders: [Int: Border] = [:]
        for layer in layers where !layer.window.padding.isNone {
            guard
                borders.updateValue(layer.window.border, forKey: layer.input) ?? layer.window.border
                    == layer.window.border
            else {
                throw ImportError(
                    "'\(tensors[layer.input].name)' is padded in two ways, which the engine has no way to run")
            }
        }
    }

    private mutating func finish(sideMultiple: Int) throws(ImportError) -> LayerGraph {
        guard graph.outputs.allSatisfy({ maker[$0.value] != nil }) else {
            throw ImportError("the network's result is not made by a layer that the engine has")
        }
        let first = graph.outputs[0].value
        if paints, let last = maker[first] {
            guard readers[first] == 1 else {
                throw ImportError("the network's result '\(graph.values[first])' is also read inside the network")
            }
            try clip(last, to: -1...1, .init(name: graph.values[first], operation: .add, inputs: [], output: 0))
            guard layers[last].clip == -1...1 else {
                throw ImportError(
                    "the network's result is limited to less than [-1, 1], which the engine's pictures span")
            }
            // Without other outputs the picture is the last tensor, so the layer that makes it comes last.
            layers.append(layers.remove(at: last))
        }
        var index: [Int: Int] = [graph.input: 0]
        var names: Set<String> = [graph.values[graph.input]]
        var copies: [String: Int] = [:]
        var tensors = [LayerGraph.Tensor(name: graph.values[graph.input], channels: 3)]
        for position in layers.indices {
            let layer = layers[position]
            guard let input = index[layer.input] else {
                throw ImportError("layer '\(layer.name)' reads a value that the engine has no layer for")
            }
            layers[position].input = input
            if let residual = layer.residual {
                guard let known = index[residual] else {
                    throw ImportError("layer '\(layer.name)' adds a value that the engine has no layer for")
                }
                layers[position].residual = known
            }
            if case .pointwise(var pointwise) = layer.kind,
                case .adaptive(let value, let epsilon) = pointwise.statistics
            {
                guard let known = index[value] else {
                    throw ImportError("layer '\(layer.name)' is normalized by a value that the engine has no layer for")
                }
                pointwise.statistics = .adaptive(reference: known, epsilon: epsilon)
                layers[position].kind = .pointwise(pointwise)
            }
            if case .channelScale(let value) = layer.kind {
                guard let known = index[value] else {
                    throw ImportError("layer '\(layer.name)' is multiplied by a value that the engine has no layer for")
                }
                layers[position].kind = .channelScale(factors: known)
            }
            index[layer.output] = tensors.count
            layers[position].output = tensors.count
            guard (layer.weights + layer.bias).allSatisfy(\.isFinite) else {
                throw ImportError("layer '\(layer.name)' gets weights or offsets that float32 cannot hold")
            }
            // Names become names in the model file, where each may stand once.
            var name = layer.name
            while !names.insert(name).inserted {
                copies[layer.name, default: 1] += 1
                name = "\(layer.name)'\(copies[layer.name] ?? 1)"
            }
            layers[position].name = name
            tensors.append(LayerGraph.Tensor(name: name, channels: layer.outputChannels))
        }
        try checkBorders(tensors)
        for output in graph.outputs where readers[output.value] == 1 && !(paints && output.value == first) {
            guard let tensor = index[output.value], let layer = layers.first(where: { $0.output == tensor }) else {
                continue
            }
            tensors[tensor].isReal = layer.canMakeReals
        }
        let outputs = graph.outputs.compactMap { output in
            index[output.value].map { LayerGraph.Output(name: output.name, tensor: $0) }
        }
        return LayerGraph(
            name: graph.name, tensors: tensors, layers: layers, outputs: outputs, paints: paints,
            sideMultiple: sideMultiple)
    }
}
