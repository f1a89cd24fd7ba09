import Engine
import Imaging

/// What a network makes of a picture, row by row: it reads the picture's rows as it needs them, and keeps the few rows of
/// each output that were made and not read yet.
///
/// The network sees the picture padded to what it takes; what it makes of the padding is cut off.
final class NetworkOutputs {
    /// An output, or the first channels and rows of one.
    struct Output {
        /// Bytes of a row, and rows.
        var rowBytes: Int
        var height: Int
    }

    /// Time in the network so far, without that of the source.
    private(set) var time: Duration = .zero
    /// Time in the source so far.
    private(set) var timeAbove: Duration = .zero

    private let source: PaddedRows
    private let executor: Executor
    private var waiting: [Waiting]

    /// Rows of an output that were made and not read yet.
    private struct Waiting {
        let output: Output
        var bytes: [UInt8] = []
        /// The row that `bytes` begins with, and the one to be read next.
        var first = 0
        var next = 0

        var end: Int { first + bytes.count / output.rowBytes }

        mutating func forgetWhatWasRead() {
            let gone = (next - first) * output.rowBytes
            // Whole strips go at once, as a rule: nothing is moved.
            if gone == bytes.count { bytes.removeAll(keepingCapacity: true) } else { bytes.removeFirst(gone) }
            first = next
        }
    }

    /// - Parameters:
    ///   - source: Rows of which none was read yet, padded to the size of the executor's plan.
    ///   - executor: Of the network.
    ///   - outputs: What is wanted of the network's outputs, in their order; those that are not listed are dropped.
    /// - Precondition: the plan is for pictures of the source's size.
    init(_ source: PaddedRows, executor: Executor, outputs: [Output]) {
        precondition(executor.plan.picture == Graph.Extent(height: source.height, width: source.width))
        self.source = source
        self.executor = executor
        waiting = outputs.map { Waiting(output: $0) }
        executor.start()
    }

    /// Reads the next row of an output.
    ///
    /// - Parameters:
    ///   - output: Which one.
    ///   - take: Gets its samples.
    /// - Throws: What the source throws.
    /// - Precondition: there are rows left.
    func readRow(of output: Int, _ take: (borrowing Span<UInt8>) -> Void) throws(PictureError) {
        precondition(waiting[output].next < waiting[output].output.height)
        if waiting[output].end <= waiting[output].next {
            for index in waiting.indices { waiting[index].forgetWhatWasRead() }
            while waiting[output].end <= waiting[output].next { try makeRows() }
        }
        let (next, rowBytes) = (waiting[output].next, waiting[output].output.rowBytes)
        let start = (next - waiting[output].first) * rowBytes
        let bytes = waiting[output].bytes
        take(bytes.span.extracting(start..<start + rowBytes))
        waiting[output].next += 1
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
                guard output < waiting.count, y < waiting[output].output.height else { return }
                row.extracting(0..<waiting[output].output.rowBytes).withUnsafeBufferPointer {
                    waiting[output].bytes.append(contentsOf: $0)
                }
            })
        precondition(goesOn, "a network makes all the rows that its plan tells")
        time += ContinuousClock.now - began - spentAbove
        timeAbove += spentAbove
    }
}
