/// What a network takes a picture as.
public struct InputConvention: Sendable, Equatable {
    /// The order of a pixel's channels.
    public enum Order: String, Sendable, CaseIterable {
        case rgb
        case bgr
    }

    /// What samples from 0 to 255 stand for.
    public var range: ClosedRange<Float>
    /// In which order the network takes a pixel's channels.
    public var order: Order

    /// A convention; pictures are RGB from -1 to 1 unless it says otherwise.
    public init(range: ClosedRange<Float> = -1...1, order: Order = .rgb) {
        self.range = range
        self.order = order
    }

    /// What the stored bytes of a picture, its samples less 128, stand for.
    var quantization: TensorQuantization {
        if range == -1...1 { return .picture }
        let scale = Double(range.upperBound - range.lowerBound) / 255
        return TensorQuantization(
            scale: [Double](repeating: scale, count: 3),
            zeroPoint: [Double](repeating: -128 - Double(range.lowerBound) / scale, count: 3))
    }
}

extension CalibrationPicture {
    /// The numbers that a network of this convention takes.
    public func numbers(for convention: InputConvention) -> [Float] {
        let map = featureMap(range: convention.range).values
        guard convention.order == .bgr else { return map }
        return map.indices.map { map[$0 - $0 % 3 + 2 - $0 % 3] }
    }

    /// RGB, from the lower to the upper end of `range`.
    package func featureMap(range: ClosedRange<Float>) -> FloatMap {
        if range == -1...1 { return featureMap }
        let step = (range.upperBound - range.lowerBound) / 255
        return FloatMap(
            shape: FeatureShape(height: height, width: width, channels: 3),
            values: rgb.map { Float($0) * step + range.lowerBound })
    }
}

extension FloatGraph {
    /// The network that takes RGB where this one takes BGR: its first convolutions have their weights in another order.
    func withReversedInput() throws(ImportError) -> FloatGraph {
        var graph = self
        for index in nodes.indices where nodes[index].inputs.contains(input) {
            guard case .convolution(let window, var weights, let bias, 3) = nodes[index].operation else {
                throw ImportError(
                    "node '\(nodes[index].name)' reads the picture, whose channels only dense convolutions can take in "
                        + "another order")
            }
            for pixel in stride(from: 0, to: weights.count, by: 3) { weights.swapAt(pixel, pixel + 2) }
            graph.nodes[index].operation = .convolution(window, weights: weights, bias: bias, inputChannels: 3)
        }
        return graph
    }
}
