/// The parameters of a pointwise layer.
///
/// `@unchecked Sendable`: as for ``ProductParameters``.
struct PointwiseParameters: @unchecked Sendable {
    /// What the values of a tensor mean: in channel c, q stands for `scale[c]` * (q - `zero[c]`).
    struct Quantization {
        let scale: UnsafeBufferPointer<Float>
        let zero: UnsafeBufferPointer<Float>
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
}

/// The parameters of an attention layer.
///
/// `@unchecked Sendable`: as for ``ProductParameters``.
struct AttentionParameters: @unchecked Sendable {
    /// The exponential of the real number that q stands for, at q + 128.
    let powers: UnsafeBufferPointer<Float>
    let scale: UnsafeBufferPointer<Float>
    let zeroPoint: UnsafeBufferPointer<Float>
    let epsilon: Float
}

/// The parameters of a lookup layer.
///
/// `@unchecked Sendable`: as for ``ProductParameters``.
struct LookupParameters: @unchecked Sendable {
    /// Per channel, the result for q at q + 128.
    let table: UnsafeBufferPointer<Int8>
}

extension LayerParameters.Reader {
    func pointwise(of layer: Graph.Layer) throws(Failure) -> PointwiseParameters {
        let entries = roundUp(graph.tensors[layer.input].channels, to: 16)
        let constants = try constants(of: layer)
        guard (0...1).contains(constants.slope) else {
            throw Failure("the slope of '\(layer.name)' lies outside 0 to 1")
        }
        var reference: PointwiseParameters.Quantization?
        if case .adaptive = layer.normalization {
            reference = try quantization("\(layer.name).reference", entries)
        }
        guard constants.epsilon >= 0 else { throw Failure("the epsilon of '\(layer.name)' is below 0") }
        return PointwiseParameters(
            scale: try floats("\(layer.name).scale", entries), offset: try floats("\(layer.name).offset", entries),
            post: try floats("\(layer.name).post", entries),
            residualScale: layer.residual == nil ? nil : try floats("\(layer.name).residual_scale", entries),
            slope: constants.slope, epsilon: constants.epsilon,
            input: layer.normalization == nil ? nil : try quantization("\(layer.name).input", entries),
            reference: reference)
    }

    func attention(of layer: Graph.Layer) throws(Failure) -> AttentionParameters {
        let entries = roundUp(graph.tensors[layer.input].channels, to: 16)
        let epsilon = try constants(of: layer).epsilon
        let powers = try floats("\(layer.name).powers", 256)
        guard epsilon > 0, powers.allSatisfy({ $0 >= .leastNormalMagnitude }) else {
            // The inverse of the sum of powers must be finite.
            throw Failure("the epsilon or a power of '\(layer.name)' is not above 0, or too small for float32")
        }
        return AttentionParameters(
            powers: powers, scale: try floats("\(layer.name).scale", entries),
            zeroPoint: try floats("\(layer.name).offset", entries), epsilon: epsilon)
    }

    func lookup(of layer: Graph.Layer) throws(Failure) -> LookupParameters {
        let count = 256 * graph.tensors[layer.input].channels
        return LookupParameters(table: try tensor("\(layer.name).table", .int8, count).assumingInt8)
    }

    private func quantization(_ name: String, _ entries: Int) throws(Failure) -> PointwiseParameters.Quantization {
        PointwiseParameters.Quantization(
            scale: try floats("\(name)_scale", entries), zero: try floats("\(name)_zero", entries))
    }

    private func constants(of layer: Graph.Layer) throws(Failure) -> (slope: Float, epsilon: Float) {
        let constants = try floats("\(layer.name).constants", 16)
        return (constants[0], constants[1])
    }

    /// Numbers whose products and sums stay finite.
    private func floats(_ name: String, _ count: Int) throws(Failure) -> UnsafeBufferPointer<Float> {
        let floats = try tensor(name, .float32, count).bindMemory(to: Float.self)
        guard floats.allSatisfy({ $0.magnitude <= 1e9 }) else {
            throw Failure("its tensor '\(name)' holds a number beyond 10^9")
        }
        return floats
    }
}
