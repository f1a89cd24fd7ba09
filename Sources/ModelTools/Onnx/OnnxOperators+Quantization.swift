/// Networks that are 8-bit already, in ONNX's QDQ form: they become float32 again, with the limits of their bytes and without
/// their rounding.
extension OnnxReader {
    /// Bytes of a feature map. What they stand for is told by who reads them.
    mutating func readQuantization(_ node: inout OnnxNode) throws(ImportError) {
        let array = try array(0, node)
        let input = try value(array, name: node.input(0) ?? "", reader: node.label)
        let (scale, zeroPoint, limits) = try readMeaning(&node)
        let place = try node.attributes.integer("axis", default: 1)
        guard
            scale.count == 1
                || (scale.count == channels(input) && array.layout.dimension(place) != nil
                    && array.layout.dimension(of: .channel) == array.layout.dimension(place))
        else { throw node.refuse("has \(scale.count) scales; one, or one per channel, is supported") }
        let quantized = OnnxQuantized(
            array: OnnxArray(form: .value(input), layout: array.layout), scale: scale, zeroPoint: zeroPoint,
            limits: limits)
        try define(node.output, quantized, node: node.label)
    }

    mutating func readDequantization(_ node: inout OnnxNode) throws(ImportError) {
        guard let quantized = quantized[node.input(0) ?? ""] else { return try readConstantBytes(&node) }
        let (scale, zeroPoint, _) = try readMeaning(&node)
        node.attributes.ignore("axis")
        let value = try value(quantized.array, name: node.input(0) ?? "", reader: node.label)
        let count = channels(value)
        guard scale.count == 1 || scale.count == count else {
            throw node.refuse("has \(scale.count) scales; one, or one per channel, is supported")
        }
        // q = x / written scale + written zero, and scale * (q - zero) comes out.
        var factor: [Float] = []
        var offset: [Float] = []
        var limits: ClosedRange<Float>?
        for channel in 0..<count {
            let written = (
                scale: quantized.scale[channel % quantized.scale.count],
                zero: quantized.zeroPoint[channel % quantized.zeroPoint.count]
            )
            let read = (scale: scale[channel % scale.count], zero: zeroPoint[channel % zeroPoint.count])
            factor.append(read.scale / written.scale)
            offset.append(read.scale * (written.zero - read.zero))
            // One pair of limits is what a network can have; those of all channels together hold where they differ.
            let lower = read.scale * (quantized.limits.lowerBound - read.zero)
            let upper = read.scale * (quantized.limits.upperBound - read.zero)
            limits = min(lower, limits?.lowerBound ?? lower)...max(upper, limits?.upperBound ?? upper)
        }
        guard let limits, factor.allSatisfy(\.isFinite), offset.allSatisfy(\.isFinite) else {
            throw node.refuse("has scales that float32 cannot hold")
        }
        var placed = value
        if factor.contains(where: { $0 != 1 }) || offset.contains(where: { $0 != 0 }) {
            placed = try append(
                .affine(factor: factor, offset: offset), name: node.name, inputs: [value], output: node.output)
        }
        try emit(.clip(limits), node, [placed], quantized.array.layout)
    }

    /// Weights that are stored as integers.
    private mutating func readConstantBytes(_ node: inout OnnxNode) throws(ImportError) {
        var tensor = try constant(0, node)
        let (scale, zeroPoint, _) = try readMeaning(&node)
        let stated = try node.attributes.integer("axis", default: 1)
        let axis = stated < 0 ? stated + tensor.dimensions.count : stated
        var inner = tensor.values.count
        if scale.count > 1 {
            guard tensor.dimensions.indices.contains(axis), tensor.dimensions[axis] == scale.count else {
                throw node.refuse("has \(scale.count) scales for a constant of the shape \(tensor.dimensions)")
            }
            inner = tensor.dimensions[(axis + 1)...].reduce(1, *)
        }
        for index in tensor.values.indices {
            let at = index / max(inner, 1) % scale.count
            tensor.values[index] = scale[at] * (tensor.values[index] - zeroPoint[at])
        }
        tensor.integers = []
        tensor.byteLimits = nil
        try define(node.output, .constant(tensor), node: node.label)
    }

    /// Scales and as many zero points, and the limits of the type.
    private mutating func readMeaning(
        _ node: inout OnnxNode
    ) throws(ImportError) -> (scale: [Float], zeroPoint: [Float], limits: ClosedRange<Float>) {
        let scale = try constant(1, node).values
        guard !scale.isEmpty, scale.allSatisfy({ $0 >= 0 }) else { throw node.refuse("has a scale below 0, or none") }
        guard node.input(2) != nil else { return (scale, scale.map { _ in 0 }, 0...255) }
        let zeroPoint = try constant(2, node)
        guard zeroPoint.values.count == scale.count else {
            throw node.refuse("has \(zeroPoint.values.count) zero points for \(scale.count) scales")
        }
        return (scale, zeroPoint.values, zeroPoint.byteLimits ?? -128...127)
    }
}
