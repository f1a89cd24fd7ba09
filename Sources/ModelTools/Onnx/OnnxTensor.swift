/// A constant of an ONNX graph: float32 values and their dimensions.
struct OnnxTensor: Sendable {
    var dimensions: [Int]
    var values: [Float]
    /// The same numbers where the tensor's type is INT32 or INT64, else empty. Floats cannot hold all of them.
    var integers: [Int] = []
    /// The smallest and the largest number of the tensor's type, where that is INT8 or UINT8.
    var byteLimits: ClosedRange<Float>?

    /// The number of elements that a tensor may have.
    static let largestCount = 1 << 26

    /// `values` must have as many elements as `dimensions` say.
    init(dimensions: [Int], values: [Float]) {
        self.dimensions = dimensions
        self.values = values
    }

    init(_ tensor: Onnx_TensorProto, label: String) throws(ImportError) {
        guard tensor.dataLocation == .default else {
            throw ImportError(
                "\(label) keeps its data in another file, and only data inside the ONNX file is supported")
        }
        guard tensor.dims.count <= 8 else {
            throw ImportError("\(label) has \(tensor.dims.count) dimensions, and at most 8 are allowed")
        }
        var count = 1
        for dimension in tensor.dims {
            guard dimension >= 0, dimension <= Self.largestCount, count * Int(dimension) <= Self.largestCount else {
                throw ImportError("\(label) claims a size of \(tensor.dims), and at most 64 Mi elements are allowed")
            }
            count *= Int(dimension)
        }
        dimensions = tensor.dims.map { Int($0) }
        if tensor.dataType == 6 || tensor.dataType == 7 {
            integers = try Self.integers(of: tensor, count: count, label: label)
            values = integers.map { Float($0) }
        } else if tensor.dataType == 2 || tensor.dataType == 3 {
            byteLimits = tensor.dataType == 2 ? 0...255 : -128...127
            values = try Self.bytes(of: tensor, count: count, label: label)
        } else {
            values = try Self.values(of: tensor, count: count, label: label)
        }
        guard values.count == count else {
            throw ImportError(
                "\(label) holds \(values.count) elements, and its dimensions \(tensor.dims) need \(count)")
        }
        guard values.allSatisfy(\.isFinite) else {
            throw ImportError("\(label) holds a number that is infinite or not a number")
        }
    }

    private static func integers(of tensor: Onnx_TensorProto, count: Int, label: String) throws(ImportError) -> [Int] {
        let size = tensor.dataType == 6 ? 4 : 8
        guard !tensor.rawData.isEmpty else {
            return size == 4 ? tensor.int32Data.map(Int.init) : tensor.int64Data.map { Int($0) }
        }
        try checkBytes(tensor, count * size, label)
        return tensor.rawData.withUnsafeBytes { bytes in
            (0..<count).map { index in
                size == 4
                    ? Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: Int32.self)))
                    : Int(Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: Int64.self)))
            }
        }
    }

    private static func bytes(of tensor: Onnx_TensorProto, count: Int, label: String) throws(ImportError) -> [Float] {
        guard !tensor.rawData.isEmpty else { return tensor.int32Data.map { Float($0) } }
        try checkBytes(tensor, count, label)
        return tensor.rawData.map { tensor.dataType == 2 ? Float($0) : Float(Int8(bitPattern: $0)) }
    }

    private static func checkBytes(_ tensor: Onnx_TensorProto, _ size: Int, _ label: String) throws(ImportError) {
        guard tensor.rawData.count == size else {
            throw ImportError(
                "\(label) holds \(tensor.rawData.count) bytes, and its dimensions \(tensor.dims) need \(size)")
        }
    }

    private static func values(of tensor: Onnx_TensorProto, count: Int, label: String) throws(ImportError) -> [Float] {
        // The numbers are those of ONNX's TensorProto.DataType.
        let size: Int
        switch tensor.dataType {
        case 1: size = 4
        case 11: size = 8
        case 10: size = 2
        default:
            throw ImportError(
                "\(label) has the element type \(tensor.dataType), and only FLOAT, FLOAT16, DOUBLE, INT8, UINT8, INT32 and INT64 are "
                    + "supported"
            )
        }
        guard !tensor.rawData.isEmpty else {
            switch tensor.dataType {
            case 1: return tensor.floatData
            case 10: return tensor.int32Data.map { half(UInt16(truncatingIfNeeded: $0)) }
            default: return tensor.doubleData.map { Float($0) }
            }
        }
        try checkBytes(tensor, count * size, label)
        return tensor.rawData.withUnsafeBytes { bytes in
            (0..<count).map { index in
                switch tensor.dataType {
                case 1:
                    Float(
                        bitPattern: UInt32(
                            littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
                case 10: half(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)))
                default:
                    Float(
                        Double(
                            bitPattern: UInt64(
                                littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))))
                }
            }
        }
    }

    /// The value of an IEEE half-precision bit pattern.
    private static func half(_ bits: UInt16) -> Float {
        let sign: Float = bits & 0x8000 == 0 ? 1 : -1
        let exponent = Int(bits >> 10) & 0x1F
        let fraction = Float(bits & 0x3FF)
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 0x1F: return fraction == 0 ? sign * .infinity : .nan
        default: return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
        }
    }

    /// The value of a tensor with one element.
    var scalar: Float? { values.count == 1 ? values[0] : nil }

    /// The number that all elements are, or nil.
    var uniform: Float? {
        guard let first = values.first, values.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    /// One value per channel of a feature map of `layout` that this tensor is broadcast to, or nil when it is not one.
    func perChannel(_ channels: Int, _ layout: OnnxLayout) -> [Float]? {
        if values.count == 1 { return [Float](repeating: values[0], count: channels) }
        guard values.count == channels, dimensions.count <= layout.rank, let place = layout.dimension(of: .channel)
        else { return nil }
        let own = place - (layout.rank - dimensions.count)
        return own >= 0 && dimensions[own] == channels ? values : nil
    }
}
