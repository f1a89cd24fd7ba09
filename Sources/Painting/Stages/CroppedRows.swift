import Imaging

/// A part of a picture.
final class CroppedRows: RowSource {
    let width: Int
    let height: Int
    private let source: any RowSource
    private let offset: (x: Int, y: Int)
    private var whole: [UInt8]
    private var isBegun = false

    /// - Precondition: the part lies within the source, of which no row was read yet.
    init(_ source: any RowSource, to size: PictureSize, from offset: (x: Int, y: Int) = (0, 0)) {
        precondition(offset.x >= 0 && offset.y >= 0)
        precondition(offset.x + size.width <= source.width && offset.y + size.height <= source.height)
        self.source = source
        self.offset = offset
        width = size.width
        height = size.height
        whole = [UInt8](repeating: 0, count: 3 * source.width)
    }

    func readRow(into row: inout MutableSpan<UInt8>) throws(PictureError) {
        if !isBegun {
            for _ in 0..<offset.y { try source.readRow(into: &whole) }
            isBegun = true
        }
        try source.readRow(into: &whole)
        copy(whole, 3 * offset.x..<3 * (offset.x + width), to: &row)
    }
}
