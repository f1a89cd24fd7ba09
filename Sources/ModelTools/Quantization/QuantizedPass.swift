/// A layer without products with the numbers that the engine computes with.
package enum QuantizedPass: Sendable {
    case pointwise(QuantizedPointwise)
    case attention(QuantizedAttention)
    /// Per channel, the result for q at q + 128.
    case lookup([Int8])
    case resize(Resize)
    case maxPool(Window)
    case globalAverage(QuantizedAverage)
    case channelScale(QuantizedChannelScale)

    /// The output of `layer`, integer for integer as the engine makes it; `map` gives the other tensors.
    package func run(_ layer: Layer, over input: ByteMap, _ map: (Int) -> ByteMap?) -> ByteMap {
        switch self {
        case .pointwise(let pointwise):
            var reference: ByteMap?
            if case .pointwise(let geometry) = layer.kind { reference = geometry.reference.flatMap(map) }
            return pointwise.run(input, residual: layer.residual.flatMap(map), reference: reference)
        case .attention(let attention): return attention.run(input)
        case .lookup(let table):
            var output = input
            let channels = input.shape.channels
            for index in output.values.indices {
                output.values[index] = table[index % channels * 256 + Int(input.values[index]) + 128]
            }
            return output
        case .resize(let resize): return input.resized(resize)
        case .globalAverage(let average): return average.run(input)
        case .channelScale(let scale):
            guard case .channelScale(let index) = layer.kind, let factors = map(index) else { return input }
            return scale.run(input, factors: factors)
        case .maxPool(let window): return input.maxPooled(window, lowest: -128)
        }
    }
}

/// The numbers of a pointwise layer, see `ck_pointwise` in the kernels' header.
package struct QuantizedPointwise: Sendable {
    package var statistics: Pointwise.Statistics?
    package var scale: [Float]
    package var offset: [Float]
    package var post: [Float]
    /// Empty without a residual.
    package var residualScale: [Float]
    package var slope: Float
    package var residualFirst: Bool
    /// Of the input, if it is normalized.
    package var input: TensorQuantization?
    /// Of the tensor that lends its mean and deviation.
    package var reference: TensorQuantization?

    package var epsilon: Float {
        switch statistics {
        case nil: 0
        case .own(let normalization): normalization.epsilon
        case .adaptive(_, let epsilon): epsilon
        }
    }

    func run(_ map: ByteMap, residual: ByteMap?, reference other: ByteMap?) -> ByteMap {
        let (factor, offset) = factors(map, other)
        let channels = map.shape.channels
        var output = map
        for index in map.values.indices {
            let channel = index % channels
            var t = Float(map.values[index]) * factor[channel]
            t += offset[channel]
            let added = residual.map { Float($0.values[index]) * residualScale[channel] }
            if residualFirst, let added { t += added }
            let leaked = t * slope
            if !(t > leaked) { t = leaked }
            if !residualFirst, let added { t += added }
            output.values[index] = QuantizedLayer.saturate(t + post[channel])
        }
        return output
    }

    /// What values are multiplied by and what is added, which depends on the statistics of the whole tensor.
    private func factors(_ map: ByteMap, _ other: ByteMap?) -> (factor: [Float], offset: [Float]) {
        guard let statistics, let input else { return (scale, offset) }
        let moments = ByteMoments(map)
        // In the file they are float32.
        let steps = input.scale.map { Double(Float($0)) }
        let zeros = input.zeroPoint.map { Double(Float($0)) }
        let epsilon = Double(epsilon)
        var factors: [Float] = []
        var offsets: [Float] = []
        if case .own(let normalization) = statistics, normalization.scope == .layer {
            var sum = 0.0
            var squares = 0.0
            for channel in steps.indices {
                let mean = steps[channel] * (moments.mean[channel] - zeros[channel])
                sum += mean
                squares += steps[channel] * steps[channel] * moments.variance[channel] + mean * mean
            }
            let mean = sum / Double(steps.count)
            let deviation = (max(0, squares / Double(steps.count) - mean * mean) + epsilon).squareRoot()
            for channel in steps.indices {
                let unit = deviation > 0 ? Double(scale[channel]) / deviation : 0
                factors.append(Float(steps[channel] * unit))
                offsets.append(Float(-(steps[channel] * zeros[channel] + mean) * unit + Double(offset[channel])))
            }
            return (factors, offsets)
        }
        let lent = other.map { ByteMoments($0) }
        for channel in steps.indices {
            var deviation = 1.0
            var mean = 0.0
            if let lent, let reference {
                let step = Double(Float(reference.scale[channel]))
                deviation = (step * step * lent.variance[channel] + epsilon).squareRoot()
                mean = step * (lent.mean[channel] - Double(Float(reference.zeroPoint[channel])))
            }
            let own = (steps[channel] * steps[channel] * moments.variance[channel] + epsilon).squareRoot()
            let unit = Double(scale[channel])
            let factor = own > 0 ? steps[channel] / own * deviation * unit : 0
            factors.append(Float(factor))
            offsets.append(Float(mean * unit + Double(offset[channel]) - moments.mean[channel] * factor))
        }
        return (factors, offsets)
    }
}

