import CKernels

/// A convolution with its parameters, its rings and its arguments for the kernels.
struct PreparedProducts {
    private enum Arguments {
        case convolution(ck_convolution)
        case depthwise(ck_depthwise)
    }

    private let arguments: Arguments
    private let input: RowRing
    private let output: RowRing
    private let residual: RowRing?
    private let strideDown: Int
    private let kernelRows: Int
    private let paddingAbove: Int
    private let bytesBefore: Int
    private let groupStride: Int
    private let groupEntries: Int
    private let rowGroups: Int

    init(
        _ layer: Graph.Layer, graph: Graph, parameters: ProductParameters, bias: UnsafeBufferPointer<Int32>,
        rings: [RowRing], sizes: [Graph.Extent]
    ) {
        input = rings[layer.input]
        output = rings[layer.output]
        residual = layer.residual.map { rings[$0] }
        strideDown = layer.stride.height
        kernelRows = layer.kernel.height
        paddingAbove = layer.padding.top
        bytesBefore = layer.padding.left * input.channels
        groupStride = parameters.groupStride
        groupEntries = parameters.groupEntries
        rowGroups = layer.rowGroups
        if layer.kind == .convolution {
            arguments = .convolution(
                ck_convolution(
                    weights: parameters.weights.baseAddress, bias: bias.baseAddress,
                    scale: parameters.scale.baseAddress, residual_scale: parameters.residualScale?.baseAddress,
                    segments: Int32(layer.kernel.height), segment_bytes: Int32(graph.paddedSegment(of: layer)),
                    pixel_step: Int32(layer.stride.width * input.channels),
                    output_channels: Int32(graph.groupChannels(of: layer)), lane_products: parameters.laneProducts))
        } else {
            arguments = .depthwise(
                ck_depthwise(
                    weights: parameters.weights.baseAddress, bias: bias.baseAddress,
                    scale: parameters.scale.baseAddress, residual_scale: parameters.residualScale?.baseAddress,
                    kernel_height: Int32(layer.kernel.height), kernel_width: Int32(layer.kernel.width),
                    stride: Int32(layer.stride.width), channels: Int32(input.channels)))
        }
    }

    /// Makes the pixels of `columns` in row group `group` of the window position `position` down.
    func makeRow(
        position: Int, group: Int, columns: Range<Int>, kernels: ck_kernels,
        runs: UnsafeMutableBufferPointer<UnsafePointer<UInt8>?>
    ) {
        let top = position * strideDown - paddingAbove
        for row in 0..<kernelRows { runs[row] = UnsafePointer(input.paddedRow(top + row) - bytesBefore) }
        let y = position * rowGroups + group
        let into = output.row(y)
        let added = residual.map { UnsafePointer($0.row(y)) }
        switch arguments {
        case .convolution(var convolution):
            convolution.weights += group * groupStride
            convolution.bias += group * groupEntries
            convolution.scale += group * groupEntries
            if added != nil { convolution.residual_scale += group * groupEntries }
            kernels.convolve(
                &convolution, runs.baseAddress, added, into, Int32(columns.lowerBound), Int32(columns.upperBound))
        case .depthwise(var depthwise):
            kernels.depthwise(
                &depthwise, runs.baseAddress, added, into, Int32(columns.lowerBound), Int32(columns.upperBound))
        }
    }
}
