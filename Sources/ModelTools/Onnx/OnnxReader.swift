import Engine
import SwiftProtobuf

/// Reads an ONNX file into a graph of float32 operations.
package struct OnnxReader {
    /// The size of a file that is read, in bytes.
    package static let largestFile = 512 << 20
    /// How many outputs a graph may have.
    package static let largestOutputCount = Graph.Limits.outputs
    /// How many nodes a graph may have.
    package static let largestNodeCount = 20_000

    /// The sizes of the picture for which sizes inside the graph are computed, to see how they depend on it.
    private(set) var pictures: [FeatureShape] = []
    /// The version of the ONNX operators.
    private(set) var version = 0
    /// The names of the network's values.
    private var values: [String] = []
    /// For every value of the network its shapes, one per size of the picture.
    private(set) var shapes: [[FeatureShape]] = []
    private var known: [String: OnnxValue] = [:]
    private var initializers: [String: Onnx_TensorProto] = [:]
    /// What operations that were made before have made, by what they are.
    var normalized: [OnnxForm: Int] = [:]
    /// What was made 8-bit, by the names of the bytes.
    private(set) var quantized: [String: OnnxQuantized] = [:]
    private(set) var nodes: [FloatGraph.Node] = []

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
            var reader = OnnxReader()
            reader.version = try operatorVersion(model)
            return try reader.read(model.graph)
        } catch {
            throw ImportError("\(label): \(error)")
        }
    }

    private static func operatorVersion(_ model: Onnx_ModelProto) throws(ImportError) -> Int {
        let versions = model.opsetImport.filter { $0.domain.isEmpty || $0.domain == "ai.onnx" }.map(\.version)
        guard let version = versions.max() else { throw ImportError("no version of the ONNX operators is stated") }
        guard (7...30).contains(version) else {
            throw ImportError("the ONNX operators have version \(version), and versions 7 to 30 are supported")
        }
        return Int(version)
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
        guard (1...Self.largestOutputCount).contains(graph.output.count) else {
            throw ImportError(
                "the graph has \(graph.output.count) outputs, and 1 to \(Self.largestOutputCount) are supported")
        }
        let (layout, height, width) = try readPicture(input)
        pictures = Self.trialSizes.map {
            FeatureShape(height: height ?? $0.height, width: width ?? $0.width, channels: 3)
        }
        values.append(input.name)
        shapes.append(pictures)
        try define(input.name, .array(OnnxArray(form: .value(0), layout: layout)), node: "the input")
        for (index, node) in graph.node.enumerated() { try read(node, index: index) }
        var outputs: [FloatGraph.Output] = []
        for output in graph.output { outputs.append(.init(name: output.name, value: try result(output.name))) }
        guard Set(outputs.map(\.value)).count == outputs.count, Set(outputs.map(\.name)).count == outputs.count else {
            throw ImportError("two outputs of the graph are the same")
        }
        var whole = FloatGraph(name: graph.name, values: values, input: 0, outputs: outputs, nodes: nodes)
        if let height, let width { whole.statedSize = FeatureShape(height: height, width: width, channels: 3) }
        return whole.withoutUnusedNodes().withAffinesInNormalizations()
    }

    /// What sizes inside the graph are computed for where the file leaves the picture's size open: high, wide and nearly
    /// square, with sides that all networks of which a multiple is asked can take.
    private static let trialSizes = [(height: 256, width: 384), (height: 640, width: 256), (height: 384, width: 512)]

    /// The layout of the picture, and its height and width where the file states them.
    private func readPicture(
        _ input: Onnx_ValueInfoProto
    ) throws(ImportError) -> (layout: OnnxLayout, height: Int?, width: Int?) {
        let type = input.type.tensorType
        guard type.elemType == 1 else { throw ImportError("the input '\(input.name)' is not of type FLOAT") }
        let allowed = "1 x 3 x height x width or 1 x height x width x 3"
        let sizes: [Int?] = type.shape.dim.map { dimension in
            // Exporters write 0 or -1 for what is open.
            if case .dimValue(let value) = dimension.value, value > 0 { Int(value) } else { nil }
        }
        guard sizes.count == 4 else {
            throw ImportError(
                "the input '\(input.name)' has \(sizes.count) dimensions, and 4 are supported: \(allowed)")
        }
        if let batch = sizes[0], batch != 1 {
            throw ImportError("the input '\(input.name)' is a batch of \(batch) pictures, and one is supported")
        }
        let isLast = sizes[3] == 3 && sizes[1] != 3
        if let count = sizes[1], count != 3, !isLast {
            throw ImportError("the input '\(input.name)' has \(count) channels, and 3 are supported: \(allowed)")
        }
        let (height, width) = isLast ? (sizes[1], sizes[2]) : (sizes[2], sizes[3])
        guard max(height ?? 1, width ?? 1) <= 1 << 14 else {
            throw ImportError("the input '\(input.name)' has sides above \(1 << 14) pixels, the most that is allowed")
        }
        return (isLast ? .channelsLast : .channelsFirst, height, width)
    }

    /// The value of the network that the output `name` is.
    private mutating func result(_ name: String) throws(ImportError) -> Int {
        guard let made = try look(up: name), case .array(let array) = made else {
            throw ImportError("nothing makes the output '\(name)' from the picture")
        }
        let value = try self.value(array, name: "the output '\(name)'", reader: "the output '\(name)'")
        let order = array.layout.dimensions.flatMap { $0 }
        guard [[OnnxAxis.channel, .row, .column], [.row, .column, .channel]].contains(order) else {
            throw ImportError(
                "the output '\(name)' has its dimensions in an order that is not supported: channels x height x width and "
                    + "height x width x channels are")
        }
        return value
    }

    /// What `name` stands for, or nil when nothing so far makes it.
    mutating func look(up name: String) throws(ImportError) -> OnnxValue? {
        if let value = known[name] { return value }
        guard let stored = initializers[name] else { return nil }
        let tensor = try OnnxTensor(stored, label: "the initializer '\(name)'")
        let value = stated(tensor)
        known[name] = value
        return value
    }

    /// A tensor of the file: a few integers are sizes, all else is weights.
    func stated(_ tensor: OnnxTensor) -> OnnxValue {
        guard !tensor.integers.isEmpty, tensor.integers.count <= OnnxSizes.largestCount else {
            return .constant(tensor)
        }
        return .sizes(
            OnnxSizes(
                dimensions: tensor.dimensions, same: tensor.integers.map { Double($0) }, isInteger: true,
                pictures: pictures.count))
    }

    /// Lets `name` stand for `value`, which `node` makes; a name can be made once.
    mutating func define(_ name: String, _ value: OnnxValue, node: String) throws(ImportError) {
        guard !name.isEmpty, known[name] == nil, initializers[name] == nil, quantized[name] == nil else {
            throw ImportError("\(node) makes '\(name)', which exists already")
        }
        if case .sizes(let sizes) = value, sizes.count > OnnxSizes.largestCount {
            throw ImportError(
                "\(node) makes \(sizes.count) numbers that are computed from sizes, and at most "
                    + "\(OnnxSizes.largestCount) are supported")
        }
        known[name] = value
    }

    /// Lets `name` stand for bytes, which `node` makes.
    mutating func define(_ name: String, _ bytes: OnnxQuantized, node: String) throws(ImportError) {
        try define(name, .array(bytes.array), node: node)
        known[name] = nil
        quantized[name] = bytes
    }

    /// Adds an operation to the network and returns the value that it makes.
    mutating func append(
        _ operation: Operation, name: String, inputs: [Int], output: String
    ) throws(ImportError) -> Int {
        let node = FloatGraph.Node(name: name, operation: operation, inputs: inputs, output: values.count)
        var made: [FeatureShape] = []
        for picture in pictures.indices {
            made.append(try FloatGraph.shape(of: node, from: inputs.map { shapes[$0][picture] }))
        }
        values.append(output)
        shapes.append(made)
        nodes.append(node)
        return node.output
    }

    /// The channels of a value of the network.
    func channels(_ value: Int) -> Int { shapes[value][0].channels }
}

