extension Graph {
    /// What a layer computes.
    public enum Kind: String, Sendable, CaseIterable {
        case convolution
        case depthwise
        /// Per channel a factor and an offset, which may come from statistics of whole tensors, then a LeakyReLU.
        case pointwise
        /// Enlargement between neighbouring pixels.
        case resize
        /// The largest value of each channel in a window.
        case maxPool = "max_pool"
        /// The mean of each channel over all pixels.
        case globalAverage = "global_average"
        /// Every channel times the mean that it has in another tensor, usually of one pixel.
        case channelScale = "channel_scale"
        /// A softmax over all pixels per channel, then each pixel's share of its sum over the channels.
        case attention
        /// A table of 256 results per channel.
        case lookup

        /// All that the engine knows of the kind. A new kind is a folder beside this file, a case and a line here.
        var type: any LayerKind.Type {
            switch self {
            case .convolution: ConvolutionLayer.self
            case .depthwise: DepthwiseLayer.self
            case .pointwise: PointwiseLayer.self
            case .resize: ResizeLayer.self
            case .maxPool: MaxPoolLayer.self
            case .globalAverage: GlobalAverageLayer.self
            case .channelScale: ChannelScaleLayer.self
            case .attention: AttentionLayer.self
            case .lookup: LookupLayer.self
            }
        }
    }
}

/// All that the engine asks of a kind of layer: what it may look like in a graph, which rows it needs, how its parameters
/// are read from a model file, and how its rows are made.
///
/// What belongs to a kind stands in its folder; an instance is the parameters of one layer. Most requirements have an
/// answer here that suits a layer which reads one pixel, writes one, and keeps the number of channels.
protocol LayerKind: Sendable {
    // MARK: In a graph

    /// What only layers of this kind may state in a model file.
    static var keys: [String] { get }
    /// Whether it reads the rows of its input, and not only what is known of it as a whole.
    static var readsRows: Bool { get }
    /// Whether it sees more than one pixel, or moves by more than one.
    static var hasWindow: Bool { get }
    /// Whether it can add another tensor to its result.
    static var takesResidual: Bool { get }
    /// Whether it can make float32 numbers in place of bytes.
    static var makesReals: Bool { get }
    /// Whether the number of channels may be another one after it.
    static var changesChannels: Bool { get }
    /// Reads what only this kind has.
    static func read(_ text: LayerText, into layer: inout Graph.Layer) throws(Graph.Failure)
    /// Checks what only this kind has; `written` says which tensors there are before and by this layer.
    static func check(_ layer: Graph.Layer, in graph: Graph, written: [Bool]) throws(Graph.Failure)
    /// The numbers in a model file that were learned: weights (padding not counted) and biases.
    static func parameterCount(of layer: Graph.Layer, in graph: Graph) -> Int
    /// The multiply-accumulates for a result of the size `output`.
    static func multiplyAccumulates(of layer: Graph.Layer, in graph: Graph, output: Graph.Extent) -> Int

    // MARK: Rows

    /// The size of the result when there are so many window positions.
    static func outputSize(of layer: Graph.Layer, positions: Graph.Extent) -> Graph.Extent
    /// The tensors of which something must be known as a whole before the layer can begin.
    static func statistics(of layer: Graph.Layer) -> [TensorStatistics.Need]
    /// The first row of its input that the layer reads for any window position from `position` down.
    static func firstRow(of layer: Graph.Layer, from position: Int, _ sizes: [Graph.Extent]) -> Int
    /// How many window positions down can be finished with the first `ready` rows of the input, which are not all.
    static func positions(of layer: Graph.Layer, ready: Int, _ sizes: [Graph.Extent]) -> Int

    // MARK: Execution

    /// Reads and checks the layer's parameters.
    init(_ layer: Graph.Layer, from reader: ParameterReader) throws(SafeTensors.Failure)
    /// The layer made ready for pictures of one size.
    func prepared(_ layer: Graph.Layer, in place: LayerPlace) -> PreparedLayer
}

extension LayerKind {
    static var keys: [String] { [] }
    static var readsRows: Bool { true }
    static var hasWindow: Bool { false }
    static var takesResidual: Bool { false }
    static var makesReals: Bool { false }
    static var changesChannels: Bool { false }
    static func read(_ text: LayerText, into layer: inout Graph.Layer) throws(Graph.Failure) {}
    static func check(_ layer: Graph.Layer, in graph: Graph, written: [Bool]) throws(Graph.Failure) {}
    static func parameterCount(of layer: Graph.Layer, in graph: Graph) -> Int { 0 }
    static func multiplyAccumulates(of layer: Graph.Layer, in graph: Graph, output: Graph.Extent) -> Int { 0 }
    static func outputSize(of layer: Graph.Layer, positions: Graph.Extent) -> Graph.Extent { positions }
    static func statistics(of layer: Graph.Layer) -> [TensorStatistics.Need] { [] }

    static func firstRow(of layer: Graph.Layer, from position: Int, _ sizes: [Graph.Extent]) -> Int {
        var first = position * layer.stride.height - layer.padding.top
        // The last rows are seen again in the mirror below.
        if layer.border == .reflect { first = min(first, sizes[layer.input].height - 1 - layer.padding.bottom) }
        return max(0, first)
    }

    static func positions(of layer: Graph.Layer, ready: Int, _ sizes: [Graph.Extent]) -> Int {
        // The mirror above shows the rows from 1 to the padding.
        if layer.border == .reflect, ready <= layer.padding.top { return 0 }
        // The window of position y ends before row y * stride - top + kernel.
        let reach = ready + layer.padding.top - layer.kernel.height
        return reach < 0 ? 0 : reach / layer.stride.height + 1
    }
}
