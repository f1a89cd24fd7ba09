import Imaging

/// The top left part of a picture.
final class CroppedRows: RowSource {
    let width: Int
    let height: Int
    private let source: any RowSource
    private var whole: [UInt8]

    /// - Precondition: no side exceeds the source's.
    init(_ source: any RowSource, to size: PictureSize) {
        precondition(size.width <= source.width && size.height <= source.height)
        self.source = source
        width = size.width
        height = size.height
        whole = [UInt8](repeating: 0, count: width == source.width ? 0 : 3 * source.width)
    }

    func readRow(into row: inout MutableSpan<UInt8>) throws(PictureError) {
        if whole.isEmpty { return try source.readRow(into: &row) }
        try source.readRow(into: &whole)
        copy(whole, 0..<3 * width, to: &row)
    }
}
