import ModelTools
import Testing

@Suite struct QuantizerTests {
    private func layers(seed: UInt64 = 1) throws -> (FloatNetwork, LayerGraph) {
        let network = try FloatNetwork(bytes: OnnxBuilding.student(seed: seed).bytes, label: "net.onnx")
        return (network, try Lowering.lower(network.graph, sideMultiple: network.sideMultiple))
    }

    private var pictures: [CalibrationPicture] { (1...8).map { testPicture(width: 48, height: 40, seed: $0) } }

    private func quality(_ options: QuantizationOptions) throws -> Double {
        let (network, _) = try layers()
        let description = ModelDescription(name: "a", style: "b", title: "c", licence: "d")
        let model = try network.quantized(on: pictures, as: description, options: options)
        let qualities = try (90...92 as ClosedRange<UInt64>).map { seed in
            let picture = testPicture(width: 44, height: 60, seed: seed)
            return try PictureQuality(of: model.run(picture), against: network.run(picture)).psnr
        }
        return qualities.reduce(0, +) / 3
    }

    @Test("a student in 8 bits stays close to float32 on a picture that was not used to calibrate")
    func close() throws {
        #expect(try quality(QuantizationOptions()) > 42)
    }

    @Test("compensated rounding and refitting are better than rounding each weight by itself")
    func compensated() throws {
        var plain = QuantizationOptions()
        plain.rounding = .nearest
        plain.refitsWeights = false
        plain.correctsBias = false
        plain.ranges = .minMax
        #expect(try quality(QuantizationOptions()) > quality(plain))
    }

    @Test("all numbers stay within what the engine takes, and sets of weights within what 16-bit kernels add")
    func limits() throws {
        let (_, graph) = try layers()
        let network = try Quantizer.quantize(graph, pictures: pictures, options: QuantizationOptions()) { _, _, _ in }
            .network
        for layer in network.layers {
            #expect(layer.weights.allSatisfy { $0 >= -127 })
            #expect(layer.scale.allSatisfy { $0 > 0 && $0 <= 1 })
            #expect(layer.residualScale.allSatisfy { $0 >= 0 && $0 <= 64 })
            #expect(layer.bias.allSatisfy { abs($0) <= 1 << 29 })
            guard layer.layer.kind == .convolution else { continue }
            let run = layer.layer.depth / layer.layer.window.height
            for output in 0..<layer.layer.channels {
                for row in 0..<layer.layer.window.height {
                    for start in stride(from: 0, to: run, by: 16) {
                        // Bytes 0 and 1 of four K groups, and bytes 2 and 3.
                        for pair in 0..<2 {
                            let elements = (start..<min(start + 16, run)).filter { $0 % 4 / 2 == pair }
                            let sum = elements.reduce(0) {
                                $0 + abs(Int(layer.weights[output * layer.layer.depth + row * run + $1]))
                            }
                            #expect(sum <= 255)
                        }
                    }
                }
            }
        }
    }

    @Test("ReLU6 and the picture's range are the ends of the 8-bit range")
    func ends() throws {
        let (_, graph) = try layers()
        let network = try Quantizer.quantize(graph, pictures: pictures, options: QuantizationOptions()) { _, _, _ in }
            .network
        for layer in graph.layers where layer.clip == 0...6 {
            for limits in network.tensors[layer.output].limits {
                #expect(limits.lowerBound == 0 && limits.upperBound <= 6.0001)
            }
        }
        #expect(network.tensors.last?.zeroPoint == [-0.5, -0.5, -0.5])
        let padded = Set(graph.layers.filter { !$0.window.padding.isNone }.map(\.input)).subtracting([0])
        for tensor in padded {
            #expect(network.tensors[tensor].zeroPoint.allSatisfy { $0 == $0.rounded() && (-128...127).contains($0) })
        }
    }

