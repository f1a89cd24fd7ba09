import CKernels

/// A convolution of each channel by itself.
struct DepthwiseLayer: LayerKind {
    static let hasWindow = true
    static let takesResidual = true
    static let makesReals = true

    static func check(_ layer: Graph.Layer, in graph: Graph, written: [Bool]) throws(Graph.Failure) {
        try graph.checkDepth(of: layer)
    }

    static func parameterCount(of layer: Graph.Layer, in graph: Graph) -> Int {
        graph.tensors[layer.output].channels * (layer.kernel.height * layer.kernel.width + 1)
    }

    static func multiplyAccumulates(of layer: Graph.Layer, in graph: Graph, output: Graph.Extent) -> Int {
        output.height * output.width * graph.tensors[layer.output].channels * layer.kernel.height * layer.kernel.width
    }

    private let parameters: ConvolutionParameters

    init(_ layer: Graph.Layer, from reader: ParameterReader) throws(SafeTensors.Failure) {
        let channels = reader.graph.groupChannels(of: layer)
        let taps = layer.kernel.height * layer.kernel.width
        parameters = try ConvolutionParameters(
            layer, from: reader, groupBytes: roundUp(channels, to: 16) * taps
        ) { weights, sums in ck_survey_depthwise(weights, Int32(channels), Int32(taps), sums) }
    }

    func prepared(_ layer: Graph.Layer, in place: LayerPlace) -> PreparedLayer {
        PreparedDepthwise(layer, parameters, in: place)
    }
}

private final class PreparedDepthwise: PreparedLayer, @unchecked Sendable {
    private let arguments: ck_depthwise
    private let biases: UnsafeMutableBufferPointer<Int32>
    private let makesReals: Bool
    private let window: LayerWindow

    init(_ layer: Graph.Layer, _ parameters: ConvolutionParameters, in place: LayerPlace) {
        let channels = place.graph.tensors[layer.input].channels
        biases = parameters.biases(flip: place.flip)
        arguments = ck_depthwise(
            weights: parameters.weights.baseAddress,
            bias: biases.isEmpty ? parameters.bias.baseAddress : UnsafePointer(biases.baseAddress),
            scale: parameters.scale.baseAddress, residual_scale: parameters.residualScale?.baseAddress,
            kernel_height: Int32(layer.kernel.height), kernel_width: Int32(layer.kernel.width),
            stride: Int32(layer.stride.width), channels: Int32(channels))
        makesReals = place.graph.tensors[layer.output].isReal
        window = LayerWindow(layer, channels: channels)
        super.init(layer, in: place)
    }

    deinit { biases.deallocate() }

    override func makeRow(position: Int, group: Int, columns: Range<Int>, kernels: ck_kernels) {
        withUnsafeTemporaryAllocation(of: UnsafePointer<UInt8>?.self, capacity: Graph.Limits.kernel) { runs in
            window.find(position, in: input, runs)
            let added = residual.map { UnsafePointer($0.row(position)) }
            var depthwise = arguments
            if makesReals {
                return kernels.depthwise_sums(
                    &depthwise, runs.baseAddress, output.reals(position), Int32(columns.lowerBound),
                    Int32(columns.upperBound))
            }
            kernels.depthwise(
                &depthwise, runs.baseAddress, added, output.row(position), Int32(columns.lowerBound),
                Int32(columns.upperBound))
        }
    }
}
