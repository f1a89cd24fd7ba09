/// Operators that move dimensions, and those that compute with sizes.
extension OnnxReader {
    mutating func readIdentity(_ node: inout OnnxNode) throws(ImportError) {
        try define(node.output, operand(0, node), node: node.label)
    }

    mutating func readConstant(_ node: inout OnnxNode) throws(ImportError) {
        if let tensor = try node.attributes.tensor("value") {
            return try define(
                node.output, stated(OnnxTensor(tensor, label: node.label)), node: node.label)
        }
        var sizes: OnnxSizes?
        if let integers = try node.attributes.integers("value_ints"), integers.count <= OnnxSizes.largestCount {
            sizes = OnnxSizes(
                dimensions: [integers.count], same: integers.map { Double($0) }, isInteger: true,
                pictures: pictures.count)
        } else if let integer = try node.attributes.integer("value_int") {
            sizes = OnnxSizes(dimensions: [], same: [Double(integer)], isInteger: true, pictures: pictures.count)
        } else if let number = try node.attributes.number("value_float"), number.isFinite {
            let tensor = OnnxTensor(dimensions: [], values: [number])
            return try define(node.output, .constant(tensor), node: node.label)
        }
        guard let sizes else {
            throw node.refuse(
                "has no attribute 'value' that is a tensor, nor a number or integers, and no more is supported")
        }
        try define(node.output, .sizes(sizes), node: node.label)
    }

    mutating func readCast(_ node: inout OnnxNode) throws(ImportError) {
        let type = try node.attributes.integer("to", default: 0)
        node.attributes.ignore("saturate")
        switch try operand(0, node) {
        case .sizes(var sizes):
            guard [1, 6, 7, 11].contains(type) else {
                throw node.refuse("casts a size to the type \(type); FLOAT, INT32, INT64 and DOUBLE are supported")
            }
            sizes.isInteger = type == 6 || type == 7
            if sizes.isInteger { sizes.values = sizes.values.map { $0.map { $0.rounded(.towardZero) } } }
            try define(node.output, .sizes(sizes), node: node.label)
        case let other:
            guard type == 1 else { throw node.refuse("casts to the type \(type), and only FLOAT is supported here") }
            try define(node.output, other, node: node.label)
        }
    }

    mutating func readTranspose(_ node: inout OnnxNode) throws(ImportError) {
        let stated = try node.attributes.integers("perm")
        switch try operand(0, node) {
        case .array(let array):
            guard let layout = array.layout.transposed(stated ?? (0..<array.layout.rank).reversed()) else {
                throw node.refuse("has a permutation \(stated ?? []) of \(array.layout.rank) dimensions")
            }
            try define(array.form, layout, node)
        case .sizes(let sizes):
            let permutation = stated ?? sizes.dimensions.indices.reversed()
            guard permutation.sorted() == Array(sizes.dimensions.indices) else {
                throw node.refuse("has a permutation \(permutation) of \(sizes.dimensions.count) dimensions")
            }
            try define(node.output, .sizes(sizes.transposed(permutation)), node: node.label)
        case .constant:
            throw node.refuse("transposes a constant, which is not supported; fold constants when exporting")
        }
    }

    mutating func readReshape(_ node: inout OnnxNode) throws(ImportError) {
        let keepsZeros = try node.attributes.integer("allowzero", default: 0) != 0
        let targets = try sizes(1, node)
        guard let wanted = targets.integers, targets.dimensions.count == 1, targets.count <= 8 else {
            throw node.refuse("has a shape that is not a list of integers")
        }
        func resolved(_ sizes: [Int], _ picture: Int) throws(ImportError) -> [Int] {
            guard let result = Self.resolve(wanted[picture], sizes, keepsZeros: keepsZeros) else {
                throw node.refuse("cannot make \(wanted[picture]) of a tensor of the shape \(sizes)")
            }
            return result
        }
        switch try operand(0, node) {
        case .array(let array):
            guard !array.form.isPadded else { throw node.refuse("reshapes a padded feature map") }
            let shapes = shapes[array.form.shapeSource]
            var results: [[Int]] = []
            for (picture, shape) in shapes.enumerated() {
                results.append(try resolved(array.layout.sizes(shape), picture))
            }
            guard let layout = array.layout.reshaped(results, shapes) else {
                throw node.refuse(
                    "makes \(results[0]) of \(array.layout.sizes(shapes[0])), which divides a dimension or depends on the "
                        + "picture's size in a way that does not resolve")
            }
            try define(array.form, layout, node)
        case .sizes(let sizes):
            let result = sizes.picking(Array(0..<sizes.count), dimensions: try resolved(sizes.dimensions, 0))
            try define(node.output, .sizes(result), node: node.label)
        case .constant(var tensor):
            tensor.dimensions = try resolved(tensor.dimensions, 0)
            try define(node.output, .constant(tensor), node: node.label)
        }
    }

