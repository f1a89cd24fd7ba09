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

    /// What the kernel for 8-bit results makes.
    func run(_ table: KernelTable) -> Written? {
        withArguments(for: table) { kernels, arguments, rows, residual in
            collect(x0: shape.x0, x1: shape.x1, pixelBytes: shape.channels, flip: table.flip) { output in
                kernels.depthwise(arguments, rows, residual, output, Int32(shape.x0), Int32(shape.x1))
            }
        }
    }

    /// What the kernel for sums makes, pixels before `x0` left out.
    func sums(_ table: KernelTable) -> [Float]? {
        withArguments(for: table) { kernels, arguments, rows, _ in
            let row = FencedMemory([Float](repeating: .nan, count: shape.x1 * shape.channels))
            kernels.depthwise_sums(arguments, rows, row.elements.baseAddress, Int32(shape.x0), Int32(shape.x1))
            return Array(row.elements[(shape.x0 * shape.channels)...])
        }
    }

    private func withArguments<Result>(
        for table: KernelTable,
        _ body: (
            ck_kernels, UnsafePointer<ck_depthwise>, [UnsafePointer<UInt8>?], UnsafePointer<UInt8>?
        ) -> Result
    ) -> Result? {
        guard let kernels = table.kernels else { return nil }
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
            body(kernels, &convolution, windows, shape.hasResidual ? storedResidual.pointer : nil)
        }
    }

    var description: String {
        "\(shape)"
    }
}
