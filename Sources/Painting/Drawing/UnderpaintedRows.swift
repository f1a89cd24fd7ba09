import Engine
import Imaging

/// What a network that underpaints makes of a picture, row by row: colours of twice its size and fields of its own.
final class UnderpaintedRows {
    /// Of the colours; the fields have half as many columns and rows.
    let width: Int
    let height: Int
    private let outputs: NetworkOutputs

    /// Time in the network so far, without that of the source.
    var time: Duration { outputs.time }
    /// Time in the source so far.
    var timeAbove: Duration { outputs.timeAbove }

    /// - Parameters:
    ///   - source: Rows of which none was read yet, padded to the size of the executor's plan.
    ///   - executor: Of a network that underpaints.
    /// - Precondition: the plan is for pictures of the source's size.
    init(_ source: PaddedRows, executor: Executor) {
        let seen = source.inner
        width = 2 * seen.width
        height = 2 * seen.height
        outputs = NetworkOutputs(
            source, executor: executor,
            outputs: [
                .init(rowBytes: 3 * width, height: height),
                .init(rowBytes: UnderpaintedField.count * seen.width, height: seen.height),
            ])
    }

    /// Reads the next row of colours, three samples a pixel.
    ///
    /// - Throws: What the source throws.
    /// - Precondition: there are rows left.
    func readColours(_ take: (Span<UInt8>) -> Void) throws(PictureError) { try outputs.readRow(of: 0, take) }

    /// Reads the next row of fields, ``UnderpaintedField/count`` samples a pixel.
    ///
    /// - Throws: What the source throws.
    /// - Precondition: there are rows left.
    func readFields(_ take: (Span<UInt8>) -> Void) throws(PictureError) { try outputs.readRow(of: 1, take) }
}
