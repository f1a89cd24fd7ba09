import Engine
import Imaging

/// What a painting network makes of a picture, row by row: it reads the picture's rows as it needs them, and keeps the few
/// rows that it made at a time.
///
/// The network sees the picture padded to what it takes; what it makes of the padding is cut off.
final class NetworkRows: RowSource {
    let width: Int
    let height: Int
    /// Time in the network so far, without that of the source.
    private(set) var time: Duration = .zero

    private let source: PaddedRows
    private let executor: Executor
    private let rowBytes: Int
    /// Rows that the network made last, `first` and those after it.
    private var made: [UInt8] = []
    private var first = 0
    private var next = 0

    /// - Parameters:
    ///   - source: Rows of which none was read yet, padded to the size of the executor's plan.
    ///   - executor: Of a network that makes a picture of `scale` times the size.
    ///   - scale: 1 or 2.
    /// - Precondition: the plan is for pictures of the source's size.
    init(_ source: PaddedRows, executor: Executor, scale: Int) {
        precondition(executor.plan.picture == Graph.Extent(height: source.height, width: source.width))
        self.source = source
        self.executor = executor
        width = scale * source.inner.width
        height = scale * source.inner.height
        rowBytes = 3 * width
        executor.start()
    }

    func readRow(into row: inout MutableSpan<UInt8>) throws(PictureError) {
        precondition(next < height)
        if next >= first + made.count / rowBytes { try makeRows() }
        let start = (next - first) * rowBytes
        copy(made, start..<start + rowBytes, to: &row)
        next += 1
    }

    /// Has the network make its next rows.
    private func makeRows() throws(PictureError) {
        let began = ContinuousClock.now
        var spentAbove: Duration = .zero
        first = next
        made.removeAll(keepingCapacity: true)
        while made.isEmpty {
            let goesOn = try executor.advance(
                readRow: { (_, row) throws(PictureError) in
                    let asked = ContinuousClock.now
                    try source.readRow(into: &row)
                    spentAbove += ContinuousClock.now - asked
                },
                writeOutput: { (output, y, row) throws(PictureError) in
                    guard output == 0, y < height else { return }
                    row.extracting(0..<rowBytes).withUnsafeBufferPointer { made.append(contentsOf: $0) }
                })
            precondition(goesOn, "a network makes all the rows that its plan tells")
        }
        time += ContinuousClock.now - began - spentAbove
    }
}
