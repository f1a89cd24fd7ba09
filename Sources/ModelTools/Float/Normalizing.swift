import Glibc

/// A normalization of a feature map: (x - mean) / sqrt(variance + epsilon) * factor + offset.
package struct Normalization: Equatable, Sendable {
    /// What a mean and a (biased) variance are taken over.
    package enum Scope: Hashable, Sendable {
        /// One of each over all pixels and channels: group normalization with one group.
        case layer
        /// One of each per channel, over all pixels.
        case instance
    }

    package var scope: Scope
    /// One per channel.
    package var factor: [Float]
    /// One per channel.
    package var offset: [Float]
    package var epsilon: Float

    package init(scope: Scope, factor: [Float], offset: [Float], epsilon: Float) {
        self.scope = scope
        self.factor = factor
        self.offset = offset
        self.epsilon = epsilon
    }
}

/// The mean and the biased variance of every channel of a feature map.
struct ChannelMoments {
    var mean: [Double]
    var variance: [Double]

    /// Differences from the mean are squared in a second pass, in double precision: a channel that is nearly constant
    /// keeps its small variance.
    init(_ map: FloatMap) {
        let channels = map.shape.channels
        let count = Double(max(1, map.shape.pixels))
        var mean = [Double](repeating: 0, count: channels)
        var variance = mean
        map.values.withUnsafeBufferPointer { values in
            for at in stride(from: 0, to: values.count, by: channels) {
                for channel in 0..<channels { mean[channel] += Double(values[at + channel]) }
            }
            for channel in 0..<channels { mean[channel] /= count }
            for at in stride(from: 0, to: values.count, by: channels) {
                for channel in 0..<channels {
                    let difference = Double(values[at + channel]) - mean[channel]
                    variance[channel] += difference * difference
                }
            }
        }
        self.mean = mean
        self.variance = variance.map { $0 / count }
    }

    /// The same for all channels together, given to each of them.
    func pooled() -> ChannelMoments {
        let count = Double(max(1, mean.count))
        let middle = mean.reduce(0, +) / count
        // The variance of all is the mean of the channels' variances plus the variance of their means.
        let spread = zip(mean, variance).reduce(0) { sum, channel in
            sum + channel.1 + (channel.0 - middle) * (channel.0 - middle)
        }
        var pooled = self
        pooled.mean = mean.map { _ in middle }
        pooled.variance = mean.map { _ in spread / count }
        return pooled
    }

    /// One divided by the deviation of `channel`; 0 for a channel that is constant when epsilon is 0, so that it becomes
    /// zero instead of not a number.
    func inverseDeviation(_ channel: Int, epsilon: Float) -> Double {
        let deviation = (variance[channel] + Double(epsilon)).squareRoot()
        return deviation > 0 ? 1 / deviation : 0
    }
}

extension FeatureMap where Value == Float {
    package mutating func normalize(_ normalization: Normalization) {
        var moments = ChannelMoments(self)
        if normalization.scope == .layer { moments = moments.pooled() }
        let factor = normalization.factor.indices.map {
            Double(normalization.factor[$0]) * moments.inverseDeviation($0, epsilon: normalization.epsilon)
        }
        let offset = factor.indices.map { Double(normalization.offset[$0]) - moments.mean[$0] * factor[$0] }
        apply(factor, offset)
    }

    /// Gives every channel the mean and the deviation that it has in `other`, which has the same shape.
    package mutating func normalize(like other: FloatMap, epsilon: Float) {
        let own = ChannelMoments(self)
        let wanted = ChannelMoments(other)
        let factor = own.mean.indices.map {
            (wanted.variance[$0] + Double(epsilon)).squareRoot() * own.inverseDeviation($0, epsilon: epsilon)
        }
        let offset = factor.indices.map { wanted.mean[$0] - own.mean[$0] * factor[$0] }
        apply(factor, offset)
    }

    private mutating func apply(_ factor: [Double], _ offset: [Double]) {
        let channels = shape.channels
        values.withUnsafeMutableBufferPointer { values in
            for at in stride(from: 0, to: values.count, by: channels) {
                for channel in 0..<channels {
                    values[at + channel] = Float(Double(values[at + channel]) * factor[channel] + offset[channel])
                }
            }
        }
    }

    /// Softmax of every channel over all pixels; then every pixel is divided by `epsilon` plus the sum of its channels.
    package mutating func applyPixelAttention(epsilon: Float) {
        let channels = shape.channels
        var largest = [Float](repeating: -.infinity, count: channels)
        var sum = [Double](repeating: 0, count: channels)
        values.withUnsafeMutableBufferPointer { values in
            for at in stride(from: 0, to: values.count, by: channels) {
                for channel in 0..<channels { largest[channel] = max(largest[channel], values[at + channel]) }
            }
            for at in stride(from: 0, to: values.count, by: channels) {
                for channel in 0..<channels {
                    let power = exp(values[at + channel] - largest[channel])
                    values[at + channel] = power
                    sum[channel] += Double(power)
                }
            }
            for at in stride(from: 0, to: values.count, by: channels) {
                var total = Double(epsilon)
                for channel in 0..<channels {
                    let share = Double(values[at + channel]) / sum[channel]
                    values[at + channel] = Float(share)
                    total += share
                }
                guard total > 0 else { continue }
                for channel in 0..<channels { values[at + channel] = Float(Double(values[at + channel]) / total) }
            }
        }
    }

    package mutating func scaleNegatives(by slope: Float) {
        values.withUnsafeMutableBufferPointer { values in
            for index in values.indices where values[index] < 0 { values[index] *= slope }
        }
    }

    package mutating func apply(_ function: Function) {
        let channels = shape.channels
        values.withUnsafeMutableBufferPointer { values in
            for index in values.indices { values[index] = function.value(values[index], channel: index % channels) }
        }
    }
}
