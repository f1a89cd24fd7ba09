/// Operators that work on every number by itself, or on two numbers in the same place.
extension OnnxReader {
    mutating func readActivation(_ node: inout OnnxNode) throws(ImportError) {
        let (input, layout) = try picture(0, node)
        switch node.type {
        case "Relu": try emit(.clip(0...(.greatestFiniteMagnitude)), node, [input], layout)
        case "Tanh": try emit(.function(.tanh), node, [input], layout)
        case "Sigmoid": try emit(.function(.sigmoid), node, [input], layout)
        case "LeakyRelu":
            let slope = try node.attributes.number("alpha", default: 0.01)
            guard slope.isFinite else { throw node.refuse("has a slope that is not a number") }
            try emit(.leakyRelu(slope: slope), node, [input], layout)
        default:
            let slopes = try constant(1, node)
            if let slope = slopes.uniform, (0...1).contains(slope) {
                return try emit(.leakyRelu(slope: slope), node, [input], layout)
            }
            guard let perChannel = slopes.perChannel(channels(input), layout) else {
                throw node.refuse(
                    "has slopes of the shape \(slopes.dimensions); one number, or one per channel, is supported")
            }
            try emit(.function(.slopes(perChannel)), node, [input], layout)
        }
    }

    mutating func readClip(_ node: inout OnnxNode) throws(ImportError) {
        let (input, layout) = try picture(0, node)
        var limits = [-Float.greatestFiniteMagnitude, Float.greatestFiniteMagnitude]
        limits[0] = try node.attributes.number("min", default: limits[0])
        limits[1] = try node.attributes.number("max", default: limits[1])
        for index in 1...2 where node.input(index) != nil {
            guard let limit = try constant(index, node).scalar else {
                throw node.refuse("has a limit that is not one number")
            }
            limits[index - 1] = limit
        }
        guard limits[0] < limits[1] else {
            throw node.refuse("clips to [\(limits[0]), \(limits[1])], which is empty")
        }
        try emit(.clip(limits[0]...limits[1]), node, [input], layout)
    }

    /// Add, Sub, Mul and Div: of sizes, of a feature map with a constant, and of two feature maps.
    mutating func readArithmetic(_ node: inout OnnxNode) throws(ImportError) {
        switch (try operand(0, node), try operand(1, node)) {
        case (.array(let left), .array(let right)):
            try combine(left, right, node)
        case (.array(let array), _):
            try combine(array, with: constant(1, node), isReversed: false, node)
        case (_, .array(let array)):
            try combine(array, with: constant(0, node), isReversed: true, node)
        default:
            guard let result = try sizes(0, node).combined(node.type, with: sizes(1, node)) else {
                throw node.refuse("computes a size from numbers that do not fit together, or divides by zero")
            }
            try define(node.output, .sizes(result), node: node.label)
        }
    }

    private mutating func combine(_ left: OnnxArray, _ right: OnnxArray, _ node: OnnxNode) throws(ImportError) {
        guard let layout = left.layout.joined(with: right.layout) else {
            throw node.refuse("joins feature maps whose dimensions are in different orders")
        }
        switch OnnxForm.combined(node.type, left.form, right.form) {
        case .form(let form): return try define(form, layout, node)
        case .operation(let operation, let inputs): return try emit(operation, node, inputs, layout)
        case nil: break
        }
        if node.type == "Mul", try multiply(left, right, layout, node) { return }
        guard node.type == "Add", left.layout.dimensions.joined().count == right.layout.dimensions.joined().count else {
            throw node.refuse(
                "is \(node.type) of \(left.form.description) and \(right.form.description); supported are the sum of two "
                    + "feature maps, constants, and the steps of instance, layer and adaptive normalization and of attention "
                    + "over pixels")
        }
        let inputs = [
            try value(left, name: node.input(0) ?? "", reader: node.label),
            try value(right, name: node.input(1) ?? "", reader: node.label),
        ]
        guard channels(inputs[0]) == channels(inputs[1]) else {
            throw node.refuse("adds \(channels(inputs[0])) and \(channels(inputs[1])) channels, which differ")
        }
        try emit(.add, node, inputs, layout)
    }

    /// A product of feature maps: a hard-swish written out, or channels times one pixel. False when it is neither.
    private mutating func multiply(
        _ left: OnnxArray, _ right: OnnxArray, _ layout: OnnxLayout, _ node: OnnxNode
    ) throws(ImportError) -> Bool {
        guard case .value(let first) = left.form, case .value(let second) = right.form else { return false }
        for (value, factor) in [(first, second), (second, first)] {
            if isHardSigmoid(factor, of: value) {
                try emit(.function(.hardSwish), node, [value], layout)
                return true
            }
            let isOnePixel = zip(shapes[factor], shapes[value]).allSatisfy { factor, value in
                factor == FeatureShape(height: 1, width: 1, channels: value.channels)
            }
            if isOnePixel {
                try emit(.channelScale, node, [value, factor], layout)
                return true
            }
        }
        return false
    }

    /// Whether `factor` is min(max(v + 3, 0), 6) / 6.
    private func isHardSigmoid(_ factor: Int, of value: Int) -> Bool {
        func maker(of value: Int) -> FloatGraph.Node? { nodes.last { $0.output == value } }
        guard let sixth = maker(of: factor), case .affine(let scale, let none) = sixth.operation,
            scale.allSatisfy({ abs($0 - 1 / 6) < 1e-6 }), none.allSatisfy({ $0 == 0 }),
            let clip = maker(of: sixth.inputs[0]), case .clip(0...6) = clip.operation,
            let shift = maker(of: clip.inputs[0]), case .affine(let ones, let threes) = shift.operation,
            ones.allSatisfy({ $0 == 1 }), threes.allSatisfy({ $0 == 3 })
        else { return false }
        return shift.inputs == [value]
    }

    private mutating func combine(
        _ array: OnnxArray, with constant: OnnxTensor, isReversed: Bool, _ node: OnnxNode
    ) throws(ImportError) {
        let layout = array.layout.padded(toRank: constant.dimensions.count)
        if let number = constant.uniform, constant.dimensions.allSatisfy({ $0 == 1 }) {
            if node.type == "Add", let form = array.form.adding(number) { return try define(form, layout, node) }
            if node.type == "Div", isReversed, number == 1, let form = array.form.reciprocal {
                return try define(form, layout, node)
            }
        }
        let input = try value(array, name: node.input(isReversed ? 1 : 0) ?? "", reader: node.label)
        guard let values = constant.perChannel(channels(input), layout) else {
            throw node.refuse(
                "has a constant of the shape \(constant.dimensions); one number, or one per channel, is supported")
        }
        var factor = [Float](repeating: 1, count: values.count)
        var offset = [Float](repeating: 0, count: values.count)
        switch node.type {
        case "Add": offset = values
        case "Mul": factor = values
        case "Sub":
            offset = isReversed ? values : values.map { -$0 }
            if isReversed { factor = factor.map { -$0 } }
        default:
            factor = values.map { 1 / $0 }
            guard !isReversed, factor.allSatisfy(\.isFinite) else {
                throw node.refuse("divides a constant by a feature map, or by zero, which is not supported")
            }
        }
        try emit(.affine(factor: factor, offset: offset), node, [input], layout)
    }
}
