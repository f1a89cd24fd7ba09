import ModelTools

/// A small generator of numbers that look random and are the same in every run.
struct Numbers: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func floats(_ count: Int, _ range: ClosedRange<Float> = -1...1) -> [Float] {
        (0..<count).map { _ in Float.random(in: range, using: &self) }
    }
}

/// Builds ONNX files node by node.
struct OnnxBuilding {
    var model = Onnx_ModelProto()
    private var numbers: Numbers

    init(seed: UInt64 = 1) {
        numbers = Numbers(seed)
        model.irVersion = 8
        var operators = Onnx_OperatorSetIdProto()
        operators.version = 17
        model.opsetImport = [operators]
        model.graph.name = "test"
        model.graph.input = [Self.picture("photo")]
        model.graph.output = [Self.picture("anime")]
    }

    var bytes: [UInt8] {
        get throws { try model.serializedBytes() }
    }

    static func picture(_ name: String, channels: Int64 = 3) -> Onnx_ValueInfoProto {
        var info = Onnx_ValueInfoProto()
        info.name = name
        info.type.tensorType.elemType = 1
        for value in [1, channels] {
            var dimension = Onnx_TensorShapeProto.Dimension()
            dimension.dimValue = value
            info.type.tensorType.shape.dim.append(dimension)
        }
        for value in ["height", "width"] {
            var dimension = Onnx_TensorShapeProto.Dimension()
            dimension.dimParam = value
            info.type.tensorType.shape.dim.append(dimension)
        }
        return info
    }

    static func tensor(_ name: String, _ dimensions: [Int], _ values: [Float]) -> Onnx_TensorProto {
        var tensor = Onnx_TensorProto()
        tensor.name = name
        tensor.dataType = 1
        tensor.dims = dimensions.map { Int64($0) }
        tensor.floatData = values
        return tensor
    }

    @discardableResult
    mutating func constant(_ name: String, _ dimensions: [Int], _ values: [Float]) -> String {
        model.graph.initializer.append(Self.tensor(name, dimensions, values))
        return name
    }

    /// A constant of random numbers.
    mutating func random(_ name: String, _ dimensions: [Int], scale: Float = 1) -> String {
        let values = numbers.floats(dimensions.reduce(1, *), -scale...scale)
        return constant(name, dimensions, values)
    }

    @discardableResult
    mutating func node(
        _ type: String, _ inputs: [String], _ output: String, _ attributes: [Onnx_AttributeProto] = []
    ) -> String {
        var node = Onnx_NodeProto()
        node.opType = type
        node.name = "\(type) of \(output)"
        node.input = inputs
        node.output = [output]
        node.attribute = attributes
        model.graph.node.append(node)
        return output
    }

    /// A convolution with random weights; `depth` is the number of input channels of one group.
    @discardableResult
    mutating func convolution(
        _ input: String, _ output: String, depth: Int, outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
        groups: Int = 1
    ) -> String {
        let scale = 1 / Float(depth * kernel * kernel).squareRoot()
        let weights = random("\(output).weight", [outputs, depth, kernel, kernel], scale: 1.7 * scale)
        let bias = random("\(output).bias", [outputs], scale: 0.3)
        return node(
            "Conv", [input, weights, bias], output,
            [
                .integers("kernel_shape", [kernel, kernel]), .integers("strides", [stride, stride]),
                .integers("pads", [padding, padding, padding, padding]), .integer("group", groups),
            ])
    }
}

extension Onnx_AttributeProto {
    static func integer(_ name: String, _ value: Int) -> Self {
        var attribute = Self()
        attribute.name = name
        attribute.type = .int
        attribute.i = Int64(value)
        return attribute
    }

    static func integers(_ name: String, _ values: [Int]) -> Self {
        var attribute = Self()
        attribute.name = name
        attribute.type = .ints
        attribute.ints = values.map { Int64($0) }
        return attribute
    }

    static func number(_ name: String, _ value: Float) -> Self {
        var attribute = Self()
        attribute.name = name
        attribute.type = .float
        attribute.f = value
        return attribute
    }

    static func text(_ name: String, _ value: String) -> Self {
        var attribute = Self()
        attribute.name = name
        attribute.type = .string
        attribute.s = .init(value.utf8)
        return attribute
    }
}