    /// `wanted` with 0 for a dimension of `sizes` that stays and -1 for what is left over, or nil when that is impossible.
    private static func resolve(_ wanted: [Int], _ sizes: [Int], keepsZeros: Bool) -> [Int]? {
        let total = sizes.reduce(1, *)
        var result = wanted
        for index in result.indices where result[index] == 0 && !keepsZeros {
            guard sizes.indices.contains(index) else { return nil }
            result[index] = sizes[index]
        }
        var product = 1
        for size in result where size != -1 {
            guard size >= 0, size <= 1 << 31 else { return nil }
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            guard !overflow else { return nil }
            product = next
        }
        let open = result.indices.filter { result[$0] == -1 }
        if open.count == 1, product > 0, total % product == 0 {
            result[open[0]] = total / product
            return result
        }
        return open.isEmpty && product == total ? result : nil
    }

    mutating func readSqueeze(_ node: inout OnnxNode) throws(ImportError) {
        let stated = try integers(attribute: "axes", orInput: 1, &node)
        let value = try operand(0, node)
        let (rank, isOne) = try dimensions(of: value, node)
        var removed = Set(rank.filter { isOne($0) })
        if let stated {
            removed = []
            for axis in stated {
                let index = axis < 0 ? axis + rank.count : axis
                guard rank.contains(index), isOne(index) else {
                    throw node.refuse("removes dimension \(axis) of \(rank.count), which is not a dimension of 1")
                }
                removed.insert(index)
            }
        }
        try redefine(value, node) { $0.indices.filter { !removed.contains($0) }.map { index in index } }
    }

    mutating func readUnsqueeze(_ node: inout OnnxNode) throws(ImportError) {
        guard let stated = try integers(attribute: "axes", orInput: 1, &node) else { throw node.refuse("has no axes") }
        let value = try operand(0, node)
        let (rank, _) = try dimensions(of: value, node)
        let count = rank.count + stated.count
        let added = Set(stated.map { $0 < 0 ? $0 + count : $0 })
        guard count <= 8, added.count == stated.count, added.allSatisfy({ (0..<count).contains($0) }) else {
            throw node.refuse("adds dimensions \(stated) to \(rank.count)")
        }
        try redefine(value, node) { _ in
            var next = 0
            return (0..<count).map { index in
                guard !added.contains(index) else { return nil }
                next += 1
                return next - 1
            }
        }
    }

    /// The indices of the dimensions of `value`, and which of them are always 1.
    private func dimensions(
        of value: OnnxValue, _ node: OnnxNode
    ) throws(ImportError) -> (indices: Range<Int>, isOne: (Int) -> Bool) {
        switch value {
        case .array(let array): (array.layout.dimensions.indices, { array.layout.dimensions[$0].isEmpty })
        case .sizes(let sizes): (sizes.dimensions.indices, { sizes.dimensions[$0] == 1 })
        case .constant(let tensor): (tensor.dimensions.indices, { tensor.dimensions[$0] == 1 })
        }
    }

    /// Lets `node` make `value` with other dimensions: `choose` says which of the old ones each is, nil for a new one.
    private mutating func redefine(
        _ value: OnnxValue, _ node: OnnxNode, _ choose: (Range<Int>) -> [Int?]
    ) throws(ImportError) {
        switch value {
        case .array(let array):
            let chosen = choose(array.layout.dimensions.indices)
            let layout = OnnxLayout(dimensions: chosen.map { $0.map { array.layout.dimensions[$0] } ?? [] })
            try define(array.form, layout, node)
        case .sizes(var sizes):
            sizes.dimensions = choose(sizes.dimensions.indices).map { $0.map { sizes.dimensions[$0] } ?? 1 }
            try define(node.output, .sizes(sizes), node: node.label)
        case .constant(var tensor):
            tensor.dimensions = choose(tensor.dimensions.indices).map { $0.map { tensor.dimensions[$0] } ?? 1 }
            try define(node.output, .constant(tensor), node: node.label)
        }
    }
}
