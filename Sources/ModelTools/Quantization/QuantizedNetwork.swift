/// A layer with the integers that the engine computes with.
package struct QuantizedLayer: Sendable {
    /// Geometry and names; its float weights are not used.
    package var layer: Layer
    /// In [-127, 127], in the order of `layer.weights`.
    package var weights: [Int8]
    /// One per output channel, for signed storage.
    package var bias: [Int32]
    package var scale: [Float]
    /// Empty without a residual.
    package var residualScale: [Float]
    /// What padding of the input is filled with, per input channel.
    package var padding: [Int8]
    /// What a layer without products computes with; it has none of the above.
    package var pass: QuantizedPass?

    package init(
        layer: Layer, weights: [Int8] = [], bias: [Int32] = [], scale: [Float] = [], residualScale: [Float] = [],
        padding: [Int8] = [], pass: QuantizedPass? = nil
    ) {
        self.layer = layer
        self.weights = weights
        self.bias = bias
        self.scale = scale
        self.residualScale = residualScale
        self.padding = padding
        self.pass = pass
    }

    /// The sums of products, without the bias, before channels become blocks of pixels: exact integers.
    package func accumulate(_ input: ByteMap) -> [Int32] {
        let real = weights.map { Float($0) }
        let fill = padding.map { Float($0) }
        let bias = [Float](repeating: 0, count: layer.channels)
        guard layer.kind == .convolution else {
            let sums = input.convolvedDepthwise(window: layer.window, weights: real, bias: bias, fill: fill)
            return sums.values.map { Int32($0) }
        }
        // Float32 holds integers below 2^24 exactly, in whatever order they are added; longer sums are cut in two.
        let depth = layer.depth
        let parts = (depth * 127 * 128 >> 24) + 1
        var total: [Int32] = []
        for part in 0..<parts {
            let slice = depth * part / parts..<depth * (part + 1) / parts
            var masked = real
            if parts > 1 {
                for index in masked.indices where !slice.contains(index % depth) { masked[index] = 0 }
            }
            let sums = input.convolved(window: layer.window, weights: masked, bias: bias, fill: fill)
            if part == 0 {
                total = sums.values.map { Int32($0) }
            } else {
                for index in total.indices { total[index] += Int32(sums.values[index]) }
            }
        }
        return total
    }

    /// The output of sums that `accumulate` made from `input`: requantized as the kernels do it.
    package func finish(_ sums: [Int32], input: FeatureShape, residual: ByteMap?) -> ByteMap {
        let channels = layer.channels
        let group = layer.rowGroups
        var output = ByteMap(shape: layer.window.output(of: input, channels: channels))
        let added = group > 1 ? residual?.spaceToDepth(group) : residual
        let addedScale = residualScale.isEmpty ? [Float](repeating: 0, count: channels) : residualScale
        for pixel in 0..<output.shape.pixels {
            for channel in 0..<channels {
                let at = pixel * channels + channel
                var result = Float(sums[at] &+ bias[channel]) * scale[channel]
                if let added { result += Float(added.values[at]) * addedScale[channel] }
                output.values[at] = Self.saturate(result)
            }
        }
        return group > 1 ? output.depthToSpace(group, order: .depthColumnRow) : output
    }

    /// The numbers that sums which `accumulate` made from `input` stand for, for a layer whose sums leave the network.
    package func reals(_ sums: [Int32], input: FeatureShape) -> FloatMap {
        var output = FloatMap(shape: layer.window.output(of: input, channels: layer.channels))
        for index in output.values.indices {
            let channel = index % layer.channels
            output.values[index] = Float(sums[index] &+ bias[channel]) * scale[channel]
        }
        return output
    }

    /// The nearest integer in [-128, 127], halves to even.
    static func saturate(_ value: Float) -> Int8 {
        // Adding 1.5 * 2^23 leaves no room for a fraction, so the sum is rounded as every sum is: halves to even.
        let limited = Swift.min(Swift.max(value, -128), 127)
        let magic: Float = 12_582_912
        return Int8((limited + magic) - magic)
    }
}

/// A network as the engine runs it.
package struct QuantizedNetwork: Sendable {
    package var graph: LayerGraph
    package var layers: [QuantizedLayer]
    /// One per tensor of the graph.
    package var tensors: [TensorQuantization]

    /// What comes out under one name.
    package enum Result: Sendable {
        case bytes(ByteMap)
        /// The sums of a convolution.
        case reals(FloatMap)
    }

    /// Runs the network as the engine defines it, integer for integer, and returns the picture that it makes. The sides of
    /// `picture` must be multiples of `graph.sideMultiple`.
    package func run(_ picture: CalibrationPicture) throws(ImportError) -> CalibrationPicture {
        guard case .bytes(let result) = try results(of: picture)[0],
            let rgb = CalibrationPicture(
                width: result.shape.width, height: result.shape.height,
                rgb: result.values.map { UInt8(bitPattern: $0) ^ 0x80 })
        else { throw ImportError("the network makes no picture") }
        return rgb
    }

    /// Runs the network as the engine defines it, integer for integer, and returns all outputs. The sides of `picture` must
    /// be multiples of `graph.sideMultiple`.
    package func results(of picture: CalibrationPicture) throws(ImportError) -> [Result] {
        try MatrixProduct.prepare()
        guard picture.width % graph.sideMultiple == 0, picture.height % graph.sideMultiple == 0 else {
            throw ImportError("the network takes sides that are multiples of \(graph.sideMultiple)")
        }
        var maps = [ByteMap?](repeating: nil, count: graph.tensors.count)
        var reals: [Int: FloatMap] = [:]
        maps[0] = picture.byteMap
        let lastUses = graph.lastUses()
        for (index, layer) in layers.enumerated() {
            guard let input = maps[layer.layer.input] else {
                throw ImportError("layer '\(layer.layer.name)' has no input")
            }
            let residual = layer.layer.residual.flatMap { maps[$0] }
            if graph.tensors[layer.layer.output].isReal {
                reals[layer.layer.output] = layer.reals(layer.accumulate(input), input: input.shape)
                continue
            }
            maps[layer.layer.output] =
                layer.pass?.run(layer.layer, over: input) { maps[$0] }
                ?? layer.finish(layer.accumulate(input), input: input.shape, residual: residual)
            for tensor in [layer.layer.input] + layer.layer.others where lastUses[tensor] == index {
                maps[tensor] = nil
            }
        }
        let results = graph.outputs.compactMap { output in
            reals[output.tensor].map { Result.reals($0) } ?? maps[output.tensor].map { Result.bytes($0) }
        }
        guard results.count == graph.outputs.count else { throw ImportError("the network makes no result") }
        return results
    }
}

extension CalibrationPicture {
    /// The picture as the engine stores it: sample - 128.
    package var byteMap: ByteMap {
        ByteMap(
            shape: FeatureShape(height: height, width: width, channels: 3),
            values: rgb.map { Int8(bitPattern: $0 ^ 0x80) })
    }
}
