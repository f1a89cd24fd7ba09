import CKernels

/// A softmax over all pixels per channel, then each pixel's share of its sum over the channels.
///
/// `@unchecked Sendable`: as for ``ConvolutionParameters``.
struct AttentionLayer: LayerKind, @unchecked Sendable {
    static func check(_ layer: Graph.Layer, in graph: Graph, written: [Bool]) throws(Graph.Failure) {
        let counted = graph.layers.filter { $0.kind == .attention }.reduce(0) { $0 + graph.tensors[$1.input].channels }
        guard counted <= Graph.Limits.attentionChannels else {
            throw Graph.Failure(
                "its attention layers have \(counted) channels together; at most "
                    + "\(Graph.Limits.attentionChannels) are allowed")
        }
    }

    static func statistics(of layer: Graph.Layer) -> [TensorStatistics.Need] {
        [.init(tensor: layer.input, kinds: .counts)]
    }

    /// The exponential of the real number that q stands for, at q + 128.
    fileprivate let powers: UnsafeBufferPointer<Float>
    fileprivate let scale: UnsafeBufferPointer<Float>
    fileprivate let zeroPoint: UnsafeBufferPointer<Float>
    fileprivate let epsilon: Float

    init(_ layer: Graph.Layer, from reader: ParameterReader) throws(SafeTensors.Failure) {
        let name = layer.name
        let entries = roundUp(reader.graph.tensors[layer.input].channels, to: 16)
        epsilon = try reader.boundedFloats("\(name).constants", 16)[1]
        powers = try reader.boundedFloats("\(name).powers", 256)
        guard epsilon > 0, powers.allSatisfy({ $0 >= .leastNormalMagnitude }) else {
            // The inverse of the sum of powers must be finite.
            throw .init("the epsilon or a power of '\(name)' is not above 0, or too small for float32")
        }
        scale = try reader.boundedFloats("\(name).scale", entries)
        zeroPoint = try reader.boundedFloats("\(name).offset", entries)
    }

    func prepared(_ layer: Graph.Layer, in place: LayerPlace) -> PreparedLayer {
        PreparedAttention(layer, self, in: place)
    }
}

private final class PreparedAttention: PreparedLayer, @unchecked Sendable {
    private let arguments: ck_attention
    /// The powers in the order of stored bytes.
    private let powers: UnsafeMutableBufferPointer<Float>
    /// Per channel, one divided by the sum of the powers of all pixels.
    private let gain: UnsafeMutableBufferPointer<Float>

    init(_ layer: Graph.Layer, _ parameters: AttentionLayer, in place: LayerPlace) {
        let channels = place.graph.tensors[layer.input].channels
        powers = .allocate(capacity: 256)
        gain = .allocate(capacity: roundUp(channels, to: 16))
        for byte in 0..<256 {
            let at = Int(Int8(bitPattern: UInt8(byte) ^ place.flip)) + 128
            powers.initializeElement(at: byte, to: parameters.powers[at])
        }
        gain.initialize(repeating: 0)
        arguments = ck_attention(
            powers: powers.baseAddress, gain: gain.baseAddress, scale: parameters.scale.baseAddress,
            zero_point: parameters.zeroPoint.baseAddress, epsilon: parameters.epsilon, channels: Int32(channels),
            flip: place.flip)
        super.init(layer, in: place)
    }

    deinit {
        powers.deallocate()
        gain.deallocate()
    }

    override func begin(_ statistics: [TensorStatistics?]) {
        guard let counts = statistics[layer.input], let powers = arguments.powers else { return }
        for channel in 0..<input.channels { gain[channel] = Float(1 / max(counts.sum(channel, of: powers), 1e-300)) }
    }

    override func makeRow(position: Int, group: Int, columns: Range<Int>, kernels: ck_kernels) {
        var attention = arguments
        ck_attend(
            &attention, input.row(position), output.row(position), Int32(columns.lowerBound), Int32(columns.upperBound))
    }
}
