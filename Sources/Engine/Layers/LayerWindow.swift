/// Where the window of a layer lies in its input.
struct LayerWindow {
    private let rows: Int
    private let strideDown: Int
    private let paddingAbove: Int
    private let bytesBefore: Int

    /// The window of a layer whose input has `channels` bytes per pixel.
    init(_ layer: Graph.Layer, channels: Int) {
        rows = layer.kernel.height
        strideDown = layer.stride.height
        paddingAbove = layer.padding.top
        bytesBefore = layer.padding.left * channels
    }

    /// Lets `runs`, of at least `Graph.Limits.kernel` entries, point at the rows of the window of the position `position`
    /// down, at their first pixels.
    @inline(__always)
    func find(_ position: Int, in input: RowRing, _ runs: UnsafeMutableBufferPointer<UnsafePointer<UInt8>?>) {
        let first = position * strideDown - paddingAbove
        for row in 0..<rows { runs[row] = UnsafePointer(input.paddedRow(first + row) - bytesBefore) }
    }
}
