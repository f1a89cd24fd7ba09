import CKernels

/// A table of 256 results per channel.
///
/// `@unchecked Sendable`: as for ``ConvolutionParameters``.
struct LookupLayer: LayerKind, @unchecked Sendable {
    /// Per channel, the result for q at q + 128.
    private let table: UnsafeBufferPointer<Int8>

    init(_ layer: Graph.Layer, from reader: ParameterReader) throws(SafeTensors.Failure) {
        table = try reader.int8s("\(layer.name).table", 256 * reader.graph.tensors[layer.input].channels)
    }

    func prepared(_ layer: Graph.Layer, in place: LayerPlace) -> PreparedLayer {
        PreparedLookup(layer, table, in: place)
    }
}

private final class PreparedLookup: PreparedLayer, @unchecked Sendable {
    /// The same in the order of stored bytes.
    private let table: UnsafeMutableBufferPointer<UInt8>

    init(_ layer: Graph.Layer, _ values: UnsafeBufferPointer<Int8>, in place: LayerPlace) {
        table = .allocate(capacity: values.count)
        for index in table.indices {
            let at = Int(Int8(bitPattern: UInt8(index % 256) ^ place.flip)) + 128
            table.initializeElement(at: index, to: UInt8(bitPattern: values[index / 256 * 256 + at]) ^ place.flip)
        }
        super.init(layer, in: place)
    }

    deinit { table.deallocate() }

    override func makeRow(position: Int, group: Int, columns: Range<Int>, kernels: ck_kernels) {
        ck_lookup(
            table.baseAddress, Int32(input.channels), input.row(position), output.row(position),
            Int32(columns.lowerBound), Int32(columns.upperBound))
    }
}
