/// Convolutions with the padding before them, and what moves pixels into channels and back.
extension OnnxReader {
    mutating func readConvolution(_ node: inout OnnxNode) throws(ImportError) {
        let array = try array(0, node)
        let weights = try constant(1, node)
        guard weights.dimensions.count == 4, !weights.values.isEmpty else {
            throw node.refuse("has weights of the shape \(weights.dimensions), and 4 dimensions are supported")
        }
        let outputs = weights.dimensions[0]
        let depth = weights.dimensions[1]
        var window = try readWindow(&node, height: weights.dimensions[2], width: weights.dimensions[3])
        let input: Int
        if case .padded(let value, let padding, let border) = array.form {
            guard window.padding.isNone else {
                throw node.refuse("has pads of its own after a Pad, and one of the two is supported")
            }
            input = value
            window.padding = padding
            window.border = border
        } else {
            input = try value(array, name: node.input(0) ?? "", reader: node.label)
        }
        // A 1x1 window may move over pixels in any arrangement.
        let isInOrder = array.layout == .channelsFirst || (window.isSingle && array.layout.startsWithChannels)
        guard isInOrder, array.layout.rank == 4 else {
            throw node.refuse("is given dimensions in another order than 1 x channels x height x width")
        }
        let bias = node.input(2) == nil ? [Float](repeating: 0, count: outputs) : try constant(2, node).values
        guard bias.count == outputs else {
            throw node.refuse("has \(bias.count) biases for \(outputs) output channels")
        }
        let groups = try node.attributes.integer("group", default: 1)
        guard groups == 1 || (groups == channels(input) && outputs == groups && depth == 1) else {
            throw node.refuse("has \(groups) groups, and dense (1) or depthwise (one per channel) are supported")
        }
        guard groups > 1 || depth == channels(input) else {
            throw node.refuse("has weights for \(depth) channels, and its input has \(channels(input))")
        }
        // The executor has the channel last for both: a depthwise convolution is as if it had one output of many channels.
        let ordered = Self.reordered(
            weights.values, outputs: groups > 1 ? 1 : outputs, depth: groups > 1 ? outputs : depth, taps: window.taps)
        let operation: Operation =
            groups > 1
            ? .depthwise(window, weights: ordered, bias: bias)
            : .convolution(window, weights: ordered, bias: bias, inputChannels: depth)
        try emit(operation, node, [input], array.layout)
    }

    /// Weights from ONNX's order, [output][input][tap], to [output][tap][input].
    private static func reordered(_ weights: [Float], outputs: Int, depth: Int, taps: Int) -> [Float] {
        var ordered = weights
        for out in 0..<outputs {
            for channel in 0..<depth {
                for tap in 0..<taps {
                    ordered[(out * taps + tap) * depth + channel] = weights[(out * depth + channel) * taps + tap]
                }
            }
        }
        return ordered
    }

