/// A picture that is handed out row by row from the top, so that it never has to be in memory as a whole.
///
/// Rows are packed RGB, one byte a sample, `3 * width` bytes. Sources are chained: decoder, resize, orientation,
/// padding.
public protocol RowSource: AnyObject {
    /// Pixels in a row.
    var width: Int { get }
    /// Rows in the picture.
    var height: Int { get }

    /// Writes the next row to the first `3 * width` bytes of `row`.
    ///
    /// - Precondition: `row` holds at least `3 * width` bytes, and fewer than `height` rows were read.
    /// - Throws: `PictureError` when the picture turns out to be cut off or damaged, or the system fails.
    func readRow(into row: inout MutableSpan<UInt8>) throws(PictureError)
}

extension RowSource {
    /// Writes the next row to the first `3 * width` entries of an array.
    public func readRow(into row: inout [UInt8]) throws(PictureError) {
        var span = row.mutableSpan
        try readRow(into: &span)
    }
}
