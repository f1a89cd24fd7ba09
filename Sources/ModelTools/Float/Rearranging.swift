/// How DepthToSpace orders the channels that become a block: block position first, or channel first.
package enum BlockOrder: Sendable {
    /// [block row][block column][channel]
    case depthColumnRow
    /// [channel][block row][block column]
    case columnRowDepth
}

extension FeatureMap {
    /// Blocks of `block` x `block` pixels become one pixel with channels [block row][block column][channel]; both sides
    /// must be multiples of `block`.
    package func spaceToDepth(_ block: Int) -> Self {
        let channels = shape.channels
        let outputShape = FeatureShape(
            height: shape.height / block, width: shape.width / block, channels: channels * block * block)
        var output = Self(shape: outputShape)
        let run = block * channels
        for y in 0..<outputShape.height {
            for blockRow in 0..<block {
                for x in 0..<outputShape.width {
                    let from = ((y * block + blockRow) * shape.width + x * block) * channels
                    let to = (y * outputShape.width + x) * outputShape.channels + blockRow * run
                    for index in 0..<run { output.values[to + index] = values[from + index] }
                }
            }
        }
        return output
    }

    /// Every pixel becomes a block of `block` x `block` pixels; the channels must be a multiple of its area.
    package func depthToSpace(_ block: Int, order: BlockOrder) -> Self {
        let channels = shape.channels / (block * block)
        let outputShape = FeatureShape(height: shape.height * block, width: shape.width * block, channels: channels)
        let source = Self.blockSource(channels: channels, block: block, order: order)
        var output = Self(shape: outputShape)
        let run = block * channels
        for y in 0..<shape.height {
            for x in 0..<shape.width {
                let from = (y * shape.width + x) * shape.channels
                for blockRow in 0..<block {
                    let to = ((y * block + blockRow) * outputShape.width + x * block) * channels
                    for index in 0..<run { output.values[to + index] = values[from + source[blockRow * run + index]] }
                }
            }
        }
        return output
    }

    private static func blockSource(channels: Int, block: Int, order: BlockOrder) -> [Int] {
        order.sources(channels: channels, block: block)
    }
}

extension BlockOrder {
    /// For every channel in the order [block row][block column][channel], the channel of the input that holds it.
    package func sources(channels: Int, block: Int) -> [Int] {
        (0..<channels * block * block).map { index in
            switch self {
            case .depthColumnRow: index
            case .columnRowDepth: index % channels * block * block + index / channels
            }
        }
    }
}