extension OnnxBuilding {
    /// A small network with everything that the students have: SpaceToDepth, strided, dense, depthwise and 1x1
    /// convolutions, ReLU6, residuals, DepthToSpace, and the picture added at the end. Sides are multiples of 4.
    static func student(seed: UInt64 = 1) -> OnnxBuilding {
        var net = OnnxBuilding(seed: seed)
        net.constant("zero", [], [0])
        net.constant("six", [], [6])
        net.constant("minus", [], [-1])
        net.constant("one", [], [1])
        func relu6(_ value: String) -> String { net.node("Clip", [value, "zero", "six"], value + ".clipped") }
        net.node("SpaceToDepth", ["photo"], "blocks", [.integer("blocksize", 2)])
        let half = relu6(net.convolution("blocks", "stem", depth: 12, outputs: 10, kernel: 3, padding: 1))
        let quarter = relu6(net.convolution(half, "down", depth: 10, outputs: 20, kernel: 3, stride: 2, padding: 1))
        let wide = relu6(net.convolution(quarter, "expand", depth: 20, outputs: 24, kernel: 1))
        let moved = relu6(
            net.convolution(wide, "move", depth: 1, outputs: 24, kernel: 3, padding: 1, groups: 24))
        net.convolution(moved, "shrink", depth: 24, outputs: 20, kernel: 1)
        net.node("Add", [quarter, "shrink"], "body")
        net.convolution("body", "up", depth: 20, outputs: 40, kernel: 1)
        net.node("DepthToSpace", ["up"], "upped", [.integer("blocksize", 2), .text("mode", "CRD")])
        net.node("Add", ["upped", half], "joined")
        net.convolution("joined", "head", depth: 10, outputs: 12, kernel: 3, padding: 1)
        net.node("DepthToSpace", ["head"], "headed", [.integer("blocksize", 2), .text("mode", "DCR")])
        net.node("Add", ["headed", "photo"], "sum")
        net.node("Clip", ["sum", "minus", "one"], "anime")
        return net
    }
}

/// Pictures with shapes, gradients and some noise.
func testPicture(width: Int, height: Int, seed: UInt64) -> CalibrationPicture {
    var numbers = Numbers(seed)
    let waves = numbers.floats(12, 0.02...0.3)
    var rgb: [UInt8] = []
    for y in 0..<height {
        for x in 0..<width {
            for channel in 0..<3 {
                let phase = Float(x) * waves[channel] + Float(y) * waves[channel + 3]
                let wave =
                    0.5 + 0.5 * ((phase / 6.28).truncatingRemainder(dividingBy: 1) > 0.5 ? 1 : -1) * waves[channel + 6]
                let ramp = Float(x + y) / Float(width + height) - 0.5
                let noise = Float.random(in: -0.05...0.05, using: &numbers)
                rgb.append(UInt8(max(0, min(255, 255 * (wave + 0.6 * ramp + noise)))))
            }
        }
    }
    return CalibrationPicture(width: width, height: height, rgb: rgb) ?? testPicture(width: 1, height: 1, seed: seed)
}

/// What AnimeGAN's generators are written with.
extension OnnxBuilding {
    @discardableResult
    mutating func integers(_ name: String, _ values: [Int]) -> String {
        var tensor = Onnx_TensorProto()
        tensor.name = name
        tensor.dataType = 7
        tensor.dims = [Int64(values.count)]
        tensor.int64Data = values.map { Int64($0) }
        model.graph.initializer.append(tensor)
        return name
    }

    /// A Pad of height and width; `pads` are top, left, bottom and right.
    @discardableResult
    mutating func pad(
        _ input: String, _ output: String, _ pads: [Int], mode: String = "reflect", channelsLast: Bool = false
    ) -> String {
        let before = channelsLast ? [0, pads[0], pads[1], 0] : [0, 0, pads[0], pads[1]]
        let after = channelsLast ? [0, pads[2], pads[3], 0] : [0, 0, pads[2], pads[3]]
        let name = integers("\(output).pads", before + after)
        return node("Pad", [input, name], output, [.text("mode", mode)])
    }

    /// (x - mean) / sqrt(variance + epsilon) written out in NCHW, where `epsilon` names a constant. Returns the names of
    /// the normalized map, the mean and the deviation.
    mutating func writtenNormalization(
        _ input: String, _ prefix: String, epsilon: String, byReciprocal: Bool = false
    ) -> (normalized: String, mean: String, deviation: String) {
        let mean = node("GlobalAveragePool", [input], prefix + ".mean")
        let centred = node("Sub", [input, mean], prefix + ".centred")
        let square = node("Mul", [centred, centred], prefix + ".square")
        let variance = node("GlobalAveragePool", [square], prefix + ".variance")
        let shifted = node("Add", [variance, epsilon], prefix + ".shifted")
        let deviation = node("Sqrt", [shifted], prefix + ".deviation")
        guard byReciprocal else {
            return (node("Div", [centred, deviation], prefix + ".normalized"), mean, deviation)
        }
        let inverse = node("Reciprocal", [deviation], prefix + ".inverse")
        return (node("Mul", [inverse, centred], prefix + ".normalized"), mean, deviation)
    }

    static func pictureChannelsLast(_ name: String) -> Onnx_ValueInfoProto {
        var info = picture(name)
        let dimensions = info.type.tensorType.shape.dim
        info.type.tensorType.shape.dim = [dimensions[0], dimensions[2], dimensions[3], dimensions[1]]
        return info
    }

    /// States the size of the picture, 1 x 3 x `height` x `width`.
    mutating func fixSize(height: Int64, width: Int64) {
        for (index, value) in [(2, height), (3, width)] {
            model.graph.input[0].type.tensorType.shape.dim[index].dimValue = value
        }
    }
}