extension FloatGraph {
    /// The graph with only the nodes that the outputs depend on.
    func withoutUnusedNodes() -> FloatGraph {
        var needed = Set(outputs.map(\.value))
        var kept: [Node] = []
        for node in nodes.reversed() where needed.contains(node.output) {
            needed.formUnion(node.inputs)
            kept.append(node)
        }
        var graph = self
        graph.nodes = kept.reversed()
        return graph
    }

    /// The graph with constant factors and offsets after a normalization as a part of it, as exporters write the
    /// parameters of a group normalization.
    func withAffinesInNormalizations() -> FloatGraph {
        var readers = [Int](repeating: 0, count: values.count)
        for value in nodes.flatMap(\.inputs) + outputs.map(\.value) { readers[value] += 1 }
        var kept: [Node] = []
        var maker: [Int: Int] = [:]
        for node in nodes {
            if case .affine(let factor, let offset) = node.operation, readers[node.inputs[0]] == 1,
                let index = maker[node.inputs[0]], case .normalize(var normalization) = kept[index].operation
            {
                for channel in factor.indices {
                    normalization.factor[channel] *= factor[channel]
                    normalization.offset[channel] = normalization.offset[channel] * factor[channel] + offset[channel]
                }
                kept[index].operation = .normalize(normalization)
                kept[index].output = node.output
                maker[node.output] = index
            } else {
                maker[node.output] = kept.count
                kept.append(node)
            }
        }
        var graph = self
        graph.nodes = kept
        return graph
    }
}
