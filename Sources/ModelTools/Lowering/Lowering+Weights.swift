extension Lowering {
    /// The window on the picture that `window` on its blocks of `block` x `block` pixels is.
    static func enlarge(_ window: Window, by block: Int) -> Window {
        let padding = window.padding
        return Window(
            height: window.height * block, width: window.width * block, strideY: window.strideY * block,
            strideX: window.strideX * block,
            padding: Padding(
                top: padding.top * block, left: padding.left * block, bottom: padding.bottom * block,
                right: padding.right * block))
    }

    /// Weights [output][row][column][block row][block column][channel] in the order of the larger window:
    /// [output][row][block row][column][block column][channel].
    static func reorder(
        _ weights: [Float], _ window: Window, outputs: Int, channels: Int, by block: Int
    ) -> [Float] {
        var ordered: [Float] = []
        ordered.reserveCapacity(weights.count)
        let pixel = block * block * channels
        let run = block * channels
        for output in 0..<outputs {
            for row in 0..<window.height {
                for blockRow in 0..<block {
                    for column in 0..<window.width {
                        let start = ((output * window.height + row) * window.width + column) * pixel + blockRow * run
                        ordered.append(contentsOf: weights[start..<start + run])
                    }
                }
            }
        }
        return ordered
    }
}

extension Layer {
    /// Multiplies every output channel by its factor and adds its offset.
    mutating func scale(by factor: [Float], adding offset: [Float]) {
        let area = rowGroups * rowGroups
        let count = factor.count
        for channel in bias.indices {
            let source = area > 1 ? channel % count : channel
            bias[channel] = bias[channel] * factor[source] + offset[source]
        }
        let depth = depth
        for index in weights.indices { weights[index] *= factor[(kind == .depthwise ? index : index / depth) % count] }
    }

    /// Puts the output channels of a convolution into another order.
    mutating func selectChannels(_ sources: [Int]) {
        let depth = depth
        let old = weights
        bias = sources.map { bias[$0] }
        weights = sources.flatMap { old[$0 * depth..<($0 + 1) * depth] }
    }

    /// Whether its sums are its result.
    var canMakeReals: Bool { kind.isProducts && residual == nil && clip == nil && rowGroups == 1 }

    /// Whether its result can be added to another tensor as it is made.
    var takesResidual: Bool {
        switch kind {
        case .convolution, .depthwise, .pointwise: true
        case .resize, .attention, .function, .maxPool, .globalAverage, .channelScale: false
        }
    }
}