    @Test("dead channels and constant pictures do no harm")
    func degenerate() throws {
        var building = OnnxBuilding.student()
        for index in building.model.graph.initializer.indices
        where building.model.graph.initializer[index].name.hasSuffix(".weight") {
            let row =
                building.model.graph.initializer[index].floatData.count
                / Int(building.model.graph.initializer[index].dims[0])
            for element in 0..<2 * row { building.model.graph.initializer[index].floatData[element] = 0 }
        }
        let network = try FloatNetwork(bytes: building.bytes, label: "net.onnx")
        let flat = CalibrationPicture(width: 16, height: 16, rgb: [UInt8](repeating: 200, count: 768))
        let model = try network.quantized(
            on: [flat].compactMap { $0 }, as: ModelDescription(name: "a", style: "b", title: "c", licence: "d"))
        let picture = testPicture(width: 16, height: 16, seed: 1)
        #expect(try model.run(picture).rgb.count == 768)
    }

    @Test("a channel that is next to nothing beside the others does no harm")
    func tinyChannel() throws {
        var building = OnnxBuilding(seed: 8)
        building.convolution("photo", "features", depth: 3, outputs: 6, kernel: 3, padding: 1)
        for index in building.model.graph.initializer.indices {
            let count = building.model.graph.initializer[index].floatData.count / 6
            for element in 0..<count { building.model.graph.initializer[index].floatData[element] *= 1e-6 }
        }
        building.convolution("features", "anime", depth: 6, outputs: 3, kernel: 1)
        let network = try FloatNetwork(bytes: building.bytes, label: "net.onnx")
        let description = ModelDescription(name: "a", style: "b", title: "c", licence: "d")
        let model = try network.quantized(on: pictures, as: description)
        let picture = testPicture(width: 44, height: 60, seed: 90)
        #expect(try PictureQuality(of: model.run(picture), against: network.run(picture)).psnr > 36)
    }

    @Test("pictures that are smaller than one block are left out, others are cropped; none at all is refused")
    func sizes() throws {
        let (network, _) = try layers()
        let description = ModelDescription(name: "a", style: "b", title: "c", licence: "d")
        let small = testPicture(width: 3, height: 30, seed: 1)
        #expect(throws: ImportError.self) { try network.quantized(on: [small], as: description) }
        let odd = testPicture(width: 31, height: 22, seed: 2)
        #expect(try network.quantized(on: [small, odd], as: description).report.pictures == 1)
    }

    @Test("weights too large for exact float32 sums are summed in parts")
    func longSums() throws {
        try MatrixProduct.prepare()
        let depth = 2048
        let layer = Layer(
            name: "long", kind: .convolution, input: 0, output: 1, residual: nil, window: .single, rowGroups: 1,
            weights: [Float](repeating: 0, count: depth), bias: [0], clip: nil)
        let quantized = QuantizedLayer(
            layer: layer, weights: (0..<depth).map { $0 == 5 ? 126 : 127 }, bias: [0], scale: [1], residualScale: [],
            padding: [Int8](repeating: 0, count: depth))
        var values = [Int8](repeating: -128, count: depth)
        values[5] = 127
        let input = ByteMap(shape: FeatureShape(height: 1, width: 1, channels: depth), values: values)
        let sum = -128 * 127 * (depth - 1) + 126 * 127
        #expect(quantized.accumulate(input) == [Int32(sum)])
    }
}

@Suite struct WeightRoundingTests {
    @Test("with independent inputs every weight goes to a level near it")
    func independent() throws {
        var metric = [Double](repeating: 0, count: 64)
        for index in 0..<8 { metric[index * 8 + index] = 1 }
        let rounding = try #require(WeightRounding(metric: metric, size: 8, laneSets: nil))
        let weights = [1.0, -0.5, 0.25, 0.125, 0.75, -1, 0.1, 0]
        let result = rounding.round(weights)
        for (integer, weight) in zip(result.integers, weights) {
            #expect(abs(Double(integer) * result.step - weight) < 0.6 * result.step)
        }
    }

