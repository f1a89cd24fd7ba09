/// Poolings, and the transposed convolution that undoes one.
extension OnnxReader {
    mutating func readMaxPool(_ node: inout OnnxNode) throws(ImportError) {
        let (input, layout) = try channelsFirst(0, node)
        guard layout == .channelsFirst else { throw node.refuse("is given pixels in one dimension instead of two") }
        node.attributes.ignore("storage_order")
        guard try node.attributes.integer("ceil_mode", default: 0) == 0 else {
            throw node.refuse("rounds sizes up (ceil_mode), which is not supported")
        }
        guard let kernel = try node.attributes.integers("kernel_shape"), kernel.count == 2 else {
            throw node.refuse("has no kernel_shape of two numbers")
        }
        var window = try readWindow(&node, height: kernel[0], width: kernel[1])
        let padding = window.padding
        guard padding.top < kernel[0], padding.bottom < kernel[0], padding.left < kernel[1], padding.right < kernel[1]
        else { throw node.refuse("pads by as much as its window") }
        if !padding.isNone { window.border = .lowest }
        try emit(.maxPool(window), node, [input], layout)
    }

    /// The mean of all pixels. That of smaller windows is not supported.
    mutating func readAveragePool(_ node: inout OnnxNode) throws(ImportError) {
        let (input, layout) = try channelsFirst(0, node)
        node.attributes.ignore("count_include_pad", "ceil_mode", "strides", "auto_pad")
        let kernel = try node.attributes.integers("kernel_shape") ?? []
        let pads = try node.attributes.integers("pads", default: [0, 0, 0, 0])
        guard layout == .channelsFirst, kernel.count == 2, pads.allSatisfy({ $0 == 0 }),
            shapes[input].allSatisfy({ $0.height == kernel[0] && $0.width == kernel[1] })
        else { throw node.refuse("averages windows of \(kernel), and only the mean of all pixels is supported") }
        try emit(.globalAverage, node, [input], layout)
    }

    /// One whose windows lie side by side: a 1x1 convolution, the channels of which become blocks of pixels.
    mutating func readTransposedConvolution(_ node: inout OnnxNode) throws(ImportError) {
        let (input, layout) = try channelsFirst(0, node)
        let weights = try constant(1, node)
        guard layout == .channelsFirst, weights.dimensions.count == 4, weights.dimensions[0] == channels(input) else {
            throw node.refuse("has weights of the shape \(weights.dimensions) for \(channels(input)) channels")
        }
        let (outputs, block) = (weights.dimensions[1], weights.dimensions[2])
        let strides = try node.attributes.integers("strides", default: [1, 1])
        let pads = try node.attributes.integers("pads", default: [0, 0, 0, 0])
        let added = try node.attributes.integers("output_padding", default: [0, 0])
        let dilations = try node.attributes.integers("dilations", default: [1, 1])
        let groups = try node.attributes.integer("group", default: 1)
        let stated = try node.attributes.integers("output_shape")
        node.attributes.ignore("kernel_shape")
        guard weights.dimensions[3] == block, strides == [block, block], (1...8).contains(block), groups == 1,
            (pads + added).allSatisfy({ $0 == 0 }), dilations == [1, 1],
            stated == nil || shapes[input].allSatisfy({ stated == [block * $0.height, block * $0.width] })
        else {
            throw node.refuse("overlaps or pads its windows, and only square ones side by side are supported")
        }
        let bias = node.input(2) == nil ? [Float](repeating: 0, count: outputs) : try constant(2, node).values
        guard outputs > 0, bias.count == outputs else {
            throw node.refuse("has \(bias.count) biases for \(outputs) output channels")
        }
        // From [input][output][row][column] to [row][column][output][input].
        let inputs = channels(input)
        var ordered = [Float](repeating: 0, count: weights.values.count)
        for from in 0..<inputs {
            for out in 0..<outputs {
                for place in 0..<block * block {
                    ordered[(place * outputs + out) * inputs + from] =
                        weights.values[(from * outputs + out) * block * block + place]
                }
            }
        }
        let blocks = try append(
            .convolution(
                .single, weights: ordered, bias: (0..<block * block).flatMap { _ in bias }, inputChannels: inputs),
            name: node.name, inputs: [input], output: node.output + ".blocks")
        try emit(.depthToSpace(block, .depthColumnRow), node, [blocks], layout)
    }
}
