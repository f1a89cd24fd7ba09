/// Normalizations: as one operator, and in the parts that exporters write out.
extension OnnxReader {
    mutating func readBatchNormalization(_ node: inout OnnxNode) throws(ImportError) {
        let (input, layout) = try channelsFirst(0, node)
        let count = channels(input)
        let epsilon = try node.attributes.number("epsilon", default: 1e-5)
        node.attributes.ignore("momentum", "spatial")
        guard try node.attributes.integer("training_mode", default: 0) == 0 else {
            throw node.refuse("is in training mode, which is not supported")
        }
        var parameters: [[Float]] = []
        for index in 1...4 { parameters.append(try constant(index, node).values) }
        guard parameters.allSatisfy({ $0.count == count }), parameters[3].allSatisfy({ $0 + epsilon > 0 }) else {
            throw node.refuse("needs \(count) scales, offsets, means and positive variances")
        }
        let factor = (0..<count).map { parameters[0][$0] / (parameters[3][$0] + epsilon).squareRoot() }
        let offset = (0..<count).map { parameters[1][$0] - parameters[2][$0] * factor[$0] }
        try emit(.affine(factor: factor, offset: offset), node, [input], layout)
    }

    /// InstanceNormalization of a feature map, or of all channels as if they were the pixels of one, which is how a group
    /// normalization with one group is exported.
    mutating func readInstanceNormalization(_ node: inout OnnxNode) throws(ImportError) {
        let (input, layout) = try picture(0, node)
        let scope: Normalization.Scope
        if layout.startsWithChannels {
            scope = .instance
        } else if layout.rank >= 3, layout.dimensions[0].isEmpty, layout.dimensions[1].isEmpty {
            scope = .layer
        } else {
            throw node.refuse(
                "is given dimensions in an order that is not supported: 1 x channels x pixels, or 1 x 1 x all, is")
        }
        try emitNormalization(&node, input, layout, scope)
    }

    mutating func readGroupNormalization(_ node: inout OnnxNode) throws(ImportError) {
        let (input, layout) = try channelsFirst(0, node)
        let groups = try node.attributes.integer("num_groups", default: 0)
        node.attributes.ignore("stash_type")
        guard groups == 1 || groups == channels(input) else {
            throw node.refuse("has \(groups) groups, and 1 or as many as channels are supported")
        }
        try emitNormalization(&node, input, layout, groups == 1 ? .layer : .instance)
    }

    private mutating func emitNormalization(
        _ node: inout OnnxNode, _ input: Int, _ layout: OnnxLayout, _ scope: Normalization.Scope
    ) throws(ImportError) {
        let count = channels(input)
        let epsilon = try node.attributes.number("epsilon", default: 1e-5)
        guard epsilon >= 0, epsilon.isFinite else { throw node.refuse("has an epsilon of \(epsilon)") }
        var parameters: [[Float]] = []
        for index in 1...2 {
            let values = try constant(index, node).values
            // One number for the only group, or one per channel.
            guard values.count == count || (values.count == 1 && scope == .layer) else {
                throw node.refuse("has \(values.count) numbers for input \(index), and its input has \(count) channels")
            }
            parameters.append(values.count == count ? values : [Float](repeating: values[0], count: count))
        }
        let normalization = Normalization(
            scope: scope, factor: parameters[0], offset: parameters[1], epsilon: epsilon)
        try emit(.normalize(normalization), node, [input], layout)
    }

    /// GlobalAveragePool and ReduceMean.
    mutating func readMean(_ node: inout OnnxNode) throws(ImportError) {
        let array = try array(0, node)
        let (reduced, keeps) = try readReduction(&node, array.layout)
        let axes = Set(reduced.flatMap { array.layout.dimensions[$0] })
        let scope: Normalization.Scope
        switch axes {
        case [.row, .column]: scope = .instance
        case [.row, .column, .channel]: scope = .layer
        default: throw node.refuse("takes a mean that is neither over all pixels nor over all pixels and channels")
        }
        var form = array.form
        // A mean of what is already normalized is the mean of a value of the network.
        if form.averaged(scope) == nil {
            form = .value(try value(array, name: node.input(0) ?? "", reader: node.label))
        }
        guard let mean = form.averaged(scope) else { throw node.refuse("takes the mean of \(form.description)") }
        try define(mean, array.layout.reduced(over: reduced, keeps: keeps), node)
    }

    /// The dimensions that a reduction reduces over, and whether they stay as dimensions of 1.
    private mutating func readReduction(
        _ node: inout OnnxNode, _ layout: OnnxLayout
    ) throws(ImportError) -> (dimensions: Set<Int>, keeps: Bool) {
        if node.type == "GlobalAveragePool" { return (Set(layout.dimensions.indices.dropFirst(2)), true) }
        let keeps = try node.attributes.integer("keepdims", default: 1) != 0
        let isIdentity = try node.attributes.integer("noop_with_empty_axes", default: 0) != 0
        let stated = try integers(attribute: "axes", orInput: 1, &node) ?? []
        guard !stated.isEmpty || !isIdentity else { throw node.refuse("reduces nothing") }
        var reduced: Set<Int> = []
        for axis in stated.isEmpty ? Array(layout.dimensions.indices) : stated {
            guard let index = layout.dimension(axis) else {
                throw node.refuse("reduces dimension \(axis) of \(layout.rank)")
            }
            reduced.insert(index)
        }
        return (reduced, keeps)
    }

    /// Sqrt and Reciprocal.
    mutating func readRoot(_ node: inout OnnxNode) throws(ImportError) {
        let array = try array(0, node)
        guard let form = node.type == "Sqrt" ? array.form.squareRoot : array.form.reciprocal else {
            throw node.refuse(
                "is given \(array.form.description), and only variances and deviations in a normalization are supported"
            )
        }
        try define(form, array.layout, node)
    }

    mutating func readPower(_ node: inout OnnxNode) throws(ImportError) {
        let array = try array(0, node)
        let form: OnnxForm? =
            switch try constant(1, node).uniform {
            case 2:
                if case .form(let square)? = OnnxForm.combined("Mul", array.form, array.form) { square } else { nil }
            case 0.5: array.form.squareRoot
            case -0.5: array.form.squareRoot?.reciprocal
            case -1: array.form.reciprocal
            default: nil
            }
        guard let form else {
            throw node.refuse("is given \(array.form.description), and only steps of a normalization are supported")
        }
        try define(form, array.layout, node)
    }

    mutating func readSoftmax(_ node: inout OnnxNode) throws(ImportError) {
        let (input, layout) = try picture(0, node)
        let stated = try node.attributes.integer("axis", default: version < 13 ? 1 : -1)
        // Before version 13 all dimensions from the stated one on were flattened.
        let isClear = version >= 13 || layout.dimension(stated) == layout.rank - 1
        guard isClear, let axis = layout.dimension(stated), layout.dimensions[axis] == [.row, .column] else {
            throw node.refuse("is over dimension \(stated), and only one that is all pixels is supported")
        }
        try define(.softmax(input), layout, node)
    }

    mutating func readSum(_ node: inout OnnxNode) throws(ImportError) {
        let array = try array(0, node)
        let (reduced, keeps) = try readReduction(&node, array.layout)
        guard case .softmax(let value) = array.form,
            reduced.flatMap({ array.layout.dimensions[$0] }) == [.channel]
        else {
            throw node.refuse(
                "sums \(array.form.description), and only the channels of a softmax over pixels are supported")
        }
        try define(.softmaxSum(value, epsilon: 0), array.layout.reduced(over: reduced, keeps: keeps), node)
    }
}
