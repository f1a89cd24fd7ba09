import Engine
import Imaging

/// The picture that a painting network makes of another one, row by row.
final class NetworkRows: RowSource {
    let width: Int
    let height: Int
    private let outputs: NetworkOutputs

    /// Time in the network so far, without that of the source.
    var time: Duration { outputs.time }

    /// - Parameters:
    ///   - source: Rows of which none was read yet, padded to the size of the executor's plan.
    ///   - executor: Of a network that makes a picture of `scale` times the size.
    ///   - scale: 1 or 2.
    /// - Precondition: the plan is for pictures of the source's size.
    init(_ source: PaddedRows, executor: Executor, scale: Int) {
        width = scale * source.inner.width
        height = scale * source.inner.height
        outputs = NetworkOutputs(source, executor: executor, outputs: [.init(rowBytes: 3 * width, height: height)])
    }

    func readRow(into row: inout MutableSpan<UInt8>) throws(PictureError) {
        try outputs.readRow(of: 0) { made in
            for at in made.indices { row[at] = made[at] }
        }
    }
}
