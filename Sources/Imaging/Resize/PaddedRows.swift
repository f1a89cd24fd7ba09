/// A picture continued to the right and to the bottom by its mirror image, the outermost row or column not repeated.
///
/// Only as many of the last rows are kept as the mirror image at the bottom needs. Pictures smaller than the padding
/// are mirrored to and fro as often as it takes; a single row or column is repeated.
public final class PaddedRows: RowSource {
    /// Pixels in a padded row.
    public let width: Int
    /// Padded rows.
    public let height: Int
    /// The size of the picture without its padding: rows and columns from the top left.
    public let inner: PictureSize

    private let source: any RowSource
    /// For every column of the padding the column of the picture that it shows.
    private let columns: [Int]
    private var ring: [UInt8]
    private let kept: Int
    private var next = 0

    /// Pads the rows of `source`, of which none was read yet, so that both sides are multiples of `multiple`.
    public convenience init(_ source: any RowSource, multiple: Int) {
        let size = PictureSize(width: source.width, height: source.height).padded(toMultiple: multiple)
        self.init(source, to: size)
    }

    /// Pads the rows of `source`, of which none was read yet, to `size`, no side of which may be shorter.
    public init(_ source: any RowSource, to size: PictureSize) {
        precondition(size.width >= source.width && size.height >= source.height)
        self.source = source
        width = size.width
        height = size.height
        inner = PictureSize(width: source.width, height: source.height)
        columns = (source.width..<size.width).map { Self.reflected($0, in: source.width) }
        kept = size.height == source.height ? 0 : min(source.height, size.height - source.height + 1)
        ring = [UInt8](repeating: 0, count: kept * 3 * source.width)
    }

    /// Makes the next row.
    public func readRow(into row: inout MutableSpan<UInt8>) throws(PictureError) {
        precondition(next < height)
        let samples = 3 * inner.width
        if next < inner.height {
            try source.readRow(into: &row)
            if next >= inner.height - kept {
                let slot = next % kept
                for i in 0..<samples {
                    ring[slot * samples + i] = row[i]
                }
            }
        } else {
            let slot = Self.reflected(next, in: inner.height) % kept
            copy(ring, slot * samples..<(slot + 1) * samples, to: &row)
        }
        for (i, column) in columns.enumerated() {
            for c in 0..<3 {
                row[samples + 3 * i + c] = row[3 * column + c]
            }
        }
        next += 1
    }

    /// Where a position at or beyond the end of a line of `count` samples lies after mirroring.
    package static func reflected(_ position: Int, in count: Int) -> Int {
        if count == 1 { return 0 }
        let period = 2 * (count - 1)
        let offset = position % period
        return offset < count ? offset : period - offset
    }
}
