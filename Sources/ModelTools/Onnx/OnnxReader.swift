import SwiftProtobuf

/// Reads an ONNX file into a graph of float32 operations.
package struct OnnxReader {
    /// The size of a file that is read, in bytes.
    package static let largestFile = 512 << 20
    /// How many nodes a graph may have.
    package static let largestNodeCount = 20_000

    /// The values of the graph so far; constants are not among them.
    private var values: [String] = []
    private var valueIndex: [String: Int] = [:]
    /// Channels of every value.
    private(set) var channels: [Int] = []
    private(set) var constants: [String: OnnxTensor] = [:]
    private var initializers: [String: Onnx_TensorProto] = [:]
    private var aliases: [String: String] = [:]
    private var nodes: [FloatGraph.Node] = []

    private init() {}

    /// The graph in the ONNX file `bytes`; `label` names the file in errors. Throws one sentence when the file is damaged
    /// or holds what is not supported.
    package static func read(_ bytes: [UInt8], label: String) throws(ImportError) -> FloatGraph {
        guard bytes.count <= largestFile else {
            throw ImportError(
                "\(label) is larger than \(largestFile >> 20) MB, the most that is allowed for an ONNX file")
        }
        let model: Onnx_ModelProto
        do {
            model = try Onnx_ModelProto(serializedBytes: bytes)
        } catch {
            throw ImportError("\(label) is not an ONNX file, or it is truncated or damaged")
        }
        guard model.hasGraph, !model.graph.node.isEmpty else {
            throw ImportError("\(label) is not an ONNX file: it holds no graph")
        }
        do throws(ImportError) {
            try checkOperatorSets(model)
            var reader = OnnxReader()
            return try reader.read(model.graph)
        } catch {
            throw ImportError("\(label): \(error)")
        }
    }

    private static func checkOperatorSets(_ model: Onnx_ModelProto) throws(ImportError) {
        let versions = model.opsetImport.filter { $0.domain.isEmpty || $0.domain == "ai.onnx" }.map(\.version)
        guard let version = versions.max() else { throw ImportError("no version of the ONNX operators is stated") }
        guard (7...30).contains(version) else {
            throw ImportError("the ONNX operators have version \(version), and versions 7 to 30 are supported")
        }
    }

    private mutating func read(_ graph: Onnx_GraphProto) throws(ImportError) -> FloatGraph {
        guard graph.node.count <= Self.largestNodeCount else {
            throw ImportError(
                "the graph has \(graph.node.count) nodes, and at most \(Self.largestNodeCount) are allowed")
        }
        for tensor in graph.initializer {
            guard initializers.updateValue(tensor, forKey: tensor.name) == nil else {
                throw ImportError("two initializers have the name '\(tensor.name)'")
            }
        }
        let inputs = graph.input.filter { initializers[$0.name] == nil }
        guard inputs.count == 1, let input = inputs.first else {
            throw ImportError("the graph has \(inputs.count) inputs, and one is supported: the picture")
        }
        guard graph.output.count == 1, let output = graph.output.first else {
            throw ImportError("the graph has \(graph.output.count) outputs, and one is supported: the picture")
        }
        try checkPicture(input)
        _ = try define(input.name, channels: 3, node: "the input")
        for (index, node) in graph.node.enumerated() { try read(node, index: index) }
        guard let result = value(output.name) else {
            throw ImportError("nothing makes the output '\(output.name)' from the picture")
        }
        let whole = FloatGraph(name: graph.name, values: values, input: 0, output: result, nodes: nodes)
        return whole.withoutUnusedNodes()
    }

    private func checkPicture(_ input: Onnx_ValueInfoProto) throws(ImportError) {
        let type = input.type.tensorType
        guard type.elemType == 1 else { throw ImportError("the input '\(input.name)' is not of type FLOAT") }
        let dimensions = type.shape.dim
        guard dimensions.count == 4 else {
            throw ImportError(
                "the input '\(input.name)' has \(dimensions.count) dimensions, and 4 are supported: 1 x 3 x height x width"
            )
        }
        if case .dimValue(let batch) = dimensions[0].value, batch != 1 {
            throw ImportError("the input '\(input.name)' is a batch of \(batch) pictures, and one is supported")
        }
        if case .dimValue(let count) = dimensions[1].value, count != 3 {
            throw ImportError(
                "the input '\(input.name)' has \(count) channels, and 3 are supported: 1 x 3 x height x width")
        }
    }

    /// The index of the value that `name` stands for, or nil when nothing so far makes it.
    func value(_ name: String) -> Int? { valueIndex[aliases[name] ?? name] }

    /// Adds a value that `node` makes; a name can be made once.
    mutating func define(_ name: String, channels count: Int, node: String) throws(ImportError) -> Int {
        guard !name.isEmpty, valueIndex[name] == nil, aliases[name] == nil, constants[name] == nil,
            initializers[name] == nil
        else { throw ImportError("\(node) makes '\(name)', which exists already") }
        guard count > 0, count <= FloatLimits.channels else {
            throw ImportError("\(node) makes \(count) channels, and 1 to \(FloatLimits.channels) are supported")
        }
        valueIndex[name] = values.count
        values.append(name)
        channels.append(count)
        return values.count - 1
    }

    /// Lets `name` stand for what `source` is.
    mutating func alias(_ name: String, of source: String, node: String) throws(ImportError) {
        guard !name.isEmpty, valueIndex[name] == nil, aliases[name] == nil, constants[name] == nil,
            initializers[name] == nil
        else { throw ImportError("\(node) makes '\(name)', which exists already") }
        if let tensor = try constant(source) {
            constants[name] = tensor
        } else {
            aliases[name] = aliases[source] ?? source
        }
    }

    /// The constant that `name` stands for, or nil.
    mutating func constant(_ name: String) throws(ImportError) -> OnnxTensor? {
        if let tensor = constants[name] { return tensor }
        guard let stored = initializers[name] else { return nil }
        let tensor = try OnnxTensor(stored, label: "the initializer '\(name)'")
        constants[name] = tensor
        return tensor
    }

    mutating func setConstant(_ name: String, _ tensor: OnnxTensor, node: String) throws(ImportError) {
        guard !name.isEmpty, valueIndex[name] == nil, aliases[name] == nil, constants[name] == nil,
            initializers[name] == nil
        else { throw ImportError("\(node) makes '\(name)', which exists already") }
        constants[name] = tensor
    }

    mutating func append(_ node: FloatGraph.Node) {
        nodes.append(node)
    }
}

extension FloatGraph {
    /// The graph with only the nodes that the output depends on.
    func withoutUnusedNodes() -> FloatGraph {
        var needed: Set<Int> = [output]
        var kept: [Node] = []
        for node in nodes.reversed() where needed.contains(node.output) {
            needed.formUnion(node.inputs)
            kept.append(node)
        }
        var graph = self
        graph.nodes = kept.reversed()
        return graph
    }
}
