/// One node of an ONNX graph while it is read.
private struct NodeContext {
    let label: String
    let node: Onnx_NodeProto
    var attributes: OnnxAttributes

    init(_ node: Onnx_NodeProto, index: Int) throws(ImportError) {
        label = "node '\(node.name.isEmpty ? "#\(index)" : node.name)' (\(node.opType))"
        self.node = node
        attributes = try OnnxAttributes(of: node, label: label)
    }

    /// The name of input `index`, or nil when it is left out.
    func input(_ index: Int) -> String? {
        index < node.input.count && !node.input[index].isEmpty ? node.input[index] : nil
    }

    /// What the node is called: after its weights where it has some (`stem.weight` makes `stem`), else after itself.
    func name(_ output: String) -> String {
        if let weights = input(1), node.opType == "Conv", weights.hasSuffix(".weight") {
            return String(weights.dropLast(".weight".count))
        }
        return node.name.isEmpty ? output : node.name
    }

    func refuse(_ reason: String) -> ImportError { ImportError("\(label) \(reason)") }
}

extension OnnxReader {
    /// The operators that can be read.
    package static let supportedOperators = [
        "Add", "BatchNormalization", "Clip", "Constant", "Conv", "DepthToSpace", "Identity", "Mul", "Relu",
        "SpaceToDepth",
    ]

    /// Reads one node.
    mutating func read(_ node: Onnx_NodeProto, index: Int) throws(ImportError) {
        var context = try NodeContext(node, index: index)
        guard node.domain.isEmpty || node.domain == "ai.onnx" else {
            throw context.refuse("is an operator of '\(node.domain)', and only standard ONNX operators are supported")
        }
        guard let output = node.output.first, node.output.dropFirst().allSatisfy(\.isEmpty) else {
            throw context.refuse("has \(node.output.count) outputs, and one is supported")
        }
        switch node.opType {
        case "Constant": try readConstant(&context, output)
        case "Identity":
            guard let source = context.input(0) else { throw context.refuse("has no input") }
            _ = try constant(source) == nil ? picture(0, context) : 0
            try alias(output, of: source, node: context.label)
        case "Conv": try readConvolution(&context, output)
        case "BatchNormalization": try readBatchNormalization(&context, output)
        case "Clip": try readClip(&context, output)
        case "Relu": try emit(.clip(0...(.greatestFiniteMagnitude)), context, [picture(0, context)], output)
        case "Add", "Mul": try readArithmetic(&context, output)
        case "SpaceToDepth", "DepthToSpace": try readRearrangement(&context, output)
        default:
            throw context.refuse(
                "is not supported; supported operators are \(Self.supportedOperators.joined(separator: ", "))")
        }
        try context.attributes.finish()
    }

    /// The value of input `index`, which must be a feature map.
    private func picture(_ index: Int, _ context: NodeContext) throws(ImportError) -> Int {
        guard let name = context.input(index) else { throw context.refuse("has no input \(index)") }
        guard let value = value(name) else {
            throw context.refuse(
                "reads '\(name)', which is neither the picture nor made by an earlier node (an initializer is missing, or "
                    + "the graph has a cycle)")
        }
        return value
    }

    /// The constant of input `index`.
    private mutating func constant(_ index: Int, _ context: NodeContext) throws(ImportError) -> OnnxTensor {
        guard let name = context.input(index) else { throw context.refuse("has no input \(index)") }
        guard let tensor = try constant(name) else {
            throw context.refuse("needs a constant for input \(index), and '\(name)' is not one")
        }
        return tensor
    }

    private mutating func emit(
        _ operation: Operation, _ context: NodeContext, _ inputs: [Int], _ output: String, channels count: Int? = nil
    ) throws(ImportError) {
        let value = try define(output, channels: count ?? channels[inputs[0]], node: context.label)
        append(FloatGraph.Node(name: context.name(output), operation: operation, inputs: inputs, output: value))
    }

