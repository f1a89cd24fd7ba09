import CKernels

/// Enlargement between neighbouring pixels. It has no parameters.
struct ResizeLayer: LayerKind {
    static let keys = ["factor", "coordinates"]

    static func read(_ text: LayerText, into layer: inout Graph.Layer) throws(Graph.Failure) {
        layer.coordinates = try text.choice("coordinates", .asymmetric)
        layer.factor = try text.numbers("factor", 1, 1...Graph.Limits.factor)[0]
    }

    static func outputSize(of layer: Graph.Layer, positions: Graph.Extent) -> Graph.Extent {
        Graph.Extent(height: positions.height * layer.factor, width: positions.width * layer.factor)
    }

    static func firstRow(of layer: Graph.Layer, from position: Int, _ sizes: [Graph.Extent]) -> Int {
        ResizeSteps(layer, sizes, .down).position(position).first
    }

    static func positions(of layer: Graph.Layer, ready: Int, _ sizes: [Graph.Extent]) -> Int {
        let down = ResizeSteps(layer, sizes, .down)
        var low = 0
        var high = down.count
        while low < high {
            let middle = (low + high) / 2
            if down.position(middle).second < ready { low = middle + 1 } else { high = middle }
        }
        return low
    }

    init(_ layer: Graph.Layer, from reader: ParameterReader) throws(SafeTensors.Failure) {}

    func prepared(_ layer: Graph.Layer, in place: LayerPlace) -> PreparedLayer { PreparedResize(layer, in: place) }
}

private final class PreparedResize: PreparedLayer, @unchecked Sendable {
    private let arguments: ck_resize
    private let down: ResizeSteps
    /// For each column of the result, the two columns of the input that it lies between, and how far along.
    private let columns: UnsafeMutableBufferPointer<Int32>
    private let weights: UnsafeMutableBufferPointer<UInt8>

    override init(_ layer: Graph.Layer, in place: LayerPlace) {
        let across = ResizeSteps(layer, place.sizes, .across)
        columns = .allocate(capacity: 2 * across.count)
        weights = .allocate(capacity: across.count)
        for index in 0..<across.count {
            let position = across.position(index)
            columns.initializeElement(at: index, to: Int32(position.first))
            columns.initializeElement(at: across.count + index, to: Int32(position.second))
            weights.initializeElement(at: index, to: UInt8(position.weight))
        }
        arguments = ck_resize(
            left: columns.baseAddress, right: columns.baseAddress.map { $0 + across.count },
            weight: weights.baseAddress, channels: Int32(place.graph.tensors[layer.input].channels))
        down = ResizeSteps(layer, place.sizes, .down)
        super.init(layer, in: place)
    }

    deinit {
        columns.deallocate()
        weights.deallocate()
    }

    override func makeRow(position y: Int, group: Int, columns: Range<Int>, kernels: ck_kernels) {
        let position = down.position(y)
        var resize = arguments
        withUnsafeTemporaryAllocation(of: UnsafePointer<UInt8>?.self, capacity: 2) { rows in
            rows[0] = UnsafePointer(input.row(position.first))
            rows[1] = UnsafePointer(input.row(position.second))
            kernels.resize(
                &resize, rows.baseAddress, Int32(position.weight), output.row(y), Int32(columns.lowerBound),
                Int32(columns.upperBound))
        }
    }
}
