/// The ring of a tensor's rows as the kernels see it.
struct RowRing {
    let base: UnsafeMutablePointer<UInt8>
    let padding: UnsafeMutablePointer<UInt8>?
    let rowStride: Int
    let capacity: Int
    let height: Int
    let width: Int
    /// The bytes of a pixel; of all tensors that a layer reads, also the channels.
    let channels: Int
    /// The bytes of the pixels of a row.
    var rowBytes: Int { width * channels }
    let isMirrored: Bool
    private let columnsBefore: Int
    private let columnsAfter: Int

    init(ring: Plan.Ring, channels: Int, workspace: Workspace) {
        isMirrored = ring.border == .reflect
        columnsBefore = ring.columnsBefore
        columnsAfter = ring.columnsAfter
        width = ring.size.width
        base = workspace.pointer(at: ring.origin)
        padding = ring.paddingRow.map { workspace.pointer(at: $0) }
        rowStride = ring.rowStride
        capacity = ring.capacity
        height = ring.size.height
        self.channels = channels
    }

    /// Pixel 0 of row y, which is one of the rows that the ring holds at this time.
    func row(_ y: Int) -> UnsafeMutablePointer<UInt8> { base + y % capacity * rowStride }

    /// The same of a tensor of float32 numbers.
    func reals(_ y: Int) -> UnsafeMutablePointer<Float> {
        UnsafeMutableRawPointer(row(y)).assumingMemoryBound(to: Float.self)
    }

    /// Pixel 0 of row y, or of what stands for it when y lies outside the tensor.
    func paddedRow(_ y: Int) -> UnsafeMutablePointer<UInt8> {
        if y >= 0 && y < height { return row(y) }
        if isMirrored { return row(y < 0 ? -y : 2 * (height - 1) - y) }
        return padding ?? base
    }

    /// Mirrors what lies beside pixels `columns`, which have just been written, if they reach the row's ends.
    func mirror(_ row: UnsafeMutablePointer<UInt8>, columns: Range<Int>) {
        if columns.lowerBound == 0 {
            for x in 0..<columnsBefore { copyPixel(row, from: x + 1, to: -1 - x) }
        }
        if columns.upperBound == width {
            for x in 0..<columnsAfter { copyPixel(row, from: width - 2 - x, to: width + x) }
        }
    }

    private func copyPixel(_ row: UnsafeMutablePointer<UInt8>, from: Int, to: Int) {
        (row + to * channels).update(from: row + from * channels, count: channels)
    }
}
