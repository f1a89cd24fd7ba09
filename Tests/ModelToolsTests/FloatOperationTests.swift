import Testing

import ModelTools

/// The operations of the float executor against loops that are written as the definitions read.
@Suite struct FloatOperationTests {
    private func map(_ height: Int, _ width: Int, _ channels: Int, seed: UInt64 = 5) -> FloatMap {
        var numbers = Numbers(seed)
        let shape = FeatureShape(height: height, width: width, channels: channels)
        return FloatMap(shape: shape, values: numbers.floats(shape.count))
    }

    private func at(_ map: FloatMap, _ y: Int, _ x: Int, _ channel: Int) -> Float {
        guard (0..<map.shape.height).contains(y), (0..<map.shape.width).contains(x) else { return 0 }
        return map.values[(y * map.shape.width + x) * map.shape.channels + channel]
    }

    private static let windows = [
        Window(height: 1, width: 1), Window(height: 3, width: 3, padding: Padding(1)),
        Window(height: 3, width: 3, strideY: 2, strideX: 2, padding: Padding(1)),
        Window(height: 6, width: 6, strideY: 2, strideX: 2, padding: Padding(2)),
        Window(height: 1, width: 5, strideY: 1, strideX: 3, padding: Padding(top: 0, left: 4, bottom: 2, right: 1)),
        Window(height: 7, width: 7, padding: Padding(6)),
    ]

    @Test("a dense convolution equals its definition", arguments: windows)
    func dense(window: Window) throws {
        try MatrixProduct.prepare()
        for (height, width) in [(9, 7), (1, 6), (6, 1)] {
            guard let size = window.outputSize(height: height, width: width) else { continue }
            let input = map(height, width, 3)
            var numbers = Numbers(9)
            let weights = numbers.floats(4 * window.taps * 3)
            let bias = numbers.floats(4)
            let output = input.convolved(window: window, weights: weights, bias: bias)
            #expect(output.shape == FeatureShape(height: size.height, width: size.width, channels: 4))
            for y in 0..<size.height {
                for x in 0..<size.width {
                    for out in 0..<4 {
                        var sum = Double(bias[out])
                        for row in 0..<window.height {
                            for column in 0..<window.width {
                                for channel in 0..<3 {
                                    let value = at(
                                        input, y * window.strideY + row - window.padding.top,
                                        x * window.strideX + column - window.padding.left, channel)
                                    let weight = weights[
                                        ((out * window.height + row) * window.width + column) * 3 + channel]
                                    sum += Double(value * weight)
                                }
                            }
                        }
                        #expect(abs(Double(at(output, y, x, out)) - sum) < 1e-5)
                    }
                }
            }
        }
    }

    @Test("a depthwise convolution equals its definition", arguments: windows)
    func depthwise(window: Window) throws {
        let input = map(9, 7, 5)
        let size = try #require(window.outputSize(height: 9, width: 7))
        var numbers = Numbers(9)
        let weights = numbers.floats(window.taps * 5)
        let bias = numbers.floats(5)
        let output = input.convolvedDepthwise(window: window, weights: weights, bias: bias)
        for y in 0..<size.height {
            for x in 0..<size.width {
                for channel in 0..<5 {
                    var sum = Double(bias[channel])
                    for tap in 0..<window.taps {
                        let row = y * window.strideY + tap / window.width - window.padding.top
                        let column = x * window.strideX + tap % window.width - window.padding.left
                        sum += Double(at(input, row, column, channel) * weights[tap * 5 + channel])
                    }
                    #expect(abs(Double(at(output, y, x, channel)) - sum) < 1e-5)
                }
            }
        }
    }

    @Test("the largest value in a window equals its definition, padding never being it", arguments: windows)
    func maxPool(window: Window) {
        let input = map(9, 7, 5)
        guard let size = window.outputSize(height: 9, width: 7) else { return }
        let output = input.maxPooled(window, lowest: -.infinity)
        for y in 0..<size.height {
            for x in 0..<size.width {
                for channel in 0..<5 {
                    var largest = -Float.infinity
                    for row in y * window.strideY - window.padding.top..<y * window.strideY - window.padding.top
                        + window.height
                    {
                        for column in x * window.strideX - window.padding.left..<x * window.strideX
                            - window.padding.left + window.width
                        where (0..<9).contains(row) && (0..<7).contains(column) {
                            largest = max(largest, at(input, row, column, channel))
                        }
                    }
                    #expect(at(output, y, x, channel) == largest)
                }
            }
        }
    }

    @Test("padding can be filled with one value per channel")
    func fill() throws {
        try MatrixProduct.prepare()
        let input = FloatMap(shape: FeatureShape(height: 1, width: 1, channels: 2), values: [1, 1])
        let window = Window(height: 3, width: 3, padding: Padding(1))
        let ones = [Float](repeating: 1, count: 18)
        let dense = input.convolved(window: window, weights: ones, bias: [0], fill: [10, 100])
        #expect(dense.values == [882])
        let depthwise = input.convolvedDepthwise(window: window, weights: ones, bias: [0, 0], fill: [10, 100])
        #expect(depthwise.values == [81, 801])
    }

    @Test("SpaceToDepth orders channels by block row, block column and channel, and DepthToSpace undoes it")
    func blocks() {
        let input = map(4, 6, 2)
        let blocks = input.spaceToDepth(2)
        #expect(blocks.shape == FeatureShape(height: 2, width: 3, channels: 8))
        #expect(at(blocks, 1, 2, 2 * (2 * 1 + 0) + 1) == at(input, 3, 4, 1))
        #expect(blocks.depthToSpace(2, order: .depthColumnRow).values == input.values)
    }

    @Test("DepthToSpace in the order CRD takes the channel before the block position")
    func columnRowDepth() {
        let input = map(1, 1, 8)
        let output = input.depthToSpace(2, order: .columnRowDepth)
        for channel in 0..<2 {
            for position in 0..<4 {
                #expect(at(output, position / 2, position % 2, channel) == input.values[channel * 4 + position])
            }
        }
    }

    @Test("clipping, adding and scaling work channel by channel")
    func pointwise() {
        var input = FloatMap(shape: FeatureShape(height: 1, width: 2, channels: 2), values: [-3, 0.5, 9, 2])
        input.clip(to: 0...6)
        #expect(input.values == [0, 0.5, 6, 2])
        input.add(input)
        #expect(input.values == [0, 1, 12, 4])
        input.scale(by: [2, -1], adding: [1, 0])
        #expect(input.values == [1, -1, 25, -4])
    }
}
