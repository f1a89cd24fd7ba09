import CKernels
import TestSupport

/// One row of a dense convolution, in signed storage, with buffers exactly as long as the contract says.
struct ConvolutionCase: CustomStringConvertible {
    struct Shape {
        var segments: Int
        var segmentBytes: Int
        var pixelStep: Int
        var channels: Int
        var x0: Int
        var x1: Int
        var hasResidual: Bool
        var laneProducts = 2
    }

    var shape: Shape
    var rows: [[Int8]]
    var residual: [Int8]
    /// By channel, then along the runs of all segments.
    var weights: [[Int8]]
    var requantization: Requantization

    init(_ shape: Shape, magnitude: Magnitude, style: Requantization.Style, using random: inout SplitMix) {
        self.shape = shape
        let depth = shape.segments * shape.segmentBytes
        let rowBytes = (shape.x1 - 1 + Slack.pixels) * shape.pixelStep + shape.segmentBytes + Slack.bytes
        let residualBytes = (shape.x1 + Slack.pixels) * shape.channels + Slack.bytes
        rows = (0..<shape.segments).map { _ in
            (0..<rowBytes).map { _ in magnitude.activation(using: &random) }
        }
        residual = (0..<residualBytes).map { _ in magnitude.activation(using: &random) }
        weights = (0..<shape.channels).map { _ in (0..<depth).map { _ in magnitude.weight(using: &random) } }
        requantization = Requantization(channels: shape.channels, products: depth, style: style, using: &random)
        limitLaneSums()
    }

    /// Makes the weights keep the promise of `laneProducts`: see the header.
    private mutating func limitLaneSums() {
        for channel in weights.indices {
            for segment in 0..<shape.segments {
                // Any two products fit.
                guard shape.laneProducts > 2 else { continue }
                let sums = 16 / shape.laneProducts
                for run in stride(from: 0, to: shape.segmentBytes, by: 16) {
                    var left = [Int](repeating: 255, count: sums)
                    for at in run..<min(run + 16, shape.segmentBytes) {
                        let index = segment * shape.segmentBytes + at
                        let sum = at % 4 * sums / 4
                        let limited = max(-left[sum], min(left[sum], Int(weights[channel][index])))
                        weights[channel][index] = Int8(limited)
                        left[sum] -= abs(limited)
                    }
                }
            }
        }
    }

    /// The weights as the header describes them, and 64 bytes that may be read but must not count.
    private var packedWeights: [Int8] {
        let depth = shape.segments * shape.segmentBytes
        var packed: [Int8] = []
        for block in stride(from: 0, to: shape.channels, by: 16) {
            let width = shape.channels - block <= 8 ? 8 : 16
            for group in 0..<depth / 4 {
                for channel in block..<block + width {
                    for byte in 0..<4 {
                        packed.append(channel < shape.channels ? weights[channel][4 * group + byte] : 0)
                    }
                }
            }
        }
        return packed + [Int8](repeating: 77, count: 64)
    }

    /// What the kernel for 8-bit results makes.
    func run(_ table: KernelTable) -> Written? {
        withArguments(for: table) { kernels, arguments, rows, residual in
            collect(x0: shape.x0, x1: shape.x1, pixelBytes: shape.channels, flip: table.flip) { output in
                kernels.convolve(arguments, rows, residual, output, Int32(shape.x0), Int32(shape.x1))
            }
        }
    }

    /// What the kernel for sums makes, pixels before `x0` left out.
    func sums(_ table: KernelTable) -> [Float]? {
        withArguments(for: table) { kernels, arguments, rows, _ in
            let row = FencedMemory([Float](repeating: .nan, count: shape.x1 * shape.channels))
            kernels.convolve_sums(arguments, rows, row.elements.baseAddress, Int32(shape.x0), Int32(shape.x1))
            return Array(row.elements[(shape.x0 * shape.channels)...])
        }
    }

    private func withArguments<Result>(
        for table: KernelTable,
        _ body: (
            ck_kernels, UnsafePointer<ck_convolution>, [UnsafePointer<UInt8>?], UnsafePointer<UInt8>?
        ) -> Result
    ) -> Result? {
        guard let kernels = table.kernels else { return nil }
        let flip = table.flip
        var sums = weights.map { $0.reduce(Int32(0)) { $0 + Int32($1) } }
        sums += [Int32](repeating: 0, count: requantization.bias.count - sums.count)
        let packed = FencedMemory(packedWeights)
        let bias = FencedMemory(requantization.bias(flip: flip, weightSums: sums))
        let scale = FencedMemory(requantization.scale)
        let residualScale = FencedMemory(requantization.residualScale)
        let stored = rows.map { row in FencedMemory(row.map { UInt8(bitPattern: $0) ^ flip }) }
        let storedResidual = FencedMemory(residual.map { UInt8(bitPattern: $0) ^ flip })
        let runs = stored.map(\.pointer)
        var convolution = ck_convolution(
            weights: packed.pointer, bias: bias.pointer, scale: scale.pointer,
            residual_scale: shape.hasResidual ? residualScale.pointer : nil, segments: Int32(shape.segments),
            segment_bytes: Int32(shape.segmentBytes), pixel_step: Int32(shape.pixelStep),
            output_channels: Int32(shape.channels), lane_products: Int32(shape.laneProducts))
        return withExtendedLifetime((packed, bias, scale, residualScale, stored, storedResidual)) {
            body(kernels, &convolution, runs, shape.hasResidual ? storedResidual.pointer : nil)
        }
    }

    var description: String {
        "\(shape)"
    }
}