/// The numbers of an attention layer.
package struct QuantizedAttention: Sendable {
    /// The exponential of the real number that q stands for, at q + 128.
    package var powers: [Float]
    package var scale: [Float]
    package var zeroPoint: [Float]
    package var epsilon: Float

    func run(_ map: ByteMap) -> ByteMap {
        let channels = map.shape.channels
        var counts = [Int](repeating: 0, count: 256 * channels)
        for (index, value) in map.values.enumerated() { counts[index % channels * 256 + Int(value) + 128] += 1 }
        let gain = (0..<channels).map { channel in
            var sum = 0.0
            for value in 0..<256 { sum += Double(counts[channel * 256 + value]) * Double(powers[value]) }
            return Float(1 / max(sum, 1e-300))
        }
        var output = map
        for start in stride(from: 0, to: map.values.count, by: channels) {
            let shares = (0..<channels).map { powers[Int(map.values[start + $0]) + 128] * gain[$0] }
            let sum = shares.reduce(epsilon) { $0 + $1 }
            for channel in 0..<channels {
                let value = shares[channel] / sum * scale[channel]
                output.values[start + channel] = QuantizedLayer.saturate(value + zeroPoint[channel])
            }
        }
        return output
    }
}

/// The numbers of a global average.
package struct QuantizedAverage: Sendable {
    package var scale: [Float]
    package var offset: [Float]

    func run(_ map: ByteMap) -> ByteMap {
        let means = ByteMoments(map).mean
        let values = means.indices.map { channel in
            let value = (Double(scale[channel]) * means[channel] + Double(offset[channel])).rounded(.toNearestOrEven)
            return Int8(min(max(value, -128), 127))
        }
        return ByteMap(shape: FeatureShape(height: 1, width: 1, channels: values.count), values: values)
    }
}

/// The numbers of a layer that multiplies channels.
package struct QuantizedChannelScale: Sendable {
    package var scale: [Float]
    package var inputZero: [Float]
    package var factorZero: [Float]
    package var post: [Float]

    func run(_ map: ByteMap, factors: ByteMap) -> ByteMap {
        let means = ByteMoments(factors).mean
        let factor = means.indices.map { Double(scale[$0]) * (means[$0] - Double(factorZero[$0])) }
        let offset = factor.indices.map { Float(-factor[$0] * Double(inputZero[$0])) }
        let channels = map.shape.channels
        var output = map
        for index in map.values.indices {
            let channel = index % channels
            var t = Float(map.values[index]) * Float(factor[channel])
            t += offset[channel]
            output.values[index] = QuantizedLayer.saturate(t + post[channel])
        }
        return output
    }
}

/// Means and variances of the integers of each channel.
private struct ByteMoments {
    let mean: [Double]
    let variance: [Double]

    init(_ map: ByteMap) {
        let channels = map.shape.channels
        let pixels = Double(map.shape.pixels)
        var sums = [Int](repeating: 0, count: channels)
        var squares = sums
        for (index, value) in map.values.enumerated() {
            sums[index % channels] += Int(value)
            squares[index % channels] += Int(value) * Int(value)
        }
        mean = sums.map { Double($0) / pixels }
        variance = zip(mean, squares).map { max(0, Double($1) / pixels - $0 * $0) }
    }
}

extension FeatureMap where Value == Int8 {
    /// Enlarged as the engine does it: in 128ths of the way between two rows, then between two columns.
    func resized(_ resize: Resize) -> ByteMap {
        let channels = shape.channels
        var output = ByteMap(
            shape: FeatureShape(
                height: shape.height * resize.factor, width: shape.width * resize.factor, channels: channels))
        let rows = resize.steps(shape.height)
        let columns = resize.steps(shape.width)
        var at = 0
        for row in rows {
            for column in columns {
                for channel in 0..<channels {
                    func value(_ y: Int, _ x: Int) -> Int { Int(values[(y * shape.width + x) * channels + channel]) }
                    let left =
                        value(row.first, column.first) * (128 - row.weight) + value(row.second, column.first)
                        * row.weight
                    let right =
                        value(row.first, column.second) * (128 - row.weight) + value(row.second, column.second)
                        * row.weight
                    output.values[at] = Int8((left * (128 - column.weight) + right * column.weight + 8192) >> 14)
                    at += 1
                }
            }
        }
        return output
    }
}

extension Resize {
    /// `taps` with weights in 128ths, worked out in integers.
    func steps(_ count: Int) -> [(first: Int, second: Int, weight: Int)] {
        let outputs = count * factor
        return (0..<outputs).map { index in
            guard mode == .bilinear else { return (index / factor, index / factor, 0) }
            let (numerator, denominator) =
                switch coordinates {
                case .asymmetric: (index, factor)
                case .alignCorners: (index * (count - 1), max(1, outputs - 1))
                case .halfPixel: (max(0, 2 * index + 1 - factor), 2 * factor)
                }
            let first = min(numerator / denominator, count - 1)
            guard first + 1 < count else { return (first, first, 0) }
            let rest = numerator - first * denominator
            return (first, first + 1, (256 * rest + denominator) / (2 * denominator))
        }
    }
}
