/// Numbers that follow from the size of the picture, as a small tensor.
///
/// Exporters compute sizes inside the graph, by Shape, Gather, Slice, Mul, Concat and the like. They are computed here for
/// several sizes of the picture at once.
struct OnnxSizes: Equatable, Sendable {
    /// The most numbers that are followed.
    static let largestCount = 256

    var dimensions: [Int]
    /// For every size of the picture, the numbers in row-major order. They are whole unless they were read or cast as
    /// floating-point numbers.
    var values: [[Double]]
    /// Whether the type in the graph is an integer type.
    var isInteger = true

    /// The same in all sizes of the picture.
    init(dimensions: [Int], same values: [Double], isInteger: Bool, pictures: Int) {
        self.dimensions = dimensions
        self.values = [[Double]](repeating: values, count: pictures)
        self.isInteger = isInteger
    }

    init(dimensions: [Int], values: [[Double]], isInteger: Bool) {
        self.dimensions = dimensions
        self.values = values
        self.isInteger = isInteger
    }

    var count: Int { dimensions.reduce(1, *) }

    /// For every size of the picture, the numbers as integers; nil when one is none. Numbers that no size can be, such as
    /// the largest integer for "to the end", are limited to what a Double can count.
    var integers: [[Int]]? {
        var result: [[Int]] = []
        for list in values {
            let whole = list.compactMap { Int(exactly: min(max($0, -0x1p53), 0x1p53)) }
            guard whole.count == list.count else { return nil }
            result.append(whole)
        }
        return result
    }

    /// The numbers when they do not depend on the size of the picture.
    var constant: [Double]? {
        guard let first = values.first, values.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    /// The tensor whose element i is element `sources[i]` of this one.
    func picking(_ sources: [Int], dimensions: [Int]) -> OnnxSizes {
        OnnxSizes(dimensions: dimensions, values: values.map { list in sources.map { list[$0] } }, isInteger: isInteger)
    }

    /// The indices `picked` along dimension `axis`, all of which must exist.
    func gathered(_ picked: [Int], axis: Int) -> OnnxSizes {
        let inner = dimensions[(axis + 1)...].reduce(1, *)
        let length = dimensions[axis]
        let outer = dimensions[..<axis].reduce(1, *)
        var sources: [Int] = []
        for block in 0..<outer {
            for index in picked {
                for place in 0..<inner { sources.append((block * length + index) * inner + place) }
            }
        }
        var dimensions = dimensions
        dimensions[axis] = picked.count
        return picking(sources, dimensions: dimensions)
    }

    /// The dimensions in the order `permutation`, which must be one.
    func transposed(_ permutation: [Int]) -> OnnxSizes {
        var strides = [Int](repeating: 1, count: dimensions.count)
        for index in dimensions.indices.dropLast().reversed() {
            strides[index] = strides[index + 1] * dimensions[index + 1]
        }
        var sources = [0]
        for index in permutation {
            sources = sources.flatMap { base in (0..<dimensions[index]).map { base + $0 * strides[index] } }
        }
        return picking(sources, dimensions: permutation.map { dimensions[$0] })
    }

    /// Element by element with `other`, where one of the two may be a single number; nil when the sizes differ or a
    /// division by zero occurs.
    func combined(_ type: String, with other: OnnxSizes) -> OnnxSizes? {
        guard count == other.count || count == 1 || other.count == 1 else { return nil }
        let larger = count != other.count ? (count > other.count ? self : other) : self
        let dimensions =
            larger.count == 1 && other.dimensions.count > dimensions.count ? other.dimensions : larger.dimensions
        let isInteger = isInteger && other.isInteger
        var results: [[Double]] = []
        for (left, right) in zip(values, other.values) {
            let pairs = (0..<larger.count).map { (left[count == 1 ? 0 : $0], right[other.count == 1 ? 0 : $0]) }
            let result = pairs.map { left, right in
                switch type {
                case "Add": left + right
                case "Sub": left - right
                case "Mul": left * right
                default: isInteger ? (left / right).rounded(.towardZero) : left / right
                }
            }
            guard result.allSatisfy(\.isFinite) else { return nil }
            results.append(result)
        }
        return OnnxSizes(dimensions: dimensions, values: results, isInteger: isInteger)
    }
}
