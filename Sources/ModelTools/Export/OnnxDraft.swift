import FoundationEssentials
import SwiftProtobuf

/// An ONNX graph while it is written: nodes and constants, each under a name of its own.
struct OnnxDraft {
    /// The version of the ONNX operators: the first that has scales per channel.
    static let operatorVersion: Int64 = 13
    private(set) var graph = Onnx_GraphProto()
    private var names: Set<String>
    private var scalars: [Scalar: String] = [:]

    private enum Scalar: Hashable {
        case float(Float)
        case byte(UInt8)
    }

    /// A graph whose inputs and outputs, each with its channels, have these names.
    init(name: String, inputs: [(name: String, channels: Int)], outputs: [(name: String, channels: Int)]) {
        graph.name = name
        graph.input = inputs.map { Self.map($0.name, channels: $0.channels, sides: ["height", "width"]) }
        graph.output = outputs.map {
            Self.map($0.name, channels: $0.channels, sides: ["\($0.name).height", "\($0.name).width"])
        }
        names = Set((inputs + outputs).map(\.name))
    }

    /// 1 x channels x height x width numbers, of any height and width.
    private static func map(_ name: String, channels: Int, sides: [String]) -> Onnx_ValueInfoProto {
        var info = Onnx_ValueInfoProto()
        info.name = name
        info.type.tensorType.elemType = DataType.float
        for count in [1, channels] {
            var dimension = Onnx_TensorShapeProto.Dimension()
            dimension.dimValue = Int64(count)
            info.type.tensorType.shape.dim.append(dimension)
        }
        for side in sides {
            var dimension = Onnx_TensorShapeProto.Dimension()
            dimension.dimParam = side
            info.type.tensorType.shape.dim.append(dimension)
        }
        return info
    }

    /// The numbers of ONNX's TensorProto.DataType.
    private enum DataType {
        static let float: Int32 = 1
        static let uint8: Int32 = 2
        static let int8: Int32 = 3
        static let int32: Int32 = 6
        static let int64: Int32 = 7
    }

    /// `wish`, or that with a number where it is taken.
    private mutating func unused(_ wish: String) -> String {
        var name = wish
        var count = 1
        while !names.insert(name).inserted {
            count += 1
            name = "\(wish)'\(count)"
        }
        return name
    }

    /// Adds a node and returns the name of what it makes: `wish` or nearly so, or exactly the output `output`.
    @discardableResult
    mutating func node(
        _ type: String, _ inputs: [String], _ wish: String, output: String? = nil,
        _ attributes: [(String, OnnxAttributeValue)] = []
    ) -> String {
        var node = Onnx_NodeProto()
        node.opType = type
        node.input = inputs
        let made = output ?? unused(wish)
        node.output = [made]
        node.name = "\(made)/\(type)"
        node.attribute = attributes.map { $1.proto($0) }
        graph.node.append(node)
        return made
    }

    private mutating func constant<Number: BitwiseCopyable>(
        _ wish: String, _ type: Int32, _ dimensions: [Int], _ numbers: [Number]
    ) -> String {
        var tensor = Onnx_TensorProto()
        tensor.name = unused(wish)
        tensor.dataType = type
        tensor.dims = dimensions.map { Int64($0) }
        tensor.rawData = numbers.withUnsafeBytes { Data($0) }
        graph.initializer.append(tensor)
        return tensor.name
    }

    mutating func floats(_ wish: String, _ dimensions: [Int], _ numbers: [Float]) -> String {
        constant(wish, DataType.float, dimensions, numbers)
    }

    mutating func signedBytes(_ wish: String, _ dimensions: [Int], _ numbers: [Int8]) -> String {
        constant(wish, DataType.int8, dimensions, numbers)
    }

    mutating func bytes(_ wish: String, _ dimensions: [Int], _ numbers: [UInt8]) -> String {
        constant(wish, DataType.uint8, dimensions, numbers)
    }

    mutating func words(_ wish: String, _ dimensions: [Int], _ numbers: [Int32]) -> String {
        constant(wish, DataType.int32, dimensions, numbers)
    }

    mutating func sizes(_ wish: String, _ numbers: [Int]) -> String {
        constant(wish, DataType.int64, [numbers.count], numbers.map { Int64($0) })
    }

    /// A constant of no dimension, written once.
    mutating func scalar(_ number: Float) -> String {
        if let name = scalars[.float(number)] { return name }
        let name = floats("number_\(number)", [], [number])
        scalars[.float(number)] = name
        return name
    }

    /// The same for a zero point.
    mutating func zero(_ number: UInt8) -> String {
        if let name = scalars[.byte(number)] { return name }
        let name = bytes("zero_at_\(number)", [], [number])
        scalars[.byte(number)] = name
        return name
    }

    /// One number per channel to be added or multiplied, or one for all where they are equal.
    mutating func perChannel(_ wish: String, _ numbers: [Float]) -> String {
        if let first = numbers.first, numbers.allSatisfy({ $0 == first }) { return scalar(first) }
        return floats(wish, [1, numbers.count, 1, 1], numbers)
    }
}

/// What an attribute of a node may be.
enum OnnxAttributeValue {
    case integer(Int)
    case integers([Int])
    case number(Float)
    case text(String)

    func proto(_ name: String) -> Onnx_AttributeProto {
        var attribute = Onnx_AttributeProto()
        attribute.name = name
        switch self {
        case .integer(let value):
            attribute.type = .int
            attribute.i = Int64(value)
        case .integers(let values):
            attribute.type = .ints
            attribute.ints = values.map { Int64($0) }
        case .number(let value):
            attribute.type = .float
            attribute.f = value
        case .text(let value):
            attribute.type = .string
            attribute.s = Data(value.utf8)
        }
        return attribute
    }
}
