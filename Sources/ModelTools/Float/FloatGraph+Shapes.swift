extension FloatGraph {
    /// The shapes of all values for a picture of `height` x `width`; throws one sentence, with the node's name, when an
    /// operation cannot take what it is given.
    package func shapes(height: Int, width: Int) throws(ImportError) -> [FeatureShape] {
        var shapes = [FeatureShape](repeating: FeatureShape(height: 0, width: 0, channels: 0), count: values.count)
        shapes[input] = FeatureShape(height: height, width: width, channels: 3)
        for node in nodes {
            shapes[node.output] = try Self.shape(of: node, from: node.inputs.map { shapes[$0] })
        }
        return shapes
    }

    /// The shape that `node` makes of feature maps of the shapes `inputs`.
    static func shape(of node: Node, from inputs: [FeatureShape]) throws(ImportError) -> FeatureShape {
        let shape = try unlimitedShape(of: node, from: inputs)
        guard shape.channels <= FloatLimits.channels, shape.height <= 1 << 20, shape.width <= 1 << 20,
            shape.count <= FloatLimits.elements
        else {
            throw ImportError(
                "node '\(node.name)' would make a feature map of \(shape), and at most \(FloatLimits.channels) "
                    + "channels and \(FloatLimits.elements) elements are allowed")
        }
        return shape
    }

    private static func unlimitedShape(
        of node: Node, from inputs: [FeatureShape]
    ) throws(ImportError) -> FeatureShape {
        let shape = inputs[0]
        func refuse(_ reason: String) -> ImportError { ImportError("node '\(node.name)' \(reason)") }
        switch node.operation {
        case .convolution(let window, _, let bias, let channels):
            guard channels == shape.channels else {
                throw refuse("convolves \(channels) channels but is given \(shape.channels)")
            }
            return try output(of: window, on: shape, channels: bias.count, node: node)
        case .depthwise(let window, _, let bias):
            guard bias.count == shape.channels else {
                throw refuse("convolves \(bias.count) channels one by one but is given \(shape.channels)")
            }
            return try output(of: window, on: shape, channels: bias.count, node: node)
        case .affine(let factor, _):
            guard factor.count == shape.channels else {
                throw refuse("scales \(factor.count) channels but is given \(shape.channels)")
            }
            return shape
        case .clip, .leakyRelu, .function, .pixelAttention:
            return shape
        case .maxPool(let window):
            return try output(of: window, on: shape, channels: shape.channels, node: node)
        case .normalize(let normalization):
            guard normalization.factor.count == shape.channels else {
                throw refuse("normalizes \(normalization.factor.count) channels but is given \(shape.channels)")
            }
            return shape
        case .globalAverage:
            return FeatureShape(height: 1, width: 1, channels: shape.channels)
        case .channelScale:
            guard inputs[1] == FeatureShape(height: 1, width: 1, channels: shape.channels) else {
                throw refuse("multiplies \(shape) by \(inputs[1]), and one pixel of the same channels is supported")
            }
            return shape
        case .padChannels(let before, let after):
            return FeatureShape(height: shape.height, width: shape.width, channels: before + shape.channels + after)
        case .add:
            guard inputs[1] == shape else { throw refuse("adds \(shape) and \(inputs[1]), which differ") }
            return shape
        case .adaptiveNormalize:
            guard inputs[1] == shape else { throw refuse("gives \(shape) the mean of \(inputs[1]), which differ") }
            return shape
        case .resize(let resize):
            return FeatureShape(
                height: shape.height * resize.factor, width: shape.width * resize.factor, channels: shape.channels)
        case .spaceToDepth(let block):
            guard shape.height % block == 0, shape.width % block == 0 else {
                throw refuse("needs sides that are multiples of \(block) and is given \(shape)")
            }
            return FeatureShape(
                height: shape.height / block, width: shape.width / block, channels: shape.channels * block * block)
        case .depthToSpace(let block, _):
            guard shape.channels % (block * block) == 0 else {
                throw refuse("needs channels that are a multiple of \(block * block) and is given \(shape.channels)")
            }
            return FeatureShape(
                height: shape.height * block, width: shape.width * block, channels: shape.channels / (block * block))
        }
    }

    private static func output(
        of window: Window, on shape: FeatureShape, channels: Int, node: Node
    ) throws(ImportError) -> FeatureShape {
        guard let size = window.outputSize(height: shape.height, width: shape.width) else {
            throw ImportError(
                "node '\(node.name)' moves a window of \(window.height)x\(window.width) over \(shape), which is smaller"
            )
        }
        guard window.bordersFit(height: shape.height, width: shape.width) else {
            let padding = window.padding
            throw ImportError(
                "node '\(node.name)' reflects \(padding.top), \(padding.bottom), \(padding.left) and \(padding.right) "
                    + "pixels at the top, bottom, left and right of \(shape), which is too small for that")
        }
        return FeatureShape(height: size.height, width: size.width, channels: channels)
    }

    /// The smallest power of two such that every picture whose sides are multiples of it, and not too small for the
    /// network's borders, can pass the network, and each output comes out in one proportion to it. A network that has
    /// none, because it was made for the size that its file states, takes that one.
    package func sideMultiple() throws(ImportError) -> Int {
        var problem = ImportError("the network takes no picture")
        for multiple in [1, 2, 4, 8, 16, 32, 64, 128] {
            // Odd and even counts in both directions find what only some sizes allow; all sides are 32 pixels or more,
            // as windows and reflected borders need a picture that is large enough, not one of a certain multiple.
            let least = max(0, 32 / multiple - 2)
            let sizes = [(3, 5), (4, 7), (6, 9), (5, 8)].map { ((least + $0) * multiple, (least + $1) * multiple) }
            do throws(ImportError) {
                if let found = try mismatch(sizes) { problem = found } else { return multiple }
            } catch {
                problem = error
            }
        }
        if let stated = statedSize, stated.height == stated.width, stated.height <= FloatLimits.statedSide,
            (try? shapes(height: stated.height, width: stated.width)) != nil
        {
            return stated.height
        }
        throw problem
    }

    /// What is wrong with the outputs for pictures of these sizes; nil when each has one proportion to the picture.
    private func mismatch(_ sizes: [(height: Int, width: Int)]) throws(ImportError) -> ImportError? {
        var first: [FeatureShape]?
        for (height, width) in sizes {
            let shapes = try shapes(height: height, width: width)
            let made = outputs.map { shapes[$0.value] }
            for (output, shape) in zip(outputs, made) {
                guard shape.height * width == shape.width * height else {
                    return ImportError(
                        "the network makes \(shape) of a picture of \(height)x\(width)x3 for '\(output.name)', and only "
                            + "outputs of one proportion to the picture are supported")
                }
            }
            if let first, zip(first, made).contains(where: { $0.height * height != $1.height * sizes[0].height }) {
                return ImportError(
                    "the network makes \(made[0]) from a picture of \(height)x\(width)x3, and only networks whose outputs "
                        + "keep one proportion to it are supported")
            }
            first = first ?? made
        }
        return nil
    }

    /// How many times as large as its input a network's picture is; nil for a network that makes no picture.
    package func paintingScale(sideMultiple: Int) -> Int? {
        let side = 4 * sideMultiple
        guard let shapes = try? shapes(height: side, width: side) else { return nil }
        let shape = shapes[outputs[0].value]
        guard shape.channels == 3, shape.height == shape.width, [side, 2 * side].contains(shape.height) else {
            return nil
        }
        return shape.height / side
    }

    /// Multiplications and additions per picture of `height` x `width`.
    package func multiplyAdds(height: Int, width: Int) throws(ImportError) -> Int {
        let shapes = try shapes(height: height, width: width)
        return nodes.reduce(0) { sum, node in
            switch node.operation {
            case .convolution(_, let weights, _, _): sum + shapes[node.output].pixels * weights.count
            case .depthwise(_, let weights, _): sum + shapes[node.output].pixels * weights.count
            default: sum
            }
        }
    }
}
