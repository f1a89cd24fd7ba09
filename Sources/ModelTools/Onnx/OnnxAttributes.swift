/// The attributes of one ONNX node, taken one by one; what is left at the end is not supported.
struct OnnxAttributes {
    private let node: String
    private var left: [String: Onnx_AttributeProto] = [:]

    init(of node: Onnx_NodeProto, label: String) throws(ImportError) {
        self.node = label
        for attribute in node.attribute where left.updateValue(attribute, forKey: attribute.name) != nil {
            throw ImportError("\(label) gives the attribute '\(attribute.name)' twice")
        }
    }

    private mutating func take(
        _ name: String, _ type: Onnx_AttributeProto.AttributeType
    ) throws(ImportError) -> Onnx_AttributeProto? {
        guard let attribute = left.removeValue(forKey: name) else { return nil }
        guard attribute.type == type else {
            throw ImportError("\(node) has an attribute '\(name)' of the wrong type")
        }
        return attribute
    }

    mutating func integer(_ name: String) throws(ImportError) -> Int? {
        try take(name, .int).map { Int($0.i) }
    }

    mutating func integer(_ name: String, default standard: Int) throws(ImportError) -> Int {
        try integer(name) ?? standard
    }

    mutating func number(_ name: String) throws(ImportError) -> Float? {
        try take(name, .float)?.f
    }

    mutating func number(_ name: String, default standard: Float) throws(ImportError) -> Float {
        try number(name) ?? standard
    }

    mutating func text(_ name: String, default standard: String) throws(ImportError) -> String {
        try take(name, .string).map { String(decoding: $0.s, as: UTF8.self) } ?? standard
    }

    mutating func integers(_ name: String) throws(ImportError) -> [Int]? {
        try take(name, .ints).map { $0.ints.map(Int.init) }
    }

    mutating func integers(_ name: String, default standard: [Int]) throws(ImportError) -> [Int] {
        try integers(name) ?? standard
    }

    mutating func tensor(_ name: String) throws(ImportError) -> Onnx_TensorProto? {
        try take(name, .tensor)?.t
    }

    /// Forgets attributes that do not change what is computed.
    mutating func ignore(_ names: String...) {
        for name in names { left[name] = nil }
    }

    /// Throws when an attribute was not taken.
    func finish() throws(ImportError) {
        if let name = left.keys.min() { throw ImportError("\(node) has an attribute '\(name)' that is not supported") }
    }
}
