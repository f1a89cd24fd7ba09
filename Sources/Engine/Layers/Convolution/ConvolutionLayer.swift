import CKernels

/// A dense convolution, whose output channels may be blocks of pixels (row groups).
struct ConvolutionLayer: LayerKind {
    static let hasWindow = true
    static let takesResidual = true
    static let makesReals = true
    static let changesChannels = true

    static func check(_ layer: Graph.Layer, in graph: Graph, written: [Bool]) throws(Graph.Failure) {
        try graph.checkDepth(of: layer)
    }

    static func parameterCount(of layer: Graph.Layer, in graph: Graph) -> Int {
        let window = layer.kernel.height * layer.kernel.width
        return graph.groupChannels(of: layer) * layer.rowGroups * (window * graph.tensors[layer.input].channels + 1)
    }

    static func multiplyAccumulates(of layer: Graph.Layer, in graph: Graph, output: Graph.Extent) -> Int {
        let window = layer.kernel.height * layer.kernel.width
        return output.height * output.width * graph.tensors[layer.output].channels * window
            * graph.tensors[layer.input].channels
    }

    static func outputSize(of layer: Graph.Layer, positions: Graph.Extent) -> Graph.Extent {
        Graph.Extent(height: positions.height * layer.rowGroups, width: positions.width * layer.rowGroups)
    }

    private let parameters: ConvolutionParameters

    init(_ layer: Graph.Layer, from reader: ParameterReader) throws(SafeTensors.Failure) {
        let channels = reader.graph.groupChannels(of: layer)
        let segment = reader.graph.paddedSegment(of: layer)
        // The last block of output channels is 8 wide when 8 or fewer remain.
        parameters = try ConvolutionParameters(
            layer, from: reader, groupBytes: roundUp(channels, to: 8) * layer.kernel.height * segment
        ) { weights, sums in
            ck_survey_convolution(weights, Int32(channels), Int32(layer.kernel.height), Int32(segment), sums)
        }
        for group in 0..<layer.rowGroups {
            try checkPadding(layer, reader.graph, from: group * parameters.groupStride)
        }
    }

    /// A row of the window is rounded up to groups of four; what its last weights would see there are other pixels, or
    /// anything at all, so they have to be zero.
    private func checkPadding(_ layer: Graph.Layer, _ graph: Graph, from start: Int) throws(SafeTensors.Failure) {
        let channels = graph.groupChannels(of: layer)
        let segment = graph.paddedSegment(of: layer)
        let used = layer.kernel.width * graph.tensors[layer.input].channels % 4
        guard used > 0 else { return }
        for first in stride(from: 0, to: channels, by: 16) {
            let width = channels - first <= 8 ? 8 : 16
            let block = start + first * layer.kernel.height * segment
            for row in 1...layer.kernel.height {
                let lastGroup = block + (row * segment / 4 - 1) * width * 4
                for channel in 0..<width {
                    guard (used..<4).allSatisfy({ parameters.weights[lastGroup + channel * 4 + $0] == 0 }) else {
                        throw .init("a weight of '\(layer.name)' lies outside its window")
                    }
                }
            }
        }
    }

    func prepared(_ layer: Graph.Layer, in place: LayerPlace) -> PreparedLayer {
        PreparedConvolution(layer, parameters, in: place)
    }
}

private final class PreparedConvolution: PreparedLayer, @unchecked Sendable {
    private let arguments: ck_convolution
    private let biases: UnsafeMutableBufferPointer<Int32>
    private let makesReals: Bool
    private let window: LayerWindow
    private let groupStride: Int
    private let groupEntries: Int
    private let rowGroups: Int

    init(_ layer: Graph.Layer, _ parameters: ConvolutionParameters, in place: LayerPlace) {
        let channels = place.graph.tensors[layer.input].channels
        biases = parameters.biases(flip: place.flip)
        arguments = ck_convolution(
            weights: parameters.weights.baseAddress,
            bias: biases.isEmpty ? parameters.bias.baseAddress : UnsafePointer(biases.baseAddress),
            scale: parameters.scale.baseAddress, residual_scale: parameters.residualScale?.baseAddress,
            segments: Int32(layer.kernel.height), segment_bytes: Int32(place.graph.paddedSegment(of: layer)),
            pixel_step: Int32(layer.stride.width * channels),
            output_channels: Int32(place.graph.groupChannels(of: layer)), lane_products: parameters.laneProducts)
        makesReals = place.graph.tensors[layer.output].isReal
        window = LayerWindow(layer, channels: channels)
        groupStride = parameters.groupStride
        groupEntries = parameters.groupEntries
        rowGroups = layer.rowGroups
        super.init(layer, in: place)
    }

    deinit { biases.deallocate() }

    override func makeRow(position: Int, group: Int, columns: Range<Int>, kernels: ck_kernels) {
        withUnsafeTemporaryAllocation(of: UnsafePointer<UInt8>?.self, capacity: Graph.Limits.kernel) { runs in
            window.find(position, in: input, runs)
            let y = position * rowGroups + group
            let added = residual.map { UnsafePointer($0.row(y)) }
            var convolution = arguments
            convolution.weights += group * groupStride
            convolution.bias += group * groupEntries
            convolution.scale += group * groupEntries
            if added != nil { convolution.residual_scale += group * groupEntries }
            if makesReals {
                return kernels.convolve_sums(
                    &convolution, runs.baseAddress, output.reals(y), Int32(columns.lowerBound),
                    Int32(columns.upperBound))
            }
            kernels.convolve(
                &convolution, runs.baseAddress, added, output.row(y), Int32(columns.lowerBound),
                Int32(columns.upperBound))
        }
    }
}
