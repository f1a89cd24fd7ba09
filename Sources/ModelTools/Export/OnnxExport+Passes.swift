import Engine

/// Layers that have no weights.
extension OnnxExport {
    /// The numbers per channel of `layer` called `part`.
    private func perChannel(_ layer: Graph.Layer, _ part: String) -> [Float] {
        Array(contents.floats("\(layer.name).\(part)").prefix(channels(layer.output)))
    }

    private mutating func combine(
        _ type: String, _ value: String, _ layer: Graph.Layer, _ part: String, _ numbers: [Float]
    ) -> String {
        draft.node(type, [value, draft.perChannel("\(layer.name).\(part)", numbers)], "\(layer.name).after_\(part)")
    }

    /// A pass whose factors are in the file. Normalizations have theirs from the picture.
    mutating func addPointwise(_ layer: Graph.Layer) throws(ImportError) {
        guard layer.normalization == nil else {
            throw ImportError("its layer '\(layer.name)' is a normalization, and no 8-bit operator is")
        }
        let slope = contents.floats("\(layer.name).constants").first ?? 1
        let factors = perChannel(layer, "residual_scale")
        var made = combine("Mul", try numbers(layer.input), layer, "scale", perChannel(layer, "scale"))
        made = combine("Add", made, layer, "offset", perChannel(layer, "offset"))
        if let residual = layer.residual, layer.residualFirst { made = try adding(residual, to: made, layer, factors) }
        if slope != 1 { made = draft.node("LeakyRelu", [made], "\(layer.name).bent", [("alpha", .number(slope))]) }
        if let residual = layer.residual, !layer.residualFirst { made = try adding(residual, to: made, layer, factors) }
        quantize(combine("Add", made, layer, "post", perChannel(layer, "post")), layer.output)
    }

    mutating func addResize(_ layer: Graph.Layer) throws(ImportError) {
        let isNearest = layer.coordinates == .nearest
        let coordinates = isNearest ? "asymmetric" : layer.coordinates.rawValue
        let factor = Float(layer.factor)
        let scales = draft.floats("\(layer.name).scales", [4], [1, 1, factor, factor])
        var made = draft.node(
            "Resize", [try numbers(layer.input), "", scales], "\(layer.name).enlarged",
            [
                ("mode", .text(isNearest ? "nearest" : "linear")),
                ("coordinate_transformation_mode", .text(coordinates)), ("nearest_mode", .text("floor")),
            ])
        if !isNearest {
            // The engine rounds halves up, QuantizeLinear to even; the steps between two pixels are larger than this.
            made = draft.node("Add", [made, draft.scalar(1 / 1024)], "\(layer.name).nudged")
        }
        quantize(made, layer.output)
    }

    mutating func addMaxPool(_ layer: Graph.Layer) throws(ImportError) {
        let (value, pads) = try surrounded(layer)
        var made = draft.node(
            "MaxPool", [value], "\(layer.name).largest",
            [
                ("kernel_shape", .integers([layer.kernel.height, layer.kernel.width])),
                ("strides", .integers([layer.stride.height, layer.stride.width])), ("pads", .integers(pads)),
            ])
        let zeros = model.zeroPoints[layer.input]
        if readsZeros(layer), zeros.contains(where: { $0 != 0 }) {
            made = combine("Add", made, layer, "zero", zeros.map { Float($0) })
        }
        quantize(made, layer.output)
    }

    mutating func addGlobalAverage(_ layer: Graph.Layer) throws(ImportError) {
        var made = draft.node("GlobalAveragePool", [try numbers(layer.input)], "\(layer.name).mean")
        made = combine("Mul", made, layer, "scale", perChannel(layer, "scale"))
        quantize(combine("Add", made, layer, "offset", perChannel(layer, "offset")), layer.output)
    }

    mutating func addChannelScale(_ layer: Graph.Layer) throws(ImportError) {
        guard let factors = layer.factors else { return }
        var share = draft.node("GlobalAveragePool", [try numbers(factors)], "\(layer.name).mean")
        share = combine("Sub", share, layer, "factor_zero", perChannel(layer, "factor_zero"))
        share = combine("Mul", share, layer, "scale", perChannel(layer, "scale"))
        let offset = combine("Mul", share, layer, "input_zero", perChannel(layer, "input_zero").map { -$0 })
        var made = draft.node("Mul", [try numbers(layer.input), share], "\(layer.name).weighed")
        made = draft.node("Add", [made, offset], "\(layer.name).moved")
        quantize(combine("Add", made, layer, "post", perChannel(layer, "post")), layer.output)
    }

    /// A table per channel becomes one table, in which every channel has its place.
    mutating func addLookup(_ layer: Graph.Layer) throws(ImportError) {
        let name = layer.name
        let signed: [Int8] = contents.numbers("\(name).table")
        let table = signed.map { UInt8(bitPattern: $0) ^ 0x80 }
        let isShared = table.indices.allSatisfy { table[$0] == table[$0 % 256] }
        var index = draft.node("Cast", [try bytes(layer.input)], "\(name).index", [("to", .integer(6))])
        if !isShared {
            let places = (0..<channels(layer.input)).map { Int32(256 * $0) }
            index = draft.node(
                "Add", [index, draft.words("\(name).places", [1, places.count, 1, 1], places)], "\(name).place")
        }
        let entries = isShared ? Array(table.prefix(256)) : table
        let found = draft.node(
            "Gather", [draft.bytes("\(name).table", [entries.count], entries), index],
            "\(graph.tensors[layer.output].name).q", [("axis", .integer(0))])
        store(layer.output, found)
    }
}