    mutating func readWindow(_ node: inout OnnxNode, height: Int, width: Int) throws(ImportError) -> Window {
        let kernel = try node.attributes.integers("kernel_shape", default: [height, width])
        let strides = try node.attributes.integers("strides", default: [1, 1])
        let dilations = try node.attributes.integers("dilations", default: [1, 1])
        let automatic = try node.attributes.text("auto_pad", default: "NOTSET")
        var pads = try node.attributes.integers("pads", default: [0, 0, 0, 0])
        guard kernel == [height, width] else {
            throw node.refuse("states a kernel of \(kernel), and its weights are \(height)x\(width)")
        }
        guard dilations == [1, 1] else { throw node.refuse("is dilated by \(dilations), which is not supported") }
        let limit = FloatLimits.window
        guard [height, width].allSatisfy({ (1...limit).contains($0) }), strides.count == 2,
            strides.allSatisfy({ (1...limit).contains($0) }), pads.count == 4,
            pads.allSatisfy({ (0...limit).contains($0) })
        else {
            throw node.refuse(
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
            throw node.refuse(
                "has auto_pad \(automatic) with strides \(strides), and only stated pads are supported")
        }
        return Window(
            height: height, width: width, strideY: strides[0], strideX: strides[1],
            padding: Padding(top: pads[0], left: pads[1], bottom: pads[2], right: pads[3]))
    }

    mutating func readPad(_ node: inout OnnxNode) throws(ImportError) {
        let array = try array(0, node)
        let mode = try node.attributes.text("mode", default: "constant")
        let borders: [String: Border] = ["constant": .zero, "reflect": .reflect]
        guard let border = borders[mode] else {
            throw node.refuse("has the mode \(mode), and reflect and constant are supported")
        }
        guard let pads = try integers(attribute: "pads", orInput: 1, &node) else {
            throw node.refuse("states no pads")
        }
        var fill = try node.attributes.number("value", default: 0)
        if node.input(2) != nil { fill = try constant(2, node).uniform ?? .nan }
        let rank = array.layout.rank
        let axes = node.input(3) == nil ? Array(0..<rank) : try integers(3, node)
        guard pads.count == 2 * axes.count else {
            throw node.refuse("has \(pads.count) pads, and two for each of \(axes.count) dimensions are needed")
        }
        guard !pads.allSatisfy({ $0 == 0 }) else { return try define(array.form, array.layout, node) }
        guard border == .reflect || fill == 0 else {
            throw node.refuse("pads with \(fill), and zero and the reflected picture are supported")
        }
        var padding = Padding(0)
        var channelPadding = (before: 0, after: 0)
        for (index, axis) in axes.enumerated() {
            let before = pads[index]
            let after = pads[index + axes.count]
            guard before != 0 || after != 0 else { continue }
            let isChannels = array.layout.dimension(axis).map { array.layout.dimensions[$0] } == [.channel]
            let most = isChannels ? FloatLimits.channels : FloatLimits.window
            guard let place = array.layout.dimension(axis), [before, after].allSatisfy({ (0...most).contains($0) })
            else {
                throw node.refuse(
                    "adds \(before) and \(after) to dimension \(axis), and 0 to \(FloatLimits.window) pixels are supported"
                )
            }
            switch array.layout.dimensions[place] {
            case [.row]: (padding.top, padding.bottom) = (before, after)
            case [.column]: (padding.left, padding.right) = (before, after)
            case [.channel] where fill == 0 && border == .zero: channelPadding = (before, after)
            default: throw node.refuse("pads dimension \(axis), and only height and width can be padded")
            }
        }
        if channelPadding != (0, 0) {
            guard padding.isNone else { throw node.refuse("pads channels and pixels at once") }
            let (input, layout) = try picture(0, node)
            return try emit(
                .padChannels(before: channelPadding.before, after: channelPadding.after), node, [input], layout)
        }
        let value = try value(array, name: node.input(0) ?? "", reader: node.label)
        try define(.padded(value, padding, border), array.layout, node)
    }

    mutating func readRearrangement(_ node: inout OnnxNode) throws(ImportError) {
        let (input, layout) = try channelsFirst(0, node)
        guard layout == .channelsFirst else { throw node.refuse("is given pixels in one dimension instead of two") }
        let block = try node.attributes.integer("blocksize", default: 0)
        guard (1...8).contains(block) else {
            throw node.refuse("has a block size of \(block), and 1 to 8 are supported")
        }
        if node.type == "SpaceToDepth" { return try emit(.spaceToDepth(block), node, [input], layout) }
        let mode = try node.attributes.text("mode", default: "DCR")
        let orders: [String: BlockOrder] = ["DCR": .depthColumnRow, "CRD": .columnRowDepth]
        guard let order = orders[mode] else {
            throw node.refuse("has the mode \(mode), and DCR and CRD are supported")
        }
        guard channels(input) % (block * block) == 0 else {
            throw node.refuse("divides \(channels(input)) channels by \(block * block)")
        }
        try emit(.depthToSpace(block, order), node, [input], layout)
    }
}
