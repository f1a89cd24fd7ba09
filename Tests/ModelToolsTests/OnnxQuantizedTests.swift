import ModelTools
import Testing

/// Networks in ONNX's QDQ form, read as float32.
@Suite struct OnnxQuantizedTests {
    private func bytes(_ name: String, _ dimensions: [Int], _ values: [Int], type: Int32 = 3) -> Onnx_TensorProto {
        var tensor = Onnx_TensorProto()
        tensor.name = name
        tensor.dataType = type
        tensor.dims = dimensions.map { Int64($0) }
        tensor.rawData = .init(values.map { UInt8(truncatingIfNeeded: $0) })
        return tensor
    }

    /// The picture times 2, 4 and 6 by 8-bit weights, in bytes of 1/16 around `zero`.
    private func network(zero: Int = 0, type: Int32 = 3, readZero: Int? = nil) -> OnnxBuilding {
        var building = OnnxBuilding()
        building.model.graph.initializer = [
            bytes("weight.q", [3, 3, 1, 1], [2, 0, 0, 0, 2, 0, 0, 0, 2]), bytes("none", [3], [0, 0, 0]),
            bytes("zero", [], [zero], type: type), bytes("read", [], [readZero ?? zero], type: type),
        ]
        building.constant("weight.scale", [3], [1, 2, 3])
        building.constant("step", [], [1.0 / 16])
        building.node(
            "DequantizeLinear", ["weight.q", "weight.scale", "none"], "weight", [.integer("axis", 0)])
        building.node("Conv", ["photo", "weight"], "sum")
        building.node("QuantizeLinear", ["sum", "step", "zero"], "sum.q")
        building.node("DequantizeLinear", ["sum.q", "step", "read"], "anime")
        return building
    }

    private func run(_ building: OnnxBuilding, _ pixel: [Float]) throws -> [Float] {
        try FloatNetwork(bytes: building.bytes, label: "net.onnx").run(pixel, height: 1, width: 1)
    }

    @Test("weights of 8 bits are numbers, and a pair of rounding and reading back is a limit")
    func pair() throws {
        #expect(try run(network(), [0.5, 0.5, 0.5]) == [1, 2, 3])
        #expect(try run(network(), [1, 1, -1]) == [2, 4, -6])
        // Bytes of 1/16 reach from -8 to 127/16, or from 0 to 255/16.
        #expect(try run(network(), [9, -9, 0]) == [127.0 / 16, -8, 0])
        #expect(try run(network(type: 2), [9, -9, 1]) == [255.0 / 16, 0, 6])
    }

    @Test("bytes that are read with another zero point are moved by the difference")
    func moved() throws {
        #expect(try run(network(readZero: -16), [0.5, 0.5, 0.5]) == [2, 3, 4])
        #expect(try run(network(readZero: -128), [-9, 0, 9]) == [0, 8, 255.0 / 16])
    }

    @Test("bytes that something else reads, and scales that do not fit, are refused in one sentence")
    func refusals() throws {
        var odd = network()
        odd.node("Relu", ["sum.q"], "bent")
        let other = #expect(throws: ImportError.self) { try FloatNetwork(bytes: odd.bytes, label: "net.onnx") }
        #expect(other?.description.contains("which only DequantizeLinear can") == true)
        var many = network()
        many.constant("two", [2], [1, 2])
        many.model.graph.node[2].input[1] = "two"
        let count = #expect(throws: ImportError.self) { try FloatNetwork(bytes: many.bytes, label: "net.onnx") }
        #expect(count?.description.contains("has 1 zero points for 2 scales") == true)
        var negative = network()
        negative.constant("less", [], [-1])
        negative.model.graph.node[2].input[1] = "less"
        let sign = #expect(throws: ImportError.self) { try FloatNetwork(bytes: negative.bytes, label: "net.onnx") }
        #expect(sign?.description.contains("has a scale below 0") == true)
    }
}
