extension FloatGraph {
    /// Runs the network in float32 on a picture of 3 channels in [-1, 1] and returns its first output.
    package func run(_ picture: FloatMap) throws(ImportError) -> FloatMap { try results(of: picture)[0] }

    /// Runs the network in float32 on a picture of 3 channels in [-1, 1] and returns all outputs; other feature maps are
    /// freed after their last use.
    package func results(of picture: FloatMap) throws(ImportError) -> [FloatMap] {
        _ = try shapes(height: picture.shape.height, width: picture.shape.width)
        try MatrixProduct.prepare()
        var maps = [FloatMap?](repeating: nil, count: values.count)
        maps[input] = picture
        let lastUse = lastUses()
        for (index, node) in nodes.enumerated() {
            let inputs = node.inputs.compactMap { maps[$0] }
            for value in node.inputs where lastUse[value] == index { maps[value] = nil }
            maps[node.output] = Self.execute(node.operation, inputs)
        }
        let results = outputs.compactMap { maps[$0.value] }
        guard results.count == outputs.count else { throw ImportError("the network makes no result") }
        return results
    }

    private func lastUses() -> [Int] {
        var last = [Int](repeating: -1, count: values.count)
        for (index, node) in nodes.enumerated() {
            for value in node.inputs { last[value] = index }
        }
        for output in outputs { last[output.value] = nodes.count }
        return last
    }

    private static func execute(_ operation: Operation, _ inputs: [FloatMap]) -> FloatMap {
        var map = inputs[0]
        switch operation {
        case .convolution(let window, let weights, let bias, _):
            return map.convolved(window: window, weights: weights, bias: bias)
        case .depthwise(let window, let weights, let bias):
            return map.convolvedDepthwise(window: window, weights: weights, bias: bias)
        case .affine(let factor, let offset):
            map.scale(by: factor, adding: offset)
        case .clip(let range):
            map.clip(to: range)
        case .leakyRelu(let slope):
            map.scaleNegatives(by: slope)
        case .function(let function):
            map.apply(function)
        case .maxPool(let window):
            return map.maxPooled(window, lowest: -.infinity)
        case .globalAverage:
            return map.averaged()
        case .channelScale:
            map.multiply(by: inputs[1])
        case .padChannels(let before, let after):
            return map.withChannels(before: before, after: after)
        case .add:
            map.add(inputs[1])
        case .normalize(let normalization):
            map.normalize(normalization)
        case .adaptiveNormalize(let epsilon):
            map.normalize(like: inputs[1], epsilon: epsilon)
        case .pixelAttention(let epsilon):
            map.applyPixelAttention(epsilon: epsilon)
        case .resize(let resize):
            return map.resized(resize)
        case .spaceToDepth(let block):
            return map.spaceToDepth(block)
        case .depthToSpace(let block, let order):
            return map.depthToSpace(block, order: order)
        }
        return map
    }
}
