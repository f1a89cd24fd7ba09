/// A network as it was imported: operations on float32 feature maps, in an order in which they can run.
package struct FloatGraph: Sendable {
    package struct Node: Sendable {
        package var name: String
        package var operation: Operation
        /// Indices of values, as many as the operation reads.
        package var inputs: [Int]
        package var output: Int

        package init(name: String, operation: Operation, inputs: [Int], output: Int) {
            self.name = name
            self.operation = operation
            self.inputs = inputs
            self.output = output
        }
    }

    /// What comes out, by the name that the file gives it.
    package struct Output: Sendable, Equatable {
        package var name: String
        /// The index of the value.
        package var value: Int

        package init(name: String, value: Int) {
            self.name = name
            self.value = value
        }
    }

    package var name: String
    /// The names of the values: the input picture and what the nodes make.
    package var values: [String]
    /// The value that is the picture, 3 channels in [-1, 1].
    package var input: Int
    /// At least one; that of a network that paints is the picture, 3 channels.
    package var outputs: [Output]
    package var nodes: [Node]
    /// The size of the picture that the file states, where it states one.
    /// Most networks take others, too.
    package var statedSize: FeatureShape?

    package init(name: String, values: [String], input: Int, outputs: [Output], nodes: [Node]) {
        self.name = name
        self.values = values
        self.input = input
        self.outputs = outputs
        self.nodes = nodes
    }

    /// A network with one output.
    package init(name: String, values: [String], input: Int, output: Int, nodes: [Node]) {
        self.init(
            name: name, values: values, input: input, outputs: [Output(name: values[output], value: output)],
            nodes: nodes)
    }
}

/// What a node does. A new operation needs a case here, its shape and its execution in `FloatGraph`, a reader in
/// `OnnxOperators`, and, to become 8-bit, a rule in `Lowering`.
package enum Operation: Sendable {
    /// Weights are [output channel][row][column][input channel].
    case convolution(Window, weights: [Float], bias: [Float], inputChannels: Int)
    /// Weights are [row][column][channel].
    case depthwise(Window, weights: [Float], bias: [Float])
    /// Every channel times a factor plus an offset (batch normalization, constants that are added or multiplied).
    case affine(factor: [Float], offset: [Float])
    case clip(ClosedRange<Float>)
    /// Negative values times `slope`.
    case leakyRelu(slope: Float)
    case function(Function)
    /// The largest value of each channel in a window.
    case maxPool(Window)
    case add
    /// The mean of each channel over all pixels: one pixel comes out.
    case globalAverage
    /// Two inputs, the second of one pixel, by which every pixel of the first is multiplied.
    case channelScale
    /// Channels of zeros before and after the input's.
    case padChannels(before: Int, after: Int)
    case normalize(Normalization)
    /// Two inputs x and z of one shape. Channel by channel over all pixels, x takes on the mean and the deviation of z:
    /// (x - mean(x)) / sqrt(variance(x) + epsilon) * sqrt(variance(z) + epsilon) + mean(z), with biased variances.
    case adaptiveNormalize(epsilon: Float)
    /// Softmax of every channel over all pixels; then every pixel is divided by epsilon plus the sum of its channels.
    case pixelAttention(epsilon: Float)
    case resize(Resize)
    case spaceToDepth(Int)
    case depthToSpace(Int, BlockOrder)
}

/// The largest sizes that a network may have.
package enum FloatLimits {
    /// Channels of one value.
    package static let channels = 4096
    /// Height and width of a convolution's window, its strides and its padding.
    package static let window = 15
    /// The side of the only picture that a network takes.
    package static let statedSide = 1024
    /// Elements of one feature map.
    package static let elements = 1 << 29
}
