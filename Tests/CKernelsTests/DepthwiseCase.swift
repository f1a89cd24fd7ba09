import CKernels
import TestSupport

/// One row of a depthwise convolution, in signed storage, with buffers exactly as long as the contract says.
struct DepthwiseCase: CustomStringConvertible {
    struct Shape {
        var height: Int
        var width: Int
        var stride: Int
        var channels: Int
        var x0: Int
        var x1: Int
        var hasResidual: Bool
    }

    var shape: Shape
    var rows: [[Int8]]
    var residual: [Int8]
    /// By tap, then by channel, zero padded to a multiple of 16.
    var weights: [[Int8]]
    var requantization: Requantization

    init(_ shape: Shape, magnitude: Magnitude, style: Requantization.Style, using random: inout SplitMix) {
        self.shape = shape
        let taps = shape.height * shape.width
        let rowBytes =
            ((shape.x1 - 1 + Slack.pixels) * shape.stride + shape.width) * shape.channels + Slack.bytes
        let residualBytes = (shape.x1 + Slack.pixels) * shape.channels + Slack.bytes
        rows = (0..<shape.height).map { _ in (0..<rowBytes).map { _ in magnitude.activation(using: &random) } }
        residual = (0..<residualBytes).map { _ in magnitude.activation(using: &random) }
        let padding = [Int8](repeating: 0, count: (shape.channels + 15) / 16 * 16 - shape.channels)
        weights = (0..<taps).map { _ in
            (0..<shape.channels).map { _ in magnitude.weight(using: &random) } + padding
        }
        requantization = Requantization(channels: shape.channels, products: taps, style: style, using: &random)
    }

    func run(_ table: KernelTable) -> Written? {
        guard let kernels = table.kernels, let depthwise = kernels.depthwise else { return nil }
        let flip = table.flip
        let sums = requantization.bias.indices.map { c in weights.reduce(Int32(0)) { $0 + Int32($1[c]) } }
        let packed = FencedMemory(weights.flatMap { $0 } + [Int8](repeating: 77, count: 64))
        let bias = FencedMemory(requantization.bias(flip: flip, weightSums: sums))
        let scale = FencedMemory(requantization.scale)
        let residualScale = FencedMemory(requantization.residualScale)
        let stored = rows.map { row in FencedMemory(row.map { UInt8(bitPattern: $0) ^ flip }) }
        let storedResidual = FencedMemory(residual.map { UInt8(bitPattern: $0) ^ flip })
        let windows = stored.map(\.pointer)
        var convolution = ck_depthwise(
            weights: packed.pointer, bias: bias.pointer, scale: scale.pointer,
            residual_scale: shape.hasResidual ? residualScale.pointer : nil, kernel_height: Int32(shape.height),
            kernel_width: Int32(shape.width), stride: Int32(shape.stride), channels: Int32(shape.channels))
        return withExtendedLifetime((packed, bias, scale, residualScale, stored, storedResidual)) {
            collect(x0: shape.x0, x1: shape.x1, pixelBytes: shape.channels, flip: flip) { output in
                depthwise(
                    &convolution, windows, shape.hasResidual ? storedResidual.pointer : nil, output,
                    Int32(shape.x0), Int32(shape.x1))
            }
        }
    }

    var description: String {
        "\(shape)"
    }
}