    private mutating func readConstant(_ context: inout NodeContext, _ output: String) throws(ImportError) {
        guard let tensor = try context.attributes.tensor("value") else {
            throw context.refuse("has no attribute 'value' that is a tensor, the only kind that is supported")
        }
        let constant = try OnnxTensor(tensor, label: context.label)
        try setConstant(output, constant, node: context.label)
    }

    private mutating func readConvolution(_ context: inout NodeContext, _ output: String) throws(ImportError) {
        let input = try picture(0, context)
        let weights = try constant(1, context)
        guard weights.dimensions.count == 4, !weights.values.isEmpty else {
            throw context.refuse("has weights of the shape \(weights.dimensions), and 4 dimensions are supported")
        }
        let outputs = weights.dimensions[0]
        let depth = weights.dimensions[1]
        let window = try readWindow(&context, height: weights.dimensions[2], width: weights.dimensions[3])
        let bias = context.input(2) == nil ? [Float](repeating: 0, count: outputs) : try constant(2, context).values
        guard bias.count == outputs else {
            throw context.refuse("has \(bias.count) biases for \(outputs) output channels")
        }
        let groups = try context.attributes.integer("group", default: 1)
        guard groups == 1 || (groups == channels[input] && outputs == groups && depth == 1) else {
            throw context.refuse("has \(groups) groups, and dense (1) or depthwise (one per channel) are supported")
        }
        guard groups > 1 || depth == channels[input] else {
            throw context.refuse("has weights for \(depth) channels, and its input has \(channels[input])")
        }
        let taps = window.taps
        // ONNX stores [output][input][row][column]; the executor wants the input channel last.
        if groups > 1 {
            let ordered = (0..<taps * outputs).map { weights.values[$0 % outputs * taps + $0 / outputs] }
            try emit(.depthwise(window, weights: ordered, bias: bias), context, [input], output, channels: outputs)
        } else {
            var ordered = weights.values
            for out in 0..<outputs {
                for channel in 0..<depth {
                    for tap in 0..<taps {
                        ordered[(out * taps + tap) * depth + channel] =
                            weights.values[(out * depth + channel) * taps + tap]
                    }
                }
            }
            let convolution = Operation.convolution(window, weights: ordered, bias: bias, inputChannels: depth)
            try emit(convolution, context, [input], output, channels: outputs)
        }
    }

    private func readWindow(_ context: inout NodeContext, height: Int, width: Int) throws(ImportError) -> Window {
        let kernel = try context.attributes.integers("kernel_shape", default: [height, width])
        let strides = try context.attributes.integers("strides", default: [1, 1])
        let dilations = try context.attributes.integers("dilations", default: [1, 1])
        let automatic = try context.attributes.text("auto_pad", default: "NOTSET")
        var pads = try context.attributes.integers("pads", default: [0, 0, 0, 0])
        guard kernel == [height, width] else {
            throw context.refuse("states a kernel of \(kernel), and its weights are \(height)x\(width)")
        }
        guard dilations == [1, 1] else { throw context.refuse("is dilated by \(dilations), which is not supported") }
        let limit = FloatLimits.window
        guard [height, width].allSatisfy({ (1...limit).contains($0) }), strides.count == 2,
            strides.allSatisfy({ (1...limit).contains($0) }), pads.count == 4,
            pads.allSatisfy({ (0...limit).contains($0) })
        else {
            throw context.refuse(
                "has a window of \(height)x\(width), strides \(strides) and pads \(pads); 1 to \(limit) are supported for "
                    + "the window and 2 strides, 0 to \(limit) for 4 pads")
        }
        switch automatic {
        case "NOTSET", "VALID": break
        case "SAME_UPPER" where strides == [1, 1]:
            pads = [(height - 1) / 2, (width - 1) / 2, height / 2, width / 2]
        case "SAME_LOWER" where strides == [1, 1]:
            pads = [height / 2, width / 2, (height - 1) / 2, (width - 1) / 2]
        default:
            throw context.refuse(
                "has auto_pad \(automatic) with strides \(strides), and only stated pads are supported")
        }
        return Window(
            height: height, width: width, strideY: strides[0], strideX: strides[1],
            padding: Padding(top: pads[0], left: pads[1], bottom: pads[2], right: pads[3]))
    }

