import CKernels

/// Every channel times the mean that it has in another tensor, which usually has one pixel: the end of a
/// squeeze-and-excitation block (Hu et al. 2018).
///
/// `@unchecked Sendable`: as for ``ConvolutionParameters``.
struct ChannelScaleLayer: LayerKind, @unchecked Sendable {
    static let keys = ["factors"]

    static func read(_ text: LayerText, into layer: inout Graph.Layer) throws(Graph.Failure) {
        layer.factors = try text.tensor("factors")
    }

    static func check(_ layer: Graph.Layer, in graph: Graph, written: [Bool]) throws(Graph.Failure) {
        guard let factors = layer.factors, written[factors], factors != layer.output,
            graph.tensors[factors].channels == graph.tensors[layer.input].channels
        else { throw Graph.Failure("its layer '\(layer.name)' is multiplied by a tensor that does not suit it") }
    }

    static func statistics(of layer: Graph.Layer) -> [TensorStatistics.Need] {
        layer.factors.map { [.init(tensor: $0, kinds: .moments)] } ?? []
    }

    /// What a product of two values is multiplied by, in units of the output.
    fileprivate let scale: UnsafeBufferPointer<Float>
    fileprivate let inputZero: UnsafeBufferPointer<Float>
    fileprivate let factorZero: UnsafeBufferPointer<Float>
    fileprivate let post: UnsafeBufferPointer<Float>

    init(_ layer: Graph.Layer, from reader: ParameterReader) throws(SafeTensors.Failure) {
        let entries = roundUp(reader.graph.tensors[layer.input].channels, to: 16)
        scale = try reader.boundedFloats("\(layer.name).scale", entries)
        inputZero = try reader.boundedFloats("\(layer.name).input_zero", entries)
        factorZero = try reader.boundedFloats("\(layer.name).factor_zero", entries)
        post = try reader.boundedFloats("\(layer.name).post", entries)
    }

    func prepared(_ layer: Graph.Layer, in place: LayerPlace) -> PreparedLayer {
        PreparedChannelScale(layer, self, in: place)
    }
}

private final class PreparedChannelScale: PreparedLayer, @unchecked Sendable {
    private let parameters: ChannelScaleLayer
    private let arguments: ck_pointwise
    /// Factors, then offsets.
    private let floats: UnsafeMutableBufferPointer<Float>
    private let entries: Int

    init(_ layer: Graph.Layer, _ parameters: ChannelScaleLayer, in place: LayerPlace) {
        let channels = place.graph.tensors[layer.input].channels
        self.parameters = parameters
        entries = roundUp(channels, to: 16)
        floats = .allocate(capacity: 2 * entries)
        floats.initialize(repeating: 0)
        let own = floats.baseAddress
        let entries = entries
        arguments = ck_pointwise(
            scale: own, offset: own.map { UnsafePointer($0 + entries) }, post: parameters.post.baseAddress,
            residual_scale: nil, slope: 1, residual_first: false, channels: Int32(channels))
        super.init(layer, in: place)
    }

    deinit { floats.deallocate() }

    override func begin(_ statistics: [TensorStatistics?]) {
        guard let index = layer.factors, let factors = statistics[index] else { return }
        for channel in 0..<input.channels {
            let value = factors.mean(channel) - Double(parameters.factorZero[channel])
            let factor = Double(parameters.scale[channel]) * value
            floats[channel] = Float(factor)
            floats[entries + channel] = Float(-factor * Double(parameters.inputZero[channel]))
        }
    }

    override func makeRow(position: Int, group: Int, columns: Range<Int>, kernels: ck_kernels) {
        var pass = arguments
        kernels.pointwise(
            &pass, input.row(position), nil, output.row(position), Int32(columns.lowerBound), Int32(columns.upperBound))
    }
}
