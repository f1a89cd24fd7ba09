extension OnnxReader {
    private typealias Rule = @Sendable (inout OnnxReader, inout OnnxNode) throws(ImportError) -> Void

    /// What reads each operator.
    private static let rules: [String: Rule] = [
        "Add": { reader, node throws(ImportError) in try reader.readArithmetic(&node) },
        "AveragePool": { reader, node throws(ImportError) in try reader.readAveragePool(&node) },
        "BatchNormalization": { reader, node throws(ImportError) in try reader.readBatchNormalization(&node) },
        "Cast": { reader, node throws(ImportError) in try reader.readCast(&node) },
        "Clip": { reader, node throws(ImportError) in try reader.readClip(&node) },
        "Concat": { reader, node throws(ImportError) in try reader.readConcatenation(&node) },
        "Constant": { reader, node throws(ImportError) in try reader.readConstant(&node) },
        "ConstantOfShape": { reader, node throws(ImportError) in try reader.readFilled(&node) },
        "Conv": { reader, node throws(ImportError) in try reader.readConvolution(&node) },
        "ConvTranspose": { reader, node throws(ImportError) in try reader.readTransposedConvolution(&node) },
        "DepthToSpace": { reader, node throws(ImportError) in try reader.readRearrangement(&node) },
        "DequantizeLinear": { reader, node throws(ImportError) in try reader.readDequantization(&node) },
        "Div": { reader, node throws(ImportError) in try reader.readArithmetic(&node) },
        "Gather": { reader, node throws(ImportError) in try reader.readGather(&node) },
        "GlobalAveragePool": { reader, node throws(ImportError) in try reader.readMean(&node) },
        "GroupNormalization": { reader, node throws(ImportError) in try reader.readGroupNormalization(&node) },
        "Identity": { reader, node throws(ImportError) in try reader.readIdentity(&node) },
        "InstanceNormalization": { reader, node throws(ImportError) in try reader.readInstanceNormalization(&node) },
        "LeakyRelu": { reader, node throws(ImportError) in try reader.readActivation(&node) },
        "MaxPool": { reader, node throws(ImportError) in try reader.readMaxPool(&node) },
        "Mul": { reader, node throws(ImportError) in try reader.readArithmetic(&node) },
        "PRelu": { reader, node throws(ImportError) in try reader.readActivation(&node) },
        "Pad": { reader, node throws(ImportError) in try reader.readPad(&node) },
        "Pow": { reader, node throws(ImportError) in try reader.readPower(&node) },
        "Reciprocal": { reader, node throws(ImportError) in try reader.readRoot(&node) },
        "QuantizeLinear": { reader, node throws(ImportError) in try reader.readQuantization(&node) },
        "ReduceMean": { reader, node throws(ImportError) in try reader.readMean(&node) },
        "ReduceSum": { reader, node throws(ImportError) in try reader.readSum(&node) },
        "Relu": { reader, node throws(ImportError) in try reader.readActivation(&node) },
        "Reshape": { reader, node throws(ImportError) in try reader.readReshape(&node) },
        "Resize": { reader, node throws(ImportError) in try reader.readResize(&node) },
        "Shape": { reader, node throws(ImportError) in try reader.readShape(&node) },
        "Sigmoid": { reader, node throws(ImportError) in try reader.readActivation(&node) },
        "Slice": { reader, node throws(ImportError) in try reader.readSlice(&node) },
        "Softmax": { reader, node throws(ImportError) in try reader.readSoftmax(&node) },
        "SpaceToDepth": { reader, node throws(ImportError) in try reader.readRearrangement(&node) },
        "Sqrt": { reader, node throws(ImportError) in try reader.readRoot(&node) },
        "Squeeze": { reader, node throws(ImportError) in try reader.readSqueeze(&node) },
        "Sub": { reader, node throws(ImportError) in try reader.readArithmetic(&node) },
        "Tanh": { reader, node throws(ImportError) in try reader.readActivation(&node) },
        "Transpose": { reader, node throws(ImportError) in try reader.readTranspose(&node) },
        "Unsqueeze": { reader, node throws(ImportError) in try reader.readUnsqueeze(&node) },
    ]

    /// The operators that can be read.
    package static let supportedOperators: [String] = rules.keys.sorted()

    /// Reads one node.
    mutating func read(_ proto: Onnx_NodeProto, index: Int) throws(ImportError) {
        var node = try OnnxNode(proto, index: index)
        guard let rule = Self.rules[node.type] else {
            throw node.refuse(
                "is not supported; supported operators are \(Self.supportedOperators.joined(separator: ", "))")
        }
        try rule(&self, &node)
        try node.attributes.finish()
    }
}

/// What nodes read and make.
extension OnnxReader {
    /// What input `index` is.
    mutating func operand(_ index: Int, _ node: OnnxNode) throws(ImportError) -> OnnxValue {
        guard let name = node.input(index) else { throw node.refuse("has no input \(index)") }
        guard quantized[name] == nil else {
            throw node.refuse("reads the bytes '\(name)', which only DequantizeLinear can")
        }
        guard let value = try look(up: name) else {
            throw node.refuse(
                "reads '\(name)', which is neither the picture nor made by an earlier node (an initializer is missing, or "
                    + "the graph has a cycle)")
        }
        return value
    }

