import CKernels

/// A layer that is no convolution, with its parameters, its rings and its arguments for the kernels.
///
/// Its own numbers (a normalization's factors, tables in the order of stored bytes, the places of an enlargement) lie in
/// memory that it owns.
///
/// `@unchecked Sendable`: only ``begin(_:)`` writes, which the leader calls between phases.
final class PreparedPass: @unchecked Sendable {
    private enum Arguments {
        case pointwise(ck_pointwise, PointwiseParameters)
        case resize(ck_resize, ResizeSteps)
        case attention(ck_attention)
        case lookup(UnsafePointer<UInt8>)
    }

    private let layer: Graph.Layer
    private let arguments: Arguments
    private let input: RowRing
    private let output: RowRing
    private let residual: RowRing?
    private let floats: UnsafeMutableBufferPointer<Float>
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private let words: UnsafeMutableBufferPointer<Int32>

    init?(
        _ layer: Graph.Layer, parameters: LayerParameters, rings: [RowRing], sizes: [Graph.Extent], flip: UInt8
    ) {
        self.layer = layer
        input = rings[layer.input]
        output = rings[layer.output]
        residual = layer.residual.map { rings[$0] }
        let channels = Int32(input.channels)
        let entries = roundUp(input.channels, to: 16)
        switch parameters {
        case .pointwise(let values):
            let isNormalized = layer.normalization != nil
            floats = .allocate(capacity: isNormalized ? 2 * entries : 0)
            bytes = .allocate(capacity: 0)
            words = .allocate(capacity: 0)
            floats.initialize(repeating: 0)
            let own = floats.baseAddress
            arguments = .pointwise(
                ck_pointwise(
                    scale: isNormalized ? UnsafePointer(own) : values.scale.baseAddress,
                    offset: isNormalized ? own.map { UnsafePointer($0 + entries) } : values.offset.baseAddress,
                    post: values.post.baseAddress, residual_scale: values.residualScale?.baseAddress,
                    slope: values.slope, residual_first: layer.residualFirst, channels: channels), values)
        case .attention(let values):
            floats = .allocate(capacity: 256 + entries)
            bytes = .allocate(capacity: 0)
            words = .allocate(capacity: 0)
            floats.initialize(repeating: 0)
            for byte in 0..<256 {
                floats[byte] = values.powers[Int(Int8(bitPattern: UInt8(byte) ^ flip)) + 128]
            }
            let own = floats.baseAddress
            arguments = .attention(
                ck_attention(
                    powers: own, gain: own.map { UnsafePointer($0 + 256) }, scale: values.scale.baseAddress,
                    zero_point: values.zeroPoint.baseAddress, epsilon: values.epsilon, channels: channels, flip: flip))
        case .lookup(let values):
            floats = .allocate(capacity: 0)
            words = .allocate(capacity: 0)
            bytes = .allocate(capacity: values.table.count)
            for index in bytes.indices {
                let place = Int(Int8(bitPattern: UInt8(index % 256) ^ flip)) + 128
                let value = values.table[index / 256 * 256 + place]
                bytes.initializeElement(at: index, to: UInt8(bitPattern: value) ^ flip)
            }
            guard let table = bytes.baseAddress else { return nil }
            arguments = .lookup(table)
        case .none:
            let across = ResizeSteps(layer, sizes, .across)
            floats = .allocate(capacity: 0)
            words = .allocate(capacity: 2 * across.count)
            bytes = .allocate(capacity: across.count)
            for index in 0..<across.count {
                let position = across.position(index)
                words.initializeElement(at: index, to: Int32(position.first))
                words.initializeElement(at: across.count + index, to: Int32(position.second))
                bytes.initializeElement(at: index, to: UInt8(position.weight))
            }
            arguments = .resize(
                ck_resize(
                    left: words.baseAddress, right: words.baseAddress.map { $0 + across.count },
                    weight: bytes.baseAddress, channels: channels), ResizeSteps(layer, sizes, .down))
        case .products:
            return nil
        }
    }

    deinit {
        floats.deallocate()
        bytes.deallocate()
        words.deallocate()
    }

    /// Works out what depends on the statistics of whole tensors, which are complete by now.
    func begin(_ statistics: [TensorStatistics?]) {
        switch arguments {
        case .pointwise(_, let values):
            guard let input = statistics[layer.input], let real = values.input else { return }
            switch layer.normalization {
            case nil: break
            case .layer: normalizeAll(values, real, input)
            case .instance:
                for channel in 0..<output.channels {
                    normalize(channel, values, real, input, deviation: 1, mean: 0)
                }
            case .adaptive(let index):
                guard let reference = statistics[index], let lent = values.reference else { return }
                for channel in 0..<output.channels {
                    let scale = Double(lent.scale[channel])
                    let deviation =
                        (scale * scale * reference.variance(channel) + Double(values.epsilon)).squareRoot()
                    let mean = scale * (reference.mean(channel) - Double(lent.zero[channel]))
                    normalize(channel, values, real, input, deviation: deviation, mean: mean)
                }
            }
        case .attention(let attention):
            guard let counts = statistics[layer.input], let powers = attention.powers else { return }
            for channel in 0..<input.channels {
                floats[256 + channel] = Float(1 / max(counts.sum(channel, of: powers), 1e-300))
            }
        case .resize, .lookup: break
        }
    }

    /// Sets the factor and the offset of a channel that shall have `deviation` and `mean` before the layer's own.
    private func normalize(
        _ channel: Int, _ values: PointwiseParameters, _ real: PointwiseParameters.Quantization,
        _ input: TensorStatistics, deviation: Double, mean: Double
    ) {
        let scale = Double(real.scale[channel])
        let own = (scale * scale * input.variance(channel) + Double(values.epsilon)).squareRoot()
        let unit = Double(values.scale[channel])
        // A constant channel stays constant.
        let factor = own > 0 ? scale / own * deviation * unit : 0
        let offset = mean * unit + Double(values.offset[channel]) - input.mean(channel) * factor
        set(channel, factor, offset)
    }

    private func normalizeAll(
        _ values: PointwiseParameters, _ real: PointwiseParameters.Quantization, _ input: TensorStatistics
    ) {
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

    /// Makes pixels `columns` of row `y`.
    func makeRow(_ y: Int, columns: Range<Int>, kernels: ck_kernels) {
        let into = output.row(y)
        let first = Int32(columns.lowerBound)
        let end = Int32(columns.upperBound)
        switch arguments {
        case .pointwise(var pass, _):
            let added = residual.map { UnsafePointer($0.row(y)) }
            kernels.pointwise(&pass, input.row(y), added, into, first, end)
        case .resize(var resize, let down):
            let position = down.position(y)
            withUnsafeTemporaryAllocation(of: UnsafePointer<UInt8>?.self, capacity: 2) { rows in
                rows[0] = UnsafePointer(input.row(position.first))
                rows[1] = UnsafePointer(input.row(position.second))
                kernels.resize(&resize, rows.baseAddress, Int32(position.weight), into, first, end)
            }
        case .attention(var attention): ck_attend(&attention, input.row(y), into, first, end)
        case .lookup(let table): ck_lookup(table, Int32(input.channels), input.row(y), into, first, end)
        }
    }
}
