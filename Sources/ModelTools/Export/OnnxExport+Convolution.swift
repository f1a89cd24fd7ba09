import Engine

/// Layers that sum up products of weights.
extension OnnxExport {
    mutating func addProducts(_ layer: Graph.Layer) throws(ImportError) {
        let name = layer.name
        let (value, pads) = try surrounded(layer)
        let sums = Sums(layer, self)
        let isReal = graph.tensors[layer.output].isReal
        // Integer convolutions have one zero point for all channels of what they read.
        let isPlain = !readsZeros(layer) || !isPerChannel(model.zeroPoints[layer.input])
        let isFused = form == .fused && layer.residual == nil && !isReal && isPlain
        let scale =
            isFused ? draft.floats("\(name).scale", [sums.scale.count], sums.scale) : draft.scalar(1)
        // Runtimes fuse nothing without it, and may change it together with the weights, so that each has its own.
        let zero =
            isFused
            ? draft.signedBytes("\(name).weight.zero", [sums.scale.count], sums.scale.map { _ in 0 })
            : draft.signedBytes("\(name).weight.zero", [], [0])
        let axis: [(String, OnnxAttributeValue)] = isFused ? [("axis", .integer(0))] : []
        let weights = draft.node(
            "DequantizeLinear", [draft.signedBytes("\(name).weight.q", sums.shape, sums.weights), scale, zero],
            "\(name).weight", axis)
        let bias = draft.node(
            "DequantizeLinear", [draft.words("\(name).bias.q", [sums.bias.count], sums.bias), scale], "\(name).bias",
            axis)
        var made = draft.node(
            "Conv", [value, weights, bias], "\(name).sum",
            [
                ("kernel_shape", .integers([layer.kernel.height, layer.kernel.width])),
                ("strides", .integers([layer.stride.height, layer.stride.width])), ("pads", .integers(pads)),
                ("group", .integer(layer.kind == .depthwise ? channels(layer.input) : 1)),
            ])
        if isFused {
            quantize(made, layer.output)
            guard layer.rowGroups > 1 else { return }
            // Rounded before the pixels move, as runtimes fuse it.
            made = draft.node(
                "DequantizeLinear", [try bytes(layer.output), draft.scalar(1), draft.zero(128)], "\(name).rounded")
        } else {
            let port = graph.outputs.first { $0.tensor == layer.output }?.name
            made = draft.node(
                "Mul", [made, draft.perChannel("\(name).scale", sums.scale)], "\(name).scaled",
                output: isReal ? port : nil)
        }
        if isReal { return }
        if layer.rowGroups > 1 {
            made = draft.node(
                "DepthToSpace", [made], "\(name).pixels",
                [("blocksize", .integer(layer.rowGroups)), ("mode", .text("DCR"))])
        }
        if let residual = layer.residual { made = try adding(residual, to: made, layer, factors(of: layer)) }
        quantize(made, layer.output)
    }

    /// What each channel of the tensor that is added is multiplied by. Throws when the pixels of a block differ.
    private func factors(of layer: Graph.Layer) throws(ImportError) -> [Float] {
        let all = WeightUnpacking.perGroup(contents.floats("\(layer.name).residual_scale"), layer, in: graph)
        let factors = Array(all.prefix(channels(layer.output)))
        guard all.indices.allSatisfy({ all[$0] == factors[$0 % factors.count] }) else {
            throw ImportError("its layer '\(layer.name)' adds pixels of a block with different factors")
        }
        return factors
    }

    /// `made` plus the tensor `residual` times `factors`.
    mutating func adding(
        _ residual: Int, to made: String, _ layer: Graph.Layer, _ factors: [Float]
    ) throws(ImportError) -> String {
        var added = try numbers(residual)
        if factors.contains(where: { $0 != 1 }) {
            added = draft.node(
                "Mul", [added, draft.perChannel("\(layer.name).gain", factors)], "\(layer.name).added")
        }
        return draft.node("Add", [made, added], "\(layer.name).joined")
    }
}

/// A convolution's integers as ONNX wants them.
private struct Sums {
    /// Output channels x input channels of a group x rows x columns of the window.
    let shape: [Int]
    let weights: [Int8]
    /// For an input less its zero points.
    let bias: [Int32]
    let scale: [Float]

    init(_ layer: Graph.Layer, _ export: OnnxExport) {
        let graph = export.graph
        let isDepthwise = layer.kind == .depthwise
        let packed: [Int8] = export.contents.numbers("\(layer.name).weights")
        let plain =
            isDepthwise
            ? WeightUnpacking.depthwise(packed, layer, in: graph)
            : WeightUnpacking.convolution(packed, layer, in: graph)
        let stored: [Int32] = WeightUnpacking.perGroup(
            export.contents.numbers("\(layer.name).bias"), layer, in: graph)
        // What mirrors its border is read as it is.
        let zeros = export.readsZeros(layer) ? export.model.zeroPoints[layer.input].map { Int32($0) } : []
        let outputs = stored.count
        let taps = layer.kernel.height * layer.kernel.width
        let depth = isDepthwise ? 1 : graph.tensors[layer.input].channels
        var weights = [Int8](repeating: 0, count: outputs * taps * depth)
        var bias = stored
        for output in 0..<outputs {
            for tap in 0..<taps {
                for channel in 0..<depth {
                    let weight =
                        isDepthwise
                        ? plain[tap * outputs + output] : plain[(output * taps + tap) * depth + channel]
                    weights[(output * depth + channel) * taps + tap] = weight
                    // At most 2^29 in all, as the bias itself.
                    if !zeros.isEmpty { bias[output] += Int32(weight) * zeros[isDepthwise ? output : channel] }
                }
            }
        }
        self.weights = weights
        self.bias = bias
        shape = [outputs, depth, layer.kernel.height, layer.kernel.width]
        scale = WeightUnpacking.perGroup(export.contents.floats("\(layer.name).scale"), layer, in: graph)
    }
}