    /// Input `index`, which must depend on the picture.
    mutating func array(_ index: Int, _ node: OnnxNode) throws(ImportError) -> OnnxArray {
        guard case .array(let array) = try operand(index, node) else {
            throw node.refuse("needs a feature map for input \(index), and '\(node.input(index) ?? "")' is none")
        }
        return array
    }

    /// The value and the layout of input `index`, which must be a feature map.
    mutating func picture(
        _ index: Int, _ node: OnnxNode
    ) throws(ImportError) -> (value: Int, layout: OnnxLayout) {
        let array = try array(index, node)
        return (try value(array, name: node.input(index) ?? "", reader: node.label), array.layout)
    }

    /// The same, where dimension 1 must be the channels and the pixels must follow.
    mutating func channelsFirst(
        _ index: Int, _ node: OnnxNode
    ) throws(ImportError) -> (value: Int, layout: OnnxLayout) {
        let (value, layout) = try picture(index, node)
        guard layout.startsWithChannels else {
            throw node.refuse("is given dimensions in another order than 1 x channels x height x width")
        }
        return (value, layout)
    }

    /// The value of the network that `array` is. A normalization that is complete becomes one.
    mutating func value(_ array: OnnxArray, name: String, reader: String) throws(ImportError) -> Int {
        if case .value(let value) = array.form { return value }
        if let value = normalized[array.form] { return value }
        guard case .centred(let centred) = array.form, let epsilon = centred.divisor, centred.model == nil else {
            throw ImportError(
                "\(reader) reads \(array.form.description), '\(name)', which is supported only as a part of a normalization,"
                    + " of attention over pixels or of a convolution's padding")
        }
        let count = channels(centred.value)
        let normalization = Normalization(
            scope: centred.scope, factor: [Float](repeating: 1, count: count),
            offset: [Float](repeating: 0, count: count), epsilon: epsilon)
        let value = try append(.normalize(normalization), name: name, inputs: [centred.value], output: name)
        normalized[array.form] = value
        return value
    }

    /// The constant of input `index`.
    mutating func constant(_ index: Int, _ node: OnnxNode) throws(ImportError) -> OnnxTensor {
        guard let name = node.input(index) else { throw node.refuse("has no input \(index)") }
        switch try look(up: name) {
        case .constant(let tensor): return tensor
        case .sizes(let sizes):
            if let numbers = sizes.constant {
                return OnnxTensor(dimensions: sizes.dimensions, values: numbers.map { Float($0) })
            }
        default: break
        }
        throw node.refuse("needs a constant for input \(index), and '\(name)' is not one")
    }

    /// The integers of input `index`, which must be the same for all sizes of the picture.
    mutating func integers(_ index: Int, _ node: OnnxNode) throws(ImportError) -> [Int] {
        let numbers = try sizes(index, node)
        guard numbers.constant != nil, let integers = numbers.integers?.first else {
            throw node.refuse(
                "needs constant integers for input \(index), and '\(node.input(index) ?? "")' is something else")
        }
        return integers
    }

    /// The numbers of input `index`, which must be small constants or follow from the size of the picture.
    mutating func sizes(_ index: Int, _ node: OnnxNode) throws(ImportError) -> OnnxSizes {
        switch try operand(index, node) {
        case .sizes(let sizes): return sizes
        case .constant(let tensor) where tensor.values.count <= OnnxSizes.largestCount:
            return OnnxSizes(
                dimensions: tensor.dimensions, same: tensor.values.map { Double($0) }, isInteger: false,
                pictures: pictures.count)
        default:
            throw node.refuse(
                "needs sizes for input \(index), and '\(node.input(index) ?? "")' is neither a small constant nor computed "
                    + "from Shape")
        }
    }

    /// Integers that older operators have as the attribute `name` and newer ones as input `index`; nil when left out.
    mutating func integers(
        attribute name: String, orInput index: Int, _ node: inout OnnxNode
    ) throws(ImportError) -> [Int]? {
        if let stated = try node.attributes.integers(name) { return stated }
        return node.input(index) == nil ? nil : try integers(index, node)
    }

    /// Adds the operation that `node` is.
    mutating func emit(
        _ operation: Operation, _ node: OnnxNode, _ inputs: [Int], _ layout: OnnxLayout
    ) throws(ImportError) {
        let value = try append(operation, name: node.name, inputs: inputs, output: node.output)
        try define(node.output, .array(OnnxArray(form: .value(value), layout: layout)), node: node.label)
    }

    /// Lets what `node` makes be `form`.
    mutating func define(_ form: OnnxForm, _ layout: OnnxLayout, _ node: OnnxNode) throws(ImportError) {
        try define(node.output, .array(OnnxArray(form: form, layout: layout)), node: node.label)
    }
}
