/// First and second moments of what a layer reads (`inputs`, one vector per output pixel, in quantization steps) and of
/// what it should make from it (`target`), over the calibration pictures.
package struct LayerMoments: Sendable {
    /// Elements of the input vector.
    package let depth: Int
    /// Output channels.
    package let channels: Int
    /// 1 when all output channels see the same vector, else `channels`.
    let grams: Int
    private(set) var count = 0.0
    private(set) var gram: [Double]
    private(set) var inputSum: [Double]
    /// [channel][element]
    private(set) var cross: [Double]
    private(set) var targetSum: [Double]

    init(layer: Layer) {
        depth = layer.depth
        channels = layer.channels
        grams = layer.kind == .depthwise ? channels : 1
        gram = [Double](repeating: 0, count: grams * depth * depth)
        inputSum = [Double](repeating: 0, count: grams * depth)
        cross = [Double](repeating: 0, count: channels * depth)
        targetSum = [Double](repeating: 0, count: channels)
    }

    /// Adds samples of a dense layer: `inputs` is samples x depth, `targets` samples x channels.
    mutating func addDense(inputs: [Float], targets: [Float]) {
        let samples = inputs.count / depth
        let gramPart = MatrixProduct.moments(inputs, inputs, rows: depth, columns: depth)
        let crossPart = MatrixProduct.moments(targets, inputs, rows: channels, columns: depth)
        for index in gram.indices { gram[index] += Double(gramPart[index]) }
        for index in cross.indices { cross[index] += Double(crossPart[index]) }
        for sample in 0..<samples {
            for element in 0..<depth { inputSum[element] += Double(inputs[sample * depth + element]) }
            for channel in 0..<channels { targetSum[channel] += Double(targets[sample * channels + channel]) }
        }
        count += Double(samples)
    }

    /// Adds samples of a depthwise layer: `inputs` is samples x taps x channels, `targets` samples x channels.
    mutating func addDepthwise(inputs: [Float], targets: [Float]) {
        let samples = targets.count / channels
        for channel in 0..<channels {
            for sample in 0..<samples {
                let target = Double(targets[sample * channels + channel])
                targetSum[channel] += target
                for tap in 0..<depth {
                    let value = Double(inputs[(sample * depth + tap) * channels + channel])
                    inputSum[channel * depth + tap] += value
                    cross[channel * depth + tap] += value * target
                    for other in 0...tap {
                        let product = value * Double(inputs[(sample * depth + other) * channels + channel])
                        gram[(channel * depth + tap) * depth + other] += product
                    }
                }
            }
            for tap in 0..<depth {
                for other in 0..<tap {
                    gram[(channel * depth + other) * depth + tap] = gram[(channel * depth + tap) * depth + other]
                }
            }
        }
        count += Double(samples)
    }

    mutating func add(_ other: LayerMoments) {
        count += other.count
        for index in gram.indices { gram[index] += other.gram[index] }
        for index in inputSum.indices { inputSum[index] += other.inputSum[index] }
        for index in cross.indices { cross[index] += other.cross[index] }
        for index in targetSum.indices { targetSum[index] += other.targetSum[index] }
    }

    /// The mean input vector that `channel` sees.
    func inputMean(_ channel: Int) -> [Double] {
        let start = grams == 1 ? 0 : channel * depth
        return (0..<depth).map { inputSum[start + $0] / count }
    }

    func targetMean(_ channel: Int) -> Double { targetSum[channel] / count }

    /// The covariance of the input vector that `channel` sees.
    func covariance(_ channel: Int) -> [Double] {
        let mean = inputMean(channel)
        let start = grams == 1 ? 0 : channel * depth * depth
        var result = [Double](repeating: 0, count: depth * depth)
        for row in 0..<depth {
            for column in 0..<depth {
                result[row * depth + column] = gram[start + row * depth + column] / count - mean[row] * mean[column]
            }
        }
        return result
    }

    /// The covariance of the input vector with the target of `channel`.
    func crossCovariance(_ channel: Int) -> [Double] {
        let mean = inputMean(channel)
        let target = targetMean(channel)
        return (0..<depth).map { cross[channel * depth + $0] / count - mean[$0] * target }
    }
}
