/// One layer of the engine, still in float32.
package struct Layer: Sendable {
    package enum Kind: Equatable, Sendable {
        case convolution
        case depthwise
        case pointwise(Pointwise)
        case resize(Resize)
        /// Softmax of every channel over all pixels; then every pixel is divided by epsilon plus the sum of its channels.
        case attention(epsilon: Float)
        case function(Function)
        /// The mean of each channel over all pixels.
        case globalAverage
        /// Every channel times the mean that it has in another tensor.
        case channelScale(factors: Int)
        /// The largest value of each channel in the window.
        case maxPool

        /// Whether it sums up products of weights.
        package var isProducts: Bool { self == .convolution || self == .depthwise }

        /// Whether its result means what its input means, so that it cannot be limited.
        package var keepsQuantization: Bool {
            switch self {
            case .resize, .maxPool: true
            case .convolution, .depthwise, .pointwise, .attention, .function, .globalAverage, .channelScale: false
            }
        }
    }

    package var name: String
    package var kind: Kind
    /// Indices of tensors.
    package var input: Int
    package var output: Int
    /// A tensor of the output's shape that is added to the result.
    package var residual: Int?
    package var window: Window
    /// 1, or r for a convolution whose r x r x C channels, ordered [block row][block column][channel], become blocks of
    /// r x r pixels of C channels.
    package var rowGroups: Int
    /// Convolution: [output channel][row][column][input channel]; depthwise: [row][column][channel].
    package var weights: [Float]
    /// One per output channel; zeros for a layer without products.
    package var bias: [Float]
    /// What the result is limited to, after the residual was added.
    package var clip: ClosedRange<Float>?

    package init(
        name: String, kind: Kind, input: Int, output: Int, residual: Int? = nil, window: Window, rowGroups: Int = 1,
        weights: [Float], bias: [Float], clip: ClosedRange<Float>? = nil
    ) {
        self.name = name
        self.kind = kind
        self.input = input
        self.output = output
        self.residual = residual
        self.window = window
        self.rowGroups = rowGroups
        self.weights = weights
        self.bias = bias
        self.clip = clip
    }

    /// Output channels of the convolution itself, before they become blocks of pixels.
    package var channels: Int { bias.count }
    /// Channels of the tensor that the layer makes.
    package var outputChannels: Int { bias.count / (rowGroups * rowGroups) }
    /// The length of what one output channel sums up.
    package var depth: Int { weights.count / bias.count }

    /// The layer's result before clipping, and before its channels become blocks of pixels, without the residual.
    package func convolve(_ input: FloatMap) -> FloatMap {
        kind == .depthwise
            ? input.convolvedDepthwise(window: window, weights: weights, bias: bias)
            : input.convolved(window: window, weights: weights, bias: bias)
    }
}

/// A network of the engine's layers, still in float32.
package struct LayerGraph: Sendable {
    package struct Tensor: Sendable {
        package var name: String
        package var channels: Int
        /// Whether it leaves the network as the sums of a convolution, which are float32 numbers in place of 8-bit ones.
        package var isReal = false
    }

    package struct Output: Sendable {
        package var name: String
        package var tensor: Int
    }

    package var name: String
    /// The first is the picture.
    package var tensors: [Tensor]
    /// In the order of execution; every tensor but the first is made by one layer.
    package var layers: [Layer]
    package var outputs: [Output]
    /// Whether the first output is a picture.
    package var paints: Bool
    package var sideMultiple: Int

    /// Whether `tensor` is the picture that the network makes.
    func isPicture(_ tensor: Int) -> Bool { paints && outputs[0].tensor == tensor }

    /// Whether the engine knows without being told what comes out: one picture, the last tensor.
    var hasPlainOutput: Bool { paints && outputs.count == 1 && outputs[0].tensor == tensors.count - 1 }

    /// The index of the last layer that reads each tensor, -1 for none.
    func lastUses() -> [Int] {
        var last = [Int](repeating: -1, count: tensors.count)
        for (index, layer) in layers.enumerated() {
            last[layer.input] = index
            for tensor in layer.others { last[tensor] = index }
        }
        for output in outputs { last[output.tensor] = layers.count }
        return last
    }

    /// For every tensor, whether a layer pads it with zeros.
    func paddedTensors() -> [Bool] {
        var padded = [Bool](repeating: false, count: tensors.count)
        for layer in layers where layer.window.border == .zero && !layer.window.padding.isNone {
            padded[layer.input] = true
        }
        return padded
    }

    /// Runs the layers in float32 and returns the first output.
    package func run(_ picture: FloatMap) throws(ImportError) -> FloatMap { try results(of: picture)[0] }

    /// Runs the layers in float32 and returns all outputs.
    package func results(of picture: FloatMap) throws(ImportError) -> [FloatMap] {
        try MatrixProduct.prepare()
        var maps = [FloatMap?](repeating: nil, count: tensors.count)
        maps[0] = picture
        let lastUses = lastUses()
        for (index, layer) in layers.enumerated() {
            guard let input = maps[layer.input] else { throw ImportError("layer '\(layer.name)' has no input") }
            var result: FloatMap
            if layer.kind.isProducts {
                result = layer.convolve(input)
                if layer.rowGroups > 1 { result = result.depthToSpace(layer.rowGroups, order: .depthColumnRow) }
                if let residual = layer.residual, let map = maps[residual] { result.add(map) }
            } else {
                result = layer.pass(over: input) { maps[$0] }
            }
            if let clip = layer.clip { result.clip(to: clip) }
            maps[layer.output] = result
            for tensor in [layer.input] + layer.others where lastUses[tensor] == index { maps[tensor] = nil }
        }
        let results = outputs.compactMap { maps[$0.tensor] }
        guard results.count == outputs.count else { throw ImportError("the network makes no result") }
        return results
    }
}
