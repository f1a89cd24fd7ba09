/// A direction of a feature map.
enum OnnxAxis: Hashable, Sendable {
    case channel, row, column

    /// How long it is in a feature map of `shape`.
    func count(_ shape: FeatureShape) -> Int {
        switch self {
        case .channel: shape.channels
        case .row: shape.height
        case .column: shape.width
        }
    }
}

/// What the dimensions of an ONNX tensor are in the feature map that it holds.
///
/// Exporters transpose, flatten and unsqueeze feature maps between NCHW, NHWC and lists of pixels. The executor has one
/// order of its own, so that these nodes only change a layout here and nothing is moved.
struct OnnxLayout: Hashable, Sendable {
    /// For every dimension the axes it runs over, the slowest first; empty for a dimension of 1.
    var dimensions: [[OnnxAxis]]

    static let channelsFirst = OnnxLayout(dimensions: [[], [.channel], [.row], [.column]])
    static let channelsLast = OnnxLayout(dimensions: [[], [.row], [.column], [.channel]])

    var rank: Int { dimensions.count }

    /// The dimension that runs over `axis` and nothing else, or nil.
    func dimension(of axis: OnnxAxis) -> Int? { dimensions.firstIndex(of: [axis]) }

    /// Whether dimension 1 is the channels and all that follows are pixels, as most operators want it.
    var startsWithChannels: Bool {
        rank >= 3 && dimensions[0].isEmpty && dimensions[1] == [.channel]
            && dimensions[2...].flatMap { $0 } == [.row, .column]
    }

    /// The sizes of the dimensions for a feature map of `shape`.
    func sizes(_ shape: FeatureShape) -> [Int] {
        dimensions.map { $0.reduce(1) { $0 * $1.count(shape) } }
    }

    /// The index of a dimension that may be counted from the end, or nil when there is none such.
    func dimension(_ index: Int) -> Int? {
        let positive = index < 0 ? index + rank : index
        return dimensions.indices.contains(positive) ? positive : nil
    }

    /// The layout with the dimensions in the order `permutation`, or nil when that is not one.
    func transposed(_ permutation: [Int]) -> OnnxLayout? {
        guard permutation.sorted() == Array(0..<rank) else { return nil }
        return OnnxLayout(dimensions: permutation.map { dimensions[$0] })
    }

    /// The layout when the tensor gets the dimensions `targets`, one list per picture size for which the feature map has
    /// the `shapes`; nil when a dimension would be a part of an axis.
    func reshaped(_ targets: [[Int]], _ shapes: [FeatureShape]) -> OnnxLayout? {
        guard let rank = targets.first?.count, targets.allSatisfy({ $0.count == rank }) else { return nil }
        var left = dimensions.flatMap { $0 }[...]
        var result: [[OnnxAxis]] = []
        for index in 0..<rank {
            let wanted = targets.map { $0[index] }
            var axes: [OnnxAxis] = []
            var sizes = shapes.map { _ in 1 }
            while sizes != wanted {
                guard let axis = left.popFirst() else { return nil }
                axes.append(axis)
                sizes = zip(sizes, shapes).map { $0 * axis.count($1) }
            }
            result.append(axes)
        }
        // Axes along which there is one element can be left out of a shape.
        if !left.isEmpty, !result.isEmpty, left.allSatisfy({ axis in shapes.allSatisfy { axis.count($0) == 1 } }) {
            result[rank - 1] += left
            left = []
        }
        return left.isEmpty ? OnnxLayout(dimensions: result) : nil
    }

    /// With dimensions of 1 in front until there are `count`.
    func padded(toRank count: Int) -> OnnxLayout {
        OnnxLayout(dimensions: [[OnnxAxis]](repeating: [], count: max(0, count - rank)) + dimensions)
    }

    /// The layout of what an operator makes of this and `other`, which are broadcast to each other; nil when they differ
    /// in a dimension that both have.
    func joined(with other: OnnxLayout) -> OnnxLayout? {
        let rank = max(rank, other.rank)
        var result: [[OnnxAxis]] = []
        for (own, others) in zip(padded(toRank: rank).dimensions, other.padded(toRank: rank).dimensions) {
            guard own == others || own.isEmpty || others.isEmpty else { return nil }
            result.append(own.isEmpty ? others : own)
        }
        return OnnxLayout(dimensions: result)
    }

    /// The layout after reducing over `reduced`, whose dimensions stay as dimensions of 1 when `keeps`.
    func reduced(over reduced: Set<Int>, keeps: Bool) -> OnnxLayout {
        OnnxLayout(
            dimensions: dimensions.indices.compactMap { index in
                reduced.contains(index) ? (keeps ? [] : nil) : dimensions[index]
            })
    }
}