    private mutating func readBatchNormalization(_ context: inout NodeContext, _ output: String) throws(ImportError) {
        let input = try picture(0, context)
        let count = channels[input]
        let epsilon = try context.attributes.number("epsilon", default: 1e-5)
        context.attributes.ignore("momentum", "spatial")
        guard try context.attributes.integer("training_mode", default: 0) == 0 else {
            throw context.refuse("is in training mode, which is not supported")
        }
        var parameters: [[Float]] = []
        for index in 1...4 { parameters.append(try constant(index, context).values) }
        guard parameters.allSatisfy({ $0.count == count }), parameters[3].allSatisfy({ $0 + epsilon > 0 }) else {
            throw context.refuse("needs \(count) scales, offsets, means and positive variances")
        }
        let factor = (0..<count).map { parameters[0][$0] / (parameters[3][$0] + epsilon).squareRoot() }
        let offset = (0..<count).map { parameters[1][$0] - parameters[2][$0] * factor[$0] }
        try emit(.affine(factor: factor, offset: offset), context, [input], output)
    }

    private mutating func readClip(_ context: inout NodeContext, _ output: String) throws(ImportError) {
        let input = try picture(0, context)
        var limits = [-Float.greatestFiniteMagnitude, Float.greatestFiniteMagnitude]
        limits[0] = try context.attributes.number("min", default: limits[0])
        limits[1] = try context.attributes.number("max", default: limits[1])
        for index in 1...2 where context.input(index) != nil {
            guard let limit = try constant(index, context).scalar else {
                throw context.refuse("has a limit that is not one number")
            }
            limits[index - 1] = limit
        }
        guard limits[0] < limits[1] else {
            throw context.refuse("clips to [\(limits[0]), \(limits[1])], which is empty")
        }
        try emit(.clip(limits[0]...limits[1]), context, [input], output)
    }

    private mutating func readArithmetic(_ context: inout NodeContext, _ output: String) throws(ImportError) {
        let isAdd = context.node.opType == "Add"
        for (index, other) in [(0, 1), (1, 0)] {
            guard let name = context.input(other), let tensor = try constant(name) else { continue }
            let input = try picture(index, context)
            guard let values = tensor.perChannel(channels[input]) else {
                throw context.refuse(
                    "has a constant of the shape \(tensor.dimensions); one number, or one per channel, is supported")
            }
            let ones = [Float](repeating: 1, count: values.count)
            let zeros = [Float](repeating: 0, count: values.count)
            let affine = Operation.affine(factor: isAdd ? ones : values, offset: isAdd ? values : zeros)
            return try emit(affine, context, [input], output)
        }
        guard isAdd else { throw context.refuse("multiplies two feature maps; a constant factor is supported") }
        let inputs = [try picture(0, context), try picture(1, context)]
        guard channels[inputs[0]] == channels[inputs[1]] else {
            throw context.refuse("adds \(channels[inputs[0]]) and \(channels[inputs[1]]) channels, which differ")
        }
        try emit(.add, context, inputs, output)
    }

    private mutating func readRearrangement(_ context: inout NodeContext, _ output: String) throws(ImportError) {
        let input = try picture(0, context)
        let block = try context.attributes.integer("blocksize", default: 0)
        guard (1...8).contains(block) else {
            throw context.refuse("has a block size of \(block), and 1 to 8 are supported")
        }
        if context.node.opType == "SpaceToDepth" {
            return try emit(.spaceToDepth(block), context, [input], output, channels: channels[input] * block * block)
        }
        let mode = try context.attributes.text("mode", default: "DCR")
        let orders: [String: BlockOrder] = ["DCR": .depthColumnRow, "CRD": .columnRowDepth]
        guard let order = orders[mode] else {
            throw context.refuse("has the mode \(mode), and DCR and CRD are supported")
        }
        guard channels[input] % (block * block) == 0 else {
            throw context.refuse("divides \(channels[input]) channels by \(block * block)")
        }
        try emit(.depthToSpace(block, order), context, [input], output, channels: channels[input] / (block * block))
    }
}
