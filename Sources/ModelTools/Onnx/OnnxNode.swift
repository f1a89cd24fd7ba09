/// One node of an ONNX graph while it is read.
struct OnnxNode {
    /// How errors call it.
    let label: String
    let node: Onnx_NodeProto
    /// The name of what it makes.
    let output: String
    var attributes: OnnxAttributes

    init(_ node: Onnx_NodeProto, index: Int) throws(ImportError) {
        let label = "node '\(node.name.isEmpty ? "#\(index)" : node.name)' (\(node.opType))"
        self.label = label
        self.node = node
        guard node.domain.isEmpty || node.domain == "ai.onnx" else {
            throw ImportError(
                "\(label) is an operator of '\(node.domain)', and only standard ONNX operators are supported")
        }
        guard let output = node.output.first, node.output.dropFirst().allSatisfy(\.isEmpty) else {
            throw ImportError("\(label) has \(node.output.count) outputs, and one is supported")
        }
        self.output = output
        attributes = try OnnxAttributes(of: node, label: label)
    }

    var type: String { node.opType }

    /// The name of input `index`, or nil when it is left out.
    func input(_ index: Int) -> String? {
        index < node.input.count && !node.input[index].isEmpty ? node.input[index] : nil
    }

    /// What the node is called: after its weights where it has some (`stem.weight` makes `stem`), else after itself.
    var name: String {
        if let weights = input(1), type == "Conv", weights.hasSuffix(".weight") {
            return String(weights.dropLast(".weight".count))
        }
        return node.name.isEmpty ? output : node.name
    }

    func refuse(_ reason: String) -> ImportError { ImportError("\(label) \(reason)") }
}

/// What a name in an ONNX graph stands for.
enum OnnxValue {
    case constant(OnnxTensor)
    case sizes(OnnxSizes)
    case array(OnnxArray)
}

/// What a QuantizeLinear makes, which only a DequantizeLinear can read.
struct OnnxQuantized {
    /// What was rounded.
    var array: OnnxArray
    /// One, or one per channel.
    var scale: [Float]
    /// As many.
    var zeroPoint: [Float]
    /// The smallest and the largest integer of the type.
    var limits: ClosedRange<Float>
}
