import CKernels

/// The largest value of each channel in a window. It has no parameters: the result means what its input means.
struct MaxPoolLayer: LayerKind {
    static let hasWindow = true

    init(_ layer: Graph.Layer, from reader: ParameterReader) throws(SafeTensors.Failure) {}

    func prepared(_ layer: Graph.Layer, in place: LayerPlace) -> PreparedLayer { PreparedMaxPool(layer, in: place) }
}

private final class PreparedMaxPool: PreparedLayer, @unchecked Sendable {
    private let arguments: ck_pool
    private let window: LayerWindow

    override init(_ layer: Graph.Layer, in place: LayerPlace) {
        let channels = place.graph.tensors[layer.input].channels
        arguments = ck_pool(
            kernel_height: Int32(layer.kernel.height), kernel_width: Int32(layer.kernel.width),
            stride: Int32(layer.stride.width), channels: Int32(channels))
        window = LayerWindow(layer, channels: channels)
        super.init(layer, in: place)
    }

    override func makeRow(position: Int, group: Int, columns: Range<Int>, kernels: ck_kernels) {
        withUnsafeTemporaryAllocation(of: UnsafePointer<UInt8>?.self, capacity: Graph.Limits.kernel) { runs in
            window.find(position, in: input, runs)
            var pool = arguments
            kernels.max_pool(
                &pool, runs.baseAddress, output.row(position), Int32(columns.lowerBound), Int32(columns.upperBound))
        }
    }
}