    @Test("with dependent inputs the error of one weight makes up for that of another")
    func dependent() throws {
        var numbers = Numbers(4)
        let size = 24
        var metric = [Double](repeating: 0, count: size * size)
        for _ in 0..<40 {
            let common = Double.random(in: -4...4, using: &numbers)
            let vector = (0..<size).map { _ in common + Double.random(in: -1...1, using: &numbers) }
            for row in 0..<size {
                for column in 0..<size { metric[row * size + column] += vector[row] * vector[column] / 40 }
            }
        }
        for index in 0..<size { metric[index * size + index] += 1e-3 }
        let rounding = try #require(WeightRounding(metric: metric, size: size, laneSets: nil))
        let weights = (0..<size).map { _ in Double.random(in: -1...1, using: &numbers) }
        let result = rounding.round(weights)
        let step = (weights.map(abs).max() ?? 0) / 127
        let nearest = rounding.error(weights, weights.map { ($0 / step).rounded() }, step)
        #expect(result.error < 0.5 * nearest)
        #expect(abs(result.error - rounding.error(weights, result.integers.map(Double.init), result.step)) < 1e-9)
    }

    @Test("sets of weights stay below their limit at the cost of the others")
    func lanes() throws {
        var metric = [Double](repeating: 0, count: 16)
        for index in 0..<4 { metric[index * 4 + index] = 1 }
        let rounding = try #require(WeightRounding(metric: metric, size: 4, laneSets: [0, 0, 0, 0]))
        let result = rounding.round([1, 1, -1, 0.9])
        #expect(result.integers.reduce(0) { $0 + abs(Int($1)) } <= 255)
    }

    @Test("a matrix that is not positive definite is not factored")
    func indefinite() {
        #expect(Cholesky([1, 2, 2, 1], size: 2) == nil)
        #expect(Cholesky([.nan], size: 1) == nil)
        #expect(Cholesky([4, 2, 2, 5], size: 2)?.solve([8, 12]) == [1, 2])
    }
}

@Suite struct RangeSearchTests {
    @Test("a lone outlier is clipped, an even spread is not")
    func outlier() {
        var spread = Histogram(lower: -1, upper: 1)
        var lonely = Histogram(lower: -1, upper: 10)
        for step in 0..<100_000 {
            let value = Double(step) / 50_000 - 1
            spread.add(value)
            lonely.add(value)
        }
        lonely.add(10)
        #expect(spread.bestRange(fixedLower: false).upperBound > 0.98)
        #expect(lonely.bestRange(fixedLower: false).upperBound < 9)
    }
}

@Suite struct CalibrationPictureTests {
    @Test("a silhouette is haze with something dark or bright that fills a tenth")
    func silhouette() throws {
        let picture = testPicture(width: 40, height: 40, seed: 3)
        for sample: UInt8 in [0, 255] {
            let made = try #require(picture.silhouette(sample: sample))
            let extreme = stride(from: 0, to: made.rgb.count, by: 3).count { index in
                made.rgb[index..<index + 3].allSatisfy { sample == 0 ? $0 < 32 : $0 > 216 }
            }
            #expect(extreme == 40 * 40 / 10)
            let haze = made.rgb.prefix(40 * 3 * 20)
            #expect((haze.max() ?? 0) - (haze.min() ?? 0) < 100)
        }
    }
}

@Suite struct CalibrationMemoryTests {
    @Test("calibration takes memory in proportion to the picture, and enough for the largest layer in both networks")
    func grows() throws {
        let network = try FloatNetwork(bytes: OnnxBuilding.student().bytes, label: "net.onnx")
        let small = try network.calibrationBytes(height: 64, width: 64)
        #expect(try network.calibrationBytes(height: 128, width: 128) == 4 * small)
        // At least the picture and the result, each in float32 and in 8 bits.
        #expect(small > 2 * 64 * 64 * 3 * 5)
    }
}
