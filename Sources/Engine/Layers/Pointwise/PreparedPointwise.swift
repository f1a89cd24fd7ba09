import CKernels

/// A pointwise layer, whose factors and offsets are worked out when the statistics they depend on are complete.
final class PreparedPointwise: PreparedLayer, @unchecked Sendable {
    private let arguments: ck_pointwise
    private let values: PointwiseLayer
    /// Factors, then offsets, of a layer that is normalized.
    private let floats: UnsafeMutableBufferPointer<Float>

    init(_ layer: Graph.Layer, _ values: PointwiseLayer, in place: LayerPlace) {
        let channels = place.graph.tensors[layer.input].channels
        let entries = roundUp(channels, to: 16)
        let isNormalized = layer.normalization != nil
        self.values = values
        floats = .allocate(capacity: isNormalized ? 2 * entries : 0)
        floats.initialize(repeating: 0)
        let own = floats.baseAddress
        arguments = ck_pointwise(
            scale: isNormalized ? UnsafePointer(own) : values.scale.baseAddress,
            offset: isNormalized ? own.map { UnsafePointer($0 + entries) } : values.offset.baseAddress,
            post: values.post.baseAddress, residual_scale: values.residualScale?.baseAddress, slope: values.slope,
            residual_first: layer.residualFirst, channels: Int32(channels))
        super.init(layer, in: place)
    }

    deinit { floats.deallocate() }

    override func makeRow(position: Int, group: Int, columns: Range<Int>, kernels: ck_kernels) {
        var pass = arguments
        let added = residual.map { UnsafePointer($0.row(position)) }
        kernels.pointwise(
            &pass, input.row(position), added, output.row(position), Int32(columns.lowerBound),
            Int32(columns.upperBound))
    }

    override func begin(_ statistics: [TensorStatistics?]) {
        guard let input = statistics[layer.input], let real = values.input else { return }
        switch layer.normalization {
        case nil: break
        case .layer: normalizeAll(real, input)
        case .instance:
            for channel in 0..<output.channels { normalize(channel, real, input, deviation: 1, mean: 0) }
        case .adaptive(let index):
            guard let reference = statistics[index], let lent = values.reference else { return }
            for channel in 0..<output.channels {
                let scale = Double(lent.scale[channel])
                let deviation = (scale * scale * reference.variance(channel) + Double(values.epsilon)).squareRoot()
                let mean = scale * (reference.mean(channel) - Double(lent.zero[channel]))
                normalize(channel, real, input, deviation: deviation, mean: mean)
            }
        }
    }

    /// Sets the factor and the offset of a channel that shall have `deviation` and `mean` before the layer's own.
    private func normalize(
        _ channel: Int, _ real: PointwiseLayer.Quantization, _ input: TensorStatistics, deviation: Double, mean: Double
    ) {
        let scale = Double(real.scale[channel])
        let own = (scale * scale * input.variance(channel) + Double(values.epsilon)).squareRoot()
        let unit = Double(values.scale[channel])
        // A constant channel stays constant.
        let factor = own > 0 ? scale / own * deviation * unit : 0
        let offset = mean * unit + Double(values.offset[channel]) - input.mean(channel) * factor
        set(channel, factor, offset)
    }

    private func normalizeAll(_ real: PointwiseLayer.Quantization, _ input: TensorStatistics) {
        var sum = 0.0
        var squares = 0.0
        for channel in 0..<output.channels {
            let scale = Double(real.scale[channel])
            let mean = scale * (input.mean(channel) - Double(real.zero[channel]))
            sum += mean
            squares += scale * scale * input.variance(channel) + mean * mean
        }
        let mean = sum / Double(output.channels)
        let variance = max(0, squares / Double(output.channels) - mean * mean)
        let deviation = (variance + Double(values.epsilon)).squareRoot()
        for channel in 0..<output.channels {
            let scale = Double(real.scale[channel])
            let unit = deviation > 0 ? Double(values.scale[channel]) / deviation : 0
            let offset = -(scale * Double(real.zero[channel]) + mean) * unit + Double(values.offset[channel])
            set(channel, scale * unit, offset)
        }
    }

    private func set(_ channel: Int, _ factor: Double, _ offset: Double) {
        // A tensor that is almost constant may be scaled beyond what float32 or a picture needs.
        let limit = 1e30
        floats[channel] = Float(min(max(factor, -limit), limit))
        floats[roundUp(output.channels, to: 16) + channel] = Float(min(max(offset, -limit), limit))
    }
}
