import Engine
import Imaging

/// What a network that underpaints makes of a picture, row by row: colours and fields together. It reads the picture's rows
/// as it needs them.
final class UnderpaintedRows {
    let width: Int
    let height: Int
    /// Time in the network so far, without that of the source.
    private(set) var time: Duration = .zero
    /// Time in the source so far.
    private(set) var timeAbove: Duration = .zero

    private let source: PaddedRows
    private let executor: Executor
    private var colours: Waiting
    private var fields: Waiting
    private var next = 0

    /// Rows of an output that were made and not read yet.
    private struct Waiting {
        let rowBytes: Int
        var bytes: [UInt8] = []
        var first = 0
        var end: Int { first + bytes.count / rowBytes }

        mutating func forget(before row: Int) {
            let gone = min(max(row - first, 0) * rowBytes, bytes.count)
            // Whole strips go at once, as a rule: nothing is moved.
            if gone == bytes.count { bytes.removeAll(keepingCapacity: true) } else { bytes.removeFirst(gone) }
            first += gone / rowBytes
        }
    }

    /// - Parameters:
    ///   - source: Rows of which none was read yet, padded to the size of the executor's plan.
    ///   - executor: Of a network that makes colours and fields of `scale` times the size.
    ///   - scale: 1 or 2.
    /// - Precondition: the plan is for pictures of the source's size.
    init(_ source: PaddedRows, executor: Executor, scale: Int) {
        precondition(executor.plan.picture == Graph.Extent(height: source.height, width: source.width))
        self.source = source
        self.executor = executor
        width = scale * source.inner.width
        height = scale * source.inner.height
        colours = Waiting(rowBytes: 3 * width)
        fields = Waiting(rowBytes: UnderpaintedField.count * width)
        executor.start()
    }

    /// Reads the next row.
    ///
    /// - Parameter take: Gets its samples, three of colour and as many of fields as there are for each pixel.
    /// - Throws: What the source throws.
    /// - Precondition: there are rows left.
    func read(_ take: (_ colours: Span<UInt8>, _ fields: Span<UInt8>) -> Void) throws(PictureError) {
        precondition(next < height)
        if min(colours.end, fields.end) <= next {
            colours.forget(before: next)
            fields.forget(before: next)
            while min(colours.end, fields.end) <= next { try makeRows() }
        }
        func part(_ waiting: Waiting) -> Range<Int> {
            let start = (next - waiting.first) * waiting.rowBytes
            return start..<start + waiting.rowBytes
        }
        take(colours.bytes.span.extracting(part(colours)), fields.bytes.span.extracting(part(fields)))
        next += 1
    }

    /// Has the network make its next rows.
    private func makeRows() throws(PictureError) {
        let began = ContinuousClock.now
        var spentAbove: Duration = .zero
        let goesOn = try executor.advance(
            readRow: { (_, row) throws(PictureError) in
                let asked = ContinuousClock.now
                try source.readRow(into: &row)
                spentAbove += ContinuousClock.now - asked
            },
            writeOutput: { (output, y, row) throws(PictureError) in
                guard y < height else { return }
                func append(to waiting: inout Waiting) {
                    row.extracting(0..<waiting.rowBytes).withUnsafeBufferPointer {
                        waiting.bytes.append(contentsOf: $0)
                    }
                }
                if output == 0 { append(to: &colours) } else if output == 1 { append(to: &fields) }
            })
        precondition(goesOn, "a network makes all the rows that its plan tells")
        time += ContinuousClock.now - began - spentAbove
        timeAbove += spentAbove
    }
}
