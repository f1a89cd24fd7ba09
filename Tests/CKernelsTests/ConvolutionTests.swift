import TestSupport
import Testing

@Suite("Convolution: every table computes the reference's bytes")
struct ConvolutionTests {
    private func agree(_ test: ConvolutionCase, _ table: KernelTable) {
        let expected = test.run(.reference)
        let written = test.run(table)
        #expect(written?.keptToItsPixels == true, "\(table) wrote outside its pixels: \(test)")
        #expect(written == expected, "\(table): \(test)")
    }

    private func randomShape(using random: inout SplitMix) -> ConvolutionCase.Shape {
        let segmentBytes = 4 * random.int(in: 1...(random.oneIn(4) ? 50 : 10))
        let x1 = random.int(in: 1...70)
        return ConvolutionCase.Shape(
            segments: random.int(in: 1...6), segmentBytes: segmentBytes,
            pixelStep: random.int(in: 1...segmentBytes + 8), channels: random.int(in: 1...50),
            x0: random.oneIn(2) ? 0 : random.int(in: 0...x1 - 1), x1: x1, hasResidual: random.oneIn(2),
            laneProducts: random.element(of: [2, 4, 8]))
    }

    @Test("random shapes, weights and scales", arguments: KernelTable.fast)
    func randomShapes(_ table: KernelTable) {
        var random = SplitMix(seed: 1)
        for _ in 0..<150 {
            let shape = randomShape(using: &random)
            let magnitude = random.element(of: Magnitude.allCases)
            let style = random.element(of: Requantization.Style.allCases)
            agree(ConvolutionCase(shape, magnitude: magnitude, style: style, using: &random), table)
        }
    }

    @Test("every channel count from 1 to 50, and 96 and 192", arguments: KernelTable.fast)
    func channelCounts(_ table: KernelTable) {
        var random = SplitMix(seed: 2)
        for channels in Array(1...50) + [96, 192] {
            let shape = ConvolutionCase.Shape(
                segments: 1, segmentBytes: 20, pixelStep: 20, channels: channels, x0: 0, x1: 5,
                hasResidual: channels % 2 == 0)
            agree(ConvolutionCase(shape, magnitude: .any, style: .ordinary, using: &random), table)
        }
    }

    @Test("every split of a row, at every width from 1 to 18", arguments: KernelTable.fast)
    func splits(_ table: KernelTable) {
        var random = SplitMix(seed: 3)
        for x1 in 1...18 {
            for x0 in 0..<x1 {
                for channels in [3, 24, 48] {
                    let shape = ConvolutionCase.Shape(
                        segments: 2, segmentBytes: 12, pixelStep: 7, channels: channels, x0: x0, x1: x1,
                        hasResidual: (x0 + x1) % 2 == 0)
                    agree(ConvolutionCase(shape, magnitude: .any, style: .ordinary, using: &random), table)
                }
            }
        }
    }

    @Test("the widths of tiles and one beside them, up to 70", arguments: KernelTable.fast)
    func widths(_ table: KernelTable) {
        var random = SplitMix(seed: 4)
        for x1 in 1...70 {
            let shape = ConvolutionCase.Shape(
                segments: 3, segmentBytes: 12, pixelStep: 12, channels: [6, 24, 40][x1 % 3], x0: 0, x1: x1,
                hasResidual: x1 % 2 == 0)
            agree(ConvolutionCase(shape, magnitude: .any, style: .ordinary, using: &random), table)
        }
    }

    @Test("the layers of the student networks", arguments: KernelTable.fast)
    func networkLayers(_ table: KernelTable) {
        typealias Shape = ConvolutionCase.Shape
        var random = SplitMix(seed: 5)
        let layers = [
            Shape(segments: 6, segmentBytes: 20, pixelStep: 6, channels: 24, x0: 0, x1: 33, hasResidual: false),
            Shape(segments: 3, segmentBytes: 72, pixelStep: 48, channels: 48, x0: 0, x1: 9, hasResidual: false),
            Shape(segments: 1, segmentBytes: 48, pixelStep: 48, channels: 96, x0: 0, x1: 17, hasResidual: false),
            Shape(segments: 1, segmentBytes: 96, pixelStep: 96, channels: 48, x0: 0, x1: 17, hasResidual: true),
            Shape(segments: 3, segmentBytes: 144, pixelStep: 96, channels: 96, x0: 1, x1: 8, hasResidual: false),
            Shape(segments: 1, segmentBytes: 96, pixelStep: 96, channels: 192, x0: 0, x1: 9, hasResidual: false),
            Shape(segments: 1, segmentBytes: 192, pixelStep: 192, channels: 96, x0: 0, x1: 9, hasResidual: true),
            Shape(segments: 3, segmentBytes: 144, pixelStep: 48, channels: 48, x0: 0, x1: 9, hasResidual: true),
            Shape(segments: 3, segmentBytes: 72, pixelStep: 24, channels: 24, x0: 0, x1: 21, hasResidual: true),
            Shape(segments: 3, segmentBytes: 72, pixelStep: 24, channels: 6, x0: 0, x1: 21, hasResidual: true),
        ]
        for var shape in layers {
            for laneProducts in [2, 4, 8] {
                shape.laneProducts = laneProducts
                agree(ConvolutionCase(shape, magnitude: .any, style: .ordinary, using: &random), table)
            }
        }
    }

    @Test("the largest weights and activations, over a deep window", arguments: KernelTable.fast)
    func extremes(_ table: KernelTable) {
        var random = SplitMix(seed: 6)
        for style in [Requantization.Style.ordinary, .saturating] {
            for laneProducts in [2, 4, 8] {
                for channels in [8, 24, 32] {
                    let shape = ConvolutionCase.Shape(
                        segments: 3, segmentBytes: 400, pixelStep: 9, channels: channels, x0: 0, x1: 6,
                        hasResidual: true, laneProducts: laneProducts)
                    var test = ConvolutionCase(shape, magnitude: .extreme, style: style, using: &random)
                    agree(test, table)
                    // All of one sign, so that sums of a few products reach their limits.
                    test.rows = test.rows.map { $0.map { _ in -128 } }
                    test.weights = test.weights.enumerated().map { channel, weights in
                        weights.map { channel % 2 == 0 ? abs($0) : -abs($0) }
                    }
                    agree(test, table)
                    test.rows = test.rows.map { $0.map { _ in 127 } }
                    agree(test, table)
                }
            }
        }
    }

    @Test("results halfway between two integers", arguments: KernelTable.fast)
    func ties(_ table: KernelTable) {
        var random = SplitMix(seed: 7)
        for channels in [5, 16, 24, 48] {
            let shape = ConvolutionCase.Shape(
                segments: 1, segmentBytes: 8, pixelStep: 3, channels: channels, x0: 0, x1: 40,
                hasResidual: channels % 2 == 0)
            agree(ConvolutionCase(shape, magnitude: .small, style: .ties, using: &random), table)
        }
    }

    @Test("an empty range writes nothing", arguments: [KernelTable.reference] + KernelTable.fast)
    func emptyRange(_ table: KernelTable) {
        var random = SplitMix(seed: 8)
        let shape = ConvolutionCase.Shape(
            segments: 1, segmentBytes: 4, pixelStep: 4, channels: 24, x0: 7, x1: 7, hasResidual: false)
        let test = ConvolutionCase(shape, magnitude: .any, style: .ordinary, using: &random)
        #expect(test.run(table) == Written(bytes: [], keptToItsPixels: true))
    }
}
