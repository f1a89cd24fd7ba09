/// Arithmetic on sizes: from Shape to what Resize, Reshape and Pad are given.
extension OnnxReader {
    mutating func readShape(_ node: inout OnnxNode) throws(ImportError) {
        var lists: [[Int]]
        switch try operand(0, node) {
        case .array(let array):
            guard !array.form.isPadded else { throw node.refuse("asks for the shape of a padded feature map") }
            lists = shapes[array.form.shapeSource].map { array.layout.sizes($0) }
        case .sizes(let sizes): lists = pictures.map { _ in sizes.dimensions }
        case .constant(let tensor): lists = pictures.map { _ in tensor.dimensions }
        }
        let rank = lists[0].count
        let first = bound(try node.attributes.integer("start", default: 0), rank)
        let last = max(first, bound(try node.attributes.integer("end", default: rank), rank))
        let values = lists.map { $0[first..<last].map { Double($0) } }
        try define(
            node.output, .sizes(OnnxSizes(dimensions: [last - first], values: values, isInteger: true)),
            node: node.label)
    }

    /// An index into `count` that may be counted from the end, limited to what there is.
    private func bound(_ index: Int, _ count: Int) -> Int {
        min(max(index < 0 ? index + count : index, 0), count)
    }

    mutating func readGather(_ node: inout OnnxNode) throws(ImportError) {
        let sizes = try sizes(0, node)
        let picked = try self.sizes(1, node)
        guard picked.constant != nil, let indices = picked.integers?.first, picked.dimensions.count <= 1 else {
            throw node.refuse("picks sizes by something that is not a constant list")
        }
        let axis = try node.attributes.integer("axis", default: 0)
        let place = axis < 0 ? axis + sizes.dimensions.count : axis
        guard sizes.dimensions.indices.contains(place) else {
            throw node.refuse("gathers along dimension \(axis) of \(sizes.dimensions.count)")
        }
        let length = sizes.dimensions[place]
        let positive = indices.map { $0 < 0 ? $0 + length : $0 }
        guard positive.allSatisfy({ (0..<length).contains($0) }) else {
            throw node.refuse("gathers the elements \(indices) of \(length)")
        }
        var result = sizes.gathered(positive, axis: place)
        if picked.dimensions.isEmpty { result.dimensions.remove(at: place) }
        try define(node.output, .sizes(result), node: node.label)
    }

    mutating func readSlice(_ node: inout OnnxNode) throws(ImportError) {
        var sizes = try sizes(0, node)
        guard let starts = try integers(attribute: "starts", orInput: 1, &node),
            let ends = try integers(attribute: "ends", orInput: 2, &node)
        else { throw node.refuse("has no starts or no ends") }
        let axes = try integers(attribute: "axes", orInput: 3, &node) ?? Array(starts.indices)
        let steps = node.input(4) == nil ? starts.map { _ in 1 } : try integers(4, node)
        guard starts.count == ends.count, axes.count == starts.count, steps.count == starts.count else {
            throw node.refuse(
                "has \(starts.count) starts, \(ends.count) ends, \(axes.count) axes, \(steps.count) steps")
        }
        for index in starts.indices {
            let axis = axes[index] < 0 ? axes[index] + sizes.dimensions.count : axes[index]
            let step = steps[index]
            guard sizes.dimensions.indices.contains(axis), step != 0, abs(step) <= OnnxSizes.largestCount else {
                throw node.refuse("cuts dimension \(axes[index]) of \(sizes.dimensions.count) in steps of \(step)")
            }
            let length = sizes.dimensions[axis]
            let picked: [Int]
            if step > 0 {
                picked = Array(stride(from: bound(starts[index], length), to: bound(ends[index], length), by: step))
            } else {
                // Counting down, the end may lie before the first element.
                let first = min(starts[index] < 0 ? starts[index] + length : starts[index], length - 1)
                let last = max(ends[index] < 0 ? ends[index] + length : ends[index], -1)
                picked = first < 0 ? [] : Array(stride(from: first, to: last, by: step))
            }
            sizes = sizes.gathered(picked, axis: axis)
        }
        try define(node.output, .sizes(sizes), node: node.label)
    }

    mutating func readConcatenation(_ node: inout OnnxNode) throws(ImportError) {
        if case .array = try operand(0, node) {
            throw node.refuse(
                "joins the channels of feature maps, which is not supported; only lists of sizes can be joined")
        }
        var parts: [OnnxSizes] = []
        for index in node.node.input.indices { parts.append(try sizes(index, node)) }
        let axis = try node.attributes.integer("axis", default: 0)
        guard axis == 0 || axis == -1, parts.allSatisfy({ $0.dimensions.count == 1 }),
            parts.reduce(0, { $0 + $1.count }) <= OnnxSizes.largestCount
        else { throw node.refuse("joins sizes along dimension \(axis), and only short lists are supported") }
        let values = pictures.indices.map { picture in parts.flatMap { $0.values[picture] } }
        let result = OnnxSizes(
            dimensions: [values[0].count], values: values, isInteger: parts.allSatisfy(\.isInteger))
        try define(node.output, .sizes(result), node: node.label)
    }

    mutating func readFilled(_ node: inout OnnxNode) throws(ImportError) {
        var value = OnnxTensor(dimensions: [1], values: [0])
        if let stated = try node.attributes.tensor("value") { value = try OnnxTensor(stated, label: node.label) }
        let dimensions = try integers(0, node)
        guard let number = value.scalar, dimensions.count <= 2,
            dimensions.allSatisfy({ (0...OnnxSizes.largestCount).contains($0) }),
            dimensions.reduce(1, *) <= OnnxSizes.largestCount
        else { throw node.refuse("makes a tensor of \(dimensions), and only small lists of one number are supported") }
        let sizes = OnnxSizes(
            dimensions: dimensions, same: [Double](repeating: Double(number), count: dimensions.reduce(1, *)),
            isInteger: !value.integers.isEmpty, pictures: pictures.count)
        try define(node.output, .sizes(sizes), node: node.label)
    }
}
