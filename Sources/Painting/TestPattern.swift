/// A picture to measure with: slopes and edges, so that activations are not all alike; made beforehand, so that a row
/// costs a copy.
public struct TestPattern: Sendable {
    private let rows: [[UInt8]]

    /// A pattern of this width in pixels and of any height.
    public init(width: Int) {
        rows = (0..<64).map { y in
            (0..<3 * width).map { x in UInt8(truncatingIfNeeded: (x &* 5) ^ (y &* 12) &+ x / 97) }
        }
    }

    /// Fills `row`, packed RGB or pixels of any other number of channels, with row `y`.
    public func read(_ y: Int, _ row: inout MutableSpan<UInt8>) {
        let source = rows[y % rows.count]
        let common = min(row.count, source.count)
        for x in 0..<common { row[x] = source[x] }
        for x in common..<row.count { row[x] = row[x - common] }
    }
}
