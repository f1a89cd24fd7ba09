import TestSupport
import Testing

/// The definition itself, against values worked out by hand.
@Suite("The scalar reference")
struct ReferenceTests {
    private func convolution(bias: Int32, scale: Float, activations: [Int8]) -> ConvolutionCase {
        var random = SplitMix(seed: 21)
        let shape = ConvolutionCase.Shape(
            segments: 1, segmentBytes: 4, pixelStep: 4, channels: 1, x0: 0, x1: activations.count, hasResidual: false)
        var test = ConvolutionCase(shape, magnitude: .any, style: .ordinary, using: &random)
        test.weights = [[1, 0, 0, 0]]
        for (x, activation) in activations.enumerated() { test.rows[0][4 * x] = activation }
        test.requantization.bias[0] = bias
        test.requantization.scale[0] = scale
        return test
    }

    @Test("rounds halves to the even neighbour")
    func roundsHalvesToEven() {
        let test = convolution(bias: 0, scale: 0.5, activations: [1, 2, 3, 5, 7, -1, -3, -5])
        #expect(test.run(.reference)?.bytes == [0, 1, 2, 2, 4, 0, -2, -2])
    }

    @Test("saturates at both ends")
    func saturates() {
        let test = convolution(bias: 100, scale: 1, activations: [27, 28, 127, -128])
        #expect(test.run(.reference)?.bytes == [127, 127, 127, -28])
        let low = convolution(bias: -100, scale: 1, activations: [-28, -29, -128, 0])
        #expect(low.run(.reference)?.bytes == [-128, -128, -128, -100])
    }

    @Test("adds the residual after it scaled both")
    func addsTheResidual() {
        var test = convolution(bias: 0, scale: 0.5, activations: [10, -10, 127])
        test.shape.hasResidual = true
        test.requantization.residualScale[0] = 2
        test.residual.replaceSubrange(0..<3, with: [3, -4, 127])
        #expect(test.run(.reference)?.bytes == [11, -13, 127])
    }

    @Test("sums the taps of a depthwise window")
    func sumsADepthwiseWindow() {
        var random = SplitMix(seed: 22)
        let shape = DepthwiseCase.Shape(
            height: 2, width: 2, stride: 2, channels: 2, x0: 0, x1: 2, hasResidual: false)
        var test = DepthwiseCase(shape, magnitude: .any, style: .ordinary, using: &random)
        test.rows[0].replaceSubrange(0..<8, with: [1, 10, 2, 20, 3, 30, 4, 40])
        test.rows[1].replaceSubrange(0..<8, with: [5, 50, 6, 60, 7, 70, 8, 80])
        let padding = [Int8](repeating: 0, count: 14)
        test.weights = [[1, 1] + padding, [2, 0] + padding, [3, 0] + padding, [4, -1] + padding]
        test.requantization.bias = [1, 2] + [Int32](repeating: 0, count: 14)
        test.requantization.scale = [1, 1] + [Float](repeating: 0, count: 14)
        #expect(test.run(.reference)?.bytes == [45, -48, 65, -48])
    }
}
