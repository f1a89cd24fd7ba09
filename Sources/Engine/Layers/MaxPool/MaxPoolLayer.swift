import CKernels

/// The largest value of each channel in a window. It has no parameters: the result means what its input means.
struct MaxPoolLayer: LayerKind {
    static let hasWindow = true

    init(_ layer: Graph.Layer, from reader: ParameterReader) throws(SafeTensors.Failure) {}

    func prepared(_ layer: Graph.Layer, in place: LayerPlace) -> PreparedLayer { PreparedMaxPool(layer, in: place) }
}

private final class PreparedMaxPool: PreparedLayer, @unchecked Sendable {
    private let arguments: ck_pool
    private let strideDown: Int
    private let kernelRows: Int
    private let paddingAbove: Int
    private let bytesBefore: Int

    override init(_ layer: Graph.Layer, in place: LayerPlace) {
        let channels = place.graph.tensors[layer.input].channels
        arguments = ck_pool(
            kernel_height: Int32(layer.kernel.height), kernel_width: Int32(layer.kernel.width),
            stride: Int32(layer.stride.width), channels: Int32(channels))
        strideDown = layer.stride.height
        kernelRows = layer.kernel.height
        paddingAbove = layer.padding.top
        bytesBefore = layer.padding.left * channels
        super.init(layer, in: place)
    }

    override func makeRow(position: Int, group: Int, columns: Range<Int>, kernels: ck_kernels) {
        withUnsafeTemporaryAllocation(of: UnsafePointer<UInt8>?.self, capacity: Graph.Limits.kernel) { runs in
            findWindow(
                position: position, top: paddingAbove, strideDown: strideDown, bytesBefore: bytesBefore,
                rows: kernelRows, runs)
            var pool = arguments
            kernels.max_pool(
                &pool, runs.baseAddress, output.row(position), Int32(columns.lowerBound), Int32(columns.upperBound))
        }
    }
}
