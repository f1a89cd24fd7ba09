import ModelTools
import Testing

/// Borders, normalizations, attention and enlarging of the float executor against their definitions.
@Suite struct OriginalOperationTests {
    private func map(_ height: Int, _ width: Int, _ channels: Int, seed: UInt64 = 5) -> FloatMap {
        var numbers = Numbers(seed)
        let shape = FeatureShape(height: height, width: width, channels: channels)
        return FloatMap(shape: shape, values: numbers.floats(shape.count))
    }

    /// The values of one channel, pixel by pixel.
    private func channel(_ index: Int, of map: FloatMap) -> [Double] {
        stride(from: index, to: map.values.count, by: map.shape.channels).map { Double(map.values[$0]) }
    }

    private func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
    }

    @Test("a reflected border mirrors the picture without repeating its edge, in dense and depthwise convolutions")
    func reflect() throws {
        try MatrixProduct.prepare()
        let input = FloatMap(
            shape: FeatureShape(height: 3, width: 4, channels: 1), values: (0..<12).map { Float($0) })
        let window = Window(
            height: 3, width: 4, padding: Padding(top: 2, left: 3, bottom: 2, right: 3), border: .reflect)
        // One corner of the window alone shows where it looks.
        let first = [1] + [Float](repeating: 0, count: 11)
        let wanted = [2, 1, 0, 1, 2].flatMap { row in [3, 2, 1, 0, 1, 2, 3].map { Float(row * 4 + $0) } }
        #expect(input.convolved(window: window, weights: first, bias: [0]).values == wanted)
        #expect(input.convolvedDepthwise(window: window, weights: first, bias: [0]).values == wanted)
        let last = [Float](repeating: 0, count: 11) + [1]
        let ends = [0, 1, 2, 1, 0].flatMap { row in [0, 1, 2, 3, 2, 1, 0].map { Float(row * 4 + $0) } }
        #expect(input.convolved(window: window, weights: last, bias: [0]).values == ends)
    }

    @Test("a border that is not smaller than the picture is refused with the node's name")
    func largeBorder() throws {
        var building = OnnxBuilding()
        building.pad("photo", "padded", [3, 3, 3, 3])
        building.convolution("padded", "anime", depth: 3, outputs: 3, kernel: 7)
        let network = try FloatNetwork(bytes: building.bytes, label: "net.onnx")
        #expect(network.sideMultiple == 1)
        _ = try network.run([Float](repeating: 0, count: 4 * 4 * 3), height: 4, width: 4)
        let wanted = ImportError(
            "node 'anime' reflects 3, 3, 3 and 3 pixels at the top, bottom, left and right of 4x3x3, which is too small "
                + "for that")
        #expect(throws: wanted) { try network.run([Float](repeating: 0, count: 4 * 3 * 3), height: 4, width: 3) }
    }

    @Test("layer and instance normalization give the mean and deviation that their parameters say")
    func normalize() {
        let factor: [Float] = [1, -2, 0.5]
        let offset: [Float] = [0, 1, 2]
        let input = map(5, 4, 3)
        for scope in [Normalization.Scope.layer, .instance] {
            var output = input
            output.normalize(Normalization(scope: scope, factor: factor, offset: offset, epsilon: 0.01))
            for index in 0..<3 {
                let own = channel(index, of: input)
                let (mean, variance) = moments(scope == .layer ? input.values.map(Double.init) : own)
                let scale = Double(factor[index]) / (variance + 0.01).squareRoot()
                for (made, value) in zip(channel(index, of: output), own) {
                    #expect(abs(made - (value - mean) * scale - Double(offset[index])) < 1e-5)
                }
            }
        }
    }

    @Test("a constant channel becomes the offset, even without an epsilon")
    func constantChannel() {
        var flat = FloatMap(shape: FeatureShape(height: 2, width: 2, channels: 1), values: [3, 3, 3, 3])
        flat.normalize(Normalization(scope: .instance, factor: [2], offset: [5], epsilon: 0))
        #expect(flat.values == [5, 5, 5, 5])
    }

    @Test("adaptive normalization gives every channel the mean and the deviation of the other map")
    func adaptive() {
        let model = map(6, 5, 4, seed: 9)
        var output = map(6, 5, 4)
        output.normalize(like: model, epsilon: 0)
        for index in 0..<4 {
            let made = moments(channel(index, of: output))
            let wanted = moments(channel(index, of: model))
            #expect(abs(made.mean - wanted.mean) < 1e-5 && abs(made.variance - wanted.variance) < 1e-5)
        }
    }

    @Test("attention is a softmax over pixels, divided by epsilon and the sum over channels")
    func attention() {
        // Powers of e: 1 and 3, and 1 and 1 in the second channel.
        let three: Float = 1.0986123
        var map = FloatMap(shape: FeatureShape(height: 1, width: 2, channels: 2), values: [0, 7, three, 7])
        map.applyPixelAttention(epsilon: 0.25)
        for (made, wanted) in zip(map.values, [0.25, 0.5, 0.5, 1 / 3.0]) { #expect(abs(Double(made) - wanted) < 1e-6) }
    }

    @Test("enlarging puts pixels where the coordinates say, and repeats the edge")
    func resize() {
        let input = FloatMap(shape: FeatureShape(height: 1, width: 3, channels: 1), values: [0, 10, 40])
        let wanted: [(Resize.Mode, Resize.Coordinates, [Float])] = [
            (.bilinear, .asymmetric, [0, 5, 10, 25, 40, 40]), (.bilinear, .alignCorners, [0, 4, 8, 16, 28, 40]),
            (.bilinear, .halfPixel, [0, 2.5, 7.5, 17.5, 32.5, 40]), (.nearest, .asymmetric, [0, 0, 10, 10, 40, 40]),
        ]
        for (mode, coordinates, line) in wanted {
            let made = input.resized(Resize(mode: mode, coordinates: coordinates, factor: 2))
            #expect(made.shape == FeatureShape(height: 2, width: 6, channels: 1))
            for (value, number) in zip(made.values, line + line) { #expect(abs(value - number) < 1e-5) }
        }
    }

    @Test("LeakyReLU scales what is negative, and tanh bounds everything")
    func activations() {
        var input = FloatMap(shape: FeatureShape(height: 1, width: 3, channels: 1), values: [-10, 0, 20])
        input.scaleNegatives(by: 0.25)
        #expect(input.values == [-2.5, 0, 20])
        input.apply(.tanh)
        #expect(abs(input.values[0] + 0.986614) < 1e-5 && input.values[1] == 0 && input.values[2] == 1)
    }
}
