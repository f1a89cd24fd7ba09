/// What a pointwise layer of the engine does: a normalization, an addition and a LeakyReLU, in the order that
/// ``residualFirst`` says.
package struct Pointwise: Equatable, Sendable {
    package enum Statistics: Equatable, Sendable {
        case own(Normalization)
        /// The mean and the deviation of the tensor `reference` take the place of the input's.
        case adaptive(reference: Int, epsilon: Float)
    }

    package var statistics: Statistics?
    /// What negative values are multiplied by, 0 to 1.
    package var slope: Float = 1
    /// Whether the residual is added before the LeakyReLU.
    package var residualFirst = false

    package init(statistics: Statistics? = nil, slope: Float = 1, residualFirst: Bool = false) {
        self.statistics = statistics
        self.slope = slope
        self.residualFirst = residualFirst
    }

    /// The tensor that lends its mean and deviation.
    package var reference: Int? {
        if case .adaptive(let reference, _) = statistics { reference } else { nil }
    }
}

extension Layer {
    /// A layer without products, which keeps the number of channels.
    init(name: String, pass: Kind, input: Int, output: Int, channels: Int, window: Window = .single) {
        self.init(
            name: name, kind: pass, input: input, output: output, window: window, weights: [],
            bias: [Float](repeating: 0, count: channels))
    }

    /// The tensors that it reads beside its input.
    package var others: [Int] {
        var others = [residual].compactMap { $0 }
        if case .pointwise(let pointwise) = kind, let reference = pointwise.reference { others.append(reference) }
        if case .channelScale(let factors) = kind { others.append(factors) }
        return others
    }

    /// The result of a layer without products, before clipping; `map` gives the other tensors.
    package func pass(over input: FloatMap, _ map: (Int) -> FloatMap?) -> FloatMap {
        var result = input
        switch kind {
        case .convolution, .depthwise: break
        case .resize(let resize): result = input.resized(resize)
        case .attention(let epsilon): result.applyPixelAttention(epsilon: epsilon)
        case .function(let function): result.apply(function)
        case .globalAverage: result = input.averaged()
        case .channelScale(let factors): map(factors).map { result.multiply(by: $0) }
        case .maxPool: result = input.maxPooled(window, lowest: -.infinity)
        case .pointwise(let pointwise):
            switch pointwise.statistics {
            case nil: break
            case .own(let normalization): result.normalize(normalization)
            case .adaptive(let reference, let epsilon):
                if let other = map(reference) { result.normalize(like: other, epsilon: epsilon) }
            }
            let added = residual.flatMap(map)
            if let added, pointwise.residualFirst { result.add(added) }
            if pointwise.slope != 1 { result.scaleNegatives(by: pointwise.slope) }
            if let added, !pointwise.residualFirst { result.add(added) }
        }
        return result
    }
}
