import CKernels

/// Per channel a factor and an offset, which may come from statistics of whole tensors, then a LeakyReLU; and an addition
/// before or after that.
///
/// `@unchecked Sendable`: as for ``ConvolutionParameters``.
struct PointwiseLayer: LayerKind, @unchecked Sendable {
    static let keys = ["normalization", "reference", "residual_order"]
    static let takesResidual = true

    private enum ResidualOrder: String { case first, last }
    private enum NormalizationName: String { case none, layer, instance, adaptive }

    static func read(_ text: LayerText, into layer: inout Graph.Layer) throws(Graph.Failure) {
        layer.residualFirst = try text.choice("residual_order", ResidualOrder.last) == .first
        switch try text.choice("normalization", NormalizationName.none) {
        case .none: break
        case .layer: layer.normalization = .layer
        case .instance: layer.normalization = .instance
        case .adaptive: layer.normalization = .adaptive(reference: try text.tensor("reference"))
        }
    }

    static func check(_ layer: Graph.Layer, in graph: Graph, written: [Bool]) throws(Graph.Failure) {
        guard case .adaptive(let reference) = layer.normalization else { return }
        guard written[reference], reference != layer.output,
            graph.tensors[reference].channels == graph.tensors[layer.input].channels
        else { throw Graph.Failure("its layer '\(layer.name)' is normalized by a tensor that does not suit it") }
    }

    static func parameterCount(of layer: Graph.Layer, in graph: Graph) -> Int {
        layer.normalization == nil ? 0 : 2 * graph.tensors[layer.output].channels
    }

    static func statistics(of layer: Graph.Layer) -> [TensorStatistics.Need] {
        switch layer.normalization {
        case nil: []
        case .layer, .instance: [.init(tensor: layer.input, kinds: .moments)]
        case .adaptive(let reference):
            [.init(tensor: layer.input, kinds: .moments), .init(tensor: reference, kinds: .moments)]
        }
    }

    /// What the values of a tensor mean: in channel c, q stands for `scale[c]` * (q - `zero[c]`).
    struct Quantization {
        let scale: UnsafeBufferPointer<Float>
        let zero: UnsafeBufferPointer<Float>

        init(_ name: String, _ entries: Int, from reader: ParameterReader) throws(SafeTensors.Failure) {
            scale = try reader.boundedFloats("\(name)_scale", entries)
            zero = try reader.boundedFloats("\(name)_zero", entries)
        }
    }

    /// In units of the output: what the input, or the normalized input, is multiplied by.
    let scale: UnsafeBufferPointer<Float>
    let offset: UnsafeBufferPointer<Float>
    let post: UnsafeBufferPointer<Float>
    let residualScale: UnsafeBufferPointer<Float>?
    let slope: Float
    let epsilon: Float
    /// Of the input, for a layer that is normalized.
    let input: Quantization?
    /// Of the tensor that lends its mean and variance.
    let reference: Quantization?

    init(_ layer: Graph.Layer, from reader: ParameterReader) throws(SafeTensors.Failure) {
        let name = layer.name
        let entries = roundUp(reader.graph.tensors[layer.input].channels, to: 16)
        let constants = try reader.boundedFloats("\(name).constants", 16)
        slope = constants[0]
        epsilon = constants[1]
        guard (0...1).contains(slope) else { throw .init("the slope of '\(name)' lies outside 0 to 1") }
        guard epsilon >= 0 else { throw .init("the epsilon of '\(name)' is below 0") }
        scale = try reader.boundedFloats("\(name).scale", entries)
        offset = try reader.boundedFloats("\(name).offset", entries)
        post = try reader.boundedFloats("\(name).post", entries)
        residualScale = layer.residual == nil ? nil : try reader.boundedFloats("\(name).residual_scale", entries)
        input = layer.normalization == nil ? nil : try Quantization("\(name).input", entries, from: reader)
        if case .adaptive = layer.normalization {
            reference = try Quantization("\(name).reference", entries, from: reader)
        } else {
            reference = nil
        }
    }

    func prepared(_ layer: Graph.Layer, in place: LayerPlace) -> PreparedLayer {
        PreparedPointwise(layer, self, in: place)
    }
}
