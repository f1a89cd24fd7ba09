import CKernels

/// The mean of each channel over all pixels: one pixel comes out.
///
/// It is worked out from the sum of the values, which is added up as the rows are made, so no row is kept for it.
/// `@unchecked Sendable`: as for ``ConvolutionParameters``.
struct GlobalAverageLayer: LayerKind, @unchecked Sendable {
    static let readsRows = false

    static func outputSize(of layer: Graph.Layer, positions: Graph.Extent) -> Graph.Extent {
        Graph.Extent(height: 1, width: 1)
    }

    static func statistics(of layer: Graph.Layer) -> [TensorStatistics.Need] {
        [.init(tensor: layer.input, kinds: .moments)]
    }

    /// In units of the output: what a mean is multiplied by, and what is added.
    fileprivate let scale: UnsafeBufferPointer<Float>
    fileprivate let offset: UnsafeBufferPointer<Float>

    init(_ layer: Graph.Layer, from reader: ParameterReader) throws(SafeTensors.Failure) {
        let entries = roundUp(reader.graph.tensors[layer.input].channels, to: 16)
        scale = try reader.boundedFloats("\(layer.name).scale", entries)
        offset = try reader.boundedFloats("\(layer.name).offset", entries)
    }

    func prepared(_ layer: Graph.Layer, in place: LayerPlace) -> PreparedLayer {
        PreparedGlobalAverage(layer, self, in: place)
    }
}

private final class PreparedGlobalAverage: PreparedLayer, @unchecked Sendable {
    private let parameters: GlobalAverageLayer
    /// The pixel that comes out.
    private let pixel: UnsafeMutableBufferPointer<UInt8>
    private let flip: UInt8

    init(_ layer: Graph.Layer, _ parameters: GlobalAverageLayer, in place: LayerPlace) {
        self.parameters = parameters
        flip = place.flip
        pixel = .allocate(capacity: place.graph.tensors[layer.input].channels)
        pixel.initialize(repeating: 0)
        super.init(layer, in: place)
    }

    deinit { pixel.deallocate() }

    override func begin(_ statistics: [TensorStatistics?]) {
        guard let input = statistics[layer.input] else { return }
        for channel in pixel.indices {
            let mean = Double(parameters.scale[channel]) * input.mean(channel)
            let value = (mean + Double(parameters.offset[channel])).rounded(.toNearestOrEven)
            pixel[channel] = UInt8(bitPattern: Int8(min(max(value, -128), 127))) ^ flip
        }
    }

    override func makeRow(position: Int, group: Int, columns: Range<Int>, kernels: ck_kernels) {
        guard let source = pixel.baseAddress else { return }
        output.row(position).update(from: source, count: pixel.count)
    }
}
