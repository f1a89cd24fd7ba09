import TestSupport
import Testing

@Suite("Depthwise convolution: every table computes the reference's bytes")
struct DepthwiseTests {
    private func agree(_ test: DepthwiseCase, _ table: KernelTable) {
        let expected = test.run(.reference)
        let written = test.run(table)
        #expect(written?.keptToItsPixels == true, "\(table) wrote outside its pixels: \(test)")
        #expect(written == expected, "\(table): \(test)")
    }

    @Test("random kernels, strides, widths and scales", arguments: KernelTable.fast)
    func randomShapes(_ table: KernelTable) {
        var random = SplitMix(seed: 11)
        for _ in 0..<200 {
            let x1 = random.int(in: 1...70)
            let shape = DepthwiseCase.Shape(
                height: random.oneIn(2) ? 3 : random.int(in: 1...5), width: random.oneIn(2) ? 3 : random.int(in: 1...5),
                stride: random.int(in: 1...3), channels: random.int(in: 1...50),
                x0: random.oneIn(2) ? 0 : random.int(in: 0...x1 - 1), x1: x1, hasResidual: random.oneIn(2))
            let magnitude = random.element(of: Magnitude.allCases)
            let style = random.element(of: Requantization.Style.allCases)
            agree(DepthwiseCase(shape, magnitude: magnitude, style: style, using: &random), table)
        }
    }

    @Test("3x3, every channel count from 1 to 50, and 96 and 192", arguments: KernelTable.fast)
    func channelCounts(_ table: KernelTable) {
        var random = SplitMix(seed: 12)
        for channels in Array(1...50) + [96, 192] {
            for stride in 1...2 {
                let shape = DepthwiseCase.Shape(
                    height: 3, width: 3, stride: stride, channels: channels, x0: 0, x1: 5,
                    hasResidual: channels % 2 == 0)
                agree(DepthwiseCase(shape, magnitude: .any, style: .ordinary, using: &random), table)
            }
        }
    }

    @Test("3x3, every split of a row, at every width from 1 to 14", arguments: KernelTable.fast)
    func splits(_ table: KernelTable) {
        var random = SplitMix(seed: 13)
        for x1 in 1...14 {
            for x0 in 0..<x1 {
                for channels in [24, 96] {
                    let shape = DepthwiseCase.Shape(
                        height: 3, width: 3, stride: 1 + x0 % 2, channels: channels, x0: x0, x1: x1,
                        hasResidual: x1 % 2 == 0)
                    agree(DepthwiseCase(shape, magnitude: .any, style: .ordinary, using: &random), table)
                }
            }
        }
    }

    @Test("an addition of two tensors, which is a 1x1 kernel with a residual", arguments: KernelTable.fast)
    func addition(_ table: KernelTable) {
        var random = SplitMix(seed: 14)
        for channels in [3, 24, 48] {
            let shape = DepthwiseCase.Shape(
                height: 1, width: 1, stride: 1, channels: channels, x0: 0, x1: 23, hasResidual: true)
            agree(DepthwiseCase(shape, magnitude: .small, style: .ties, using: &random), table)
            agree(DepthwiseCase(shape, magnitude: .extreme, style: .extreme, using: &random), table)
        }
    }

    @Test("the largest weights and activations of one sign", arguments: KernelTable.fast)
    func extremes(_ table: KernelTable) {
        var random = SplitMix(seed: 15)
        for (height, width) in [(3, 3), (5, 5), (1, 1)] {
            for activation: Int8 in [-128, 127] {
                let shape = DepthwiseCase.Shape(
                    height: height, width: width, stride: 1, channels: 40, x0: 0, x1: 9, hasResidual: false)
                var test = DepthwiseCase(shape, magnitude: .extreme, style: .saturating, using: &random)
                test.rows = test.rows.map { $0.map { _ in activation } }
                test.weights = test.weights.map { $0.enumerated().map { $0 % 2 == 0 ? abs($1) : -abs($1) } }
                agree(test, table)
            }
        }
    }

    @Test("an empty range writes nothing", arguments: [KernelTable.reference] + KernelTable.fast)
    func emptyRange(_ table: KernelTable) {
        var random = SplitMix(seed: 16)
        let shape = DepthwiseCase.Shape(
            height: 3, width: 3, stride: 1, channels: 24, x0: 7, x1: 7, hasResidual: false)
        let test = DepthwiseCase(shape, magnitude: .any, style: .ordinary, using: &random)
        #expect(test.run(table) == Written(bytes: [], keptToItsPixels: true))
    }
}
