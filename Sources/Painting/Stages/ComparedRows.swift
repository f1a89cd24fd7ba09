import Imaging

/// The rows of the scene, each of which goes on when it was compared with all tiles that will lie over it: rows are read
/// ahead to the end of a tile before the first that it covers is handed out.
final class ComparedRows: RowSource {
    let width: Int
    let height: Int
    /// Time spent comparing so far.
    private(set) var time: Duration = .zero

    private let source: any RowSource
    private let tones: [FaceTone]
    /// Row y is in slot y % waiting.count.
    private var waiting: [[UInt8]]
    private var read = 0
    private var next = 0

    /// Compares the rows of `source`, of which none was read yet.
    init(_ source: any RowSource, tones: [FaceTone]) {
        self.source = source
        self.tones = tones
        width = source.width
        height = source.height
        let most = tones.map { min($0.rows.upperBound, source.height) - max($0.rows.lowerBound, 0) }.max() ?? 0
        waiting = (0..<(tones.isEmpty ? 0 : max(most, 1))).map { _ in [UInt8](repeating: 0, count: 3 * source.width) }
    }

    func readRow(into row: inout MutableSpan<UInt8>) throws(PictureError) {
        if tones.isEmpty { return try source.readRow(into: &row) }
        var end = next + 1
        for tone in tones where tone.rows.lowerBound <= next { end = max(end, min(tone.rows.upperBound, height)) }
        while read < end {
            try source.readRow(into: &waiting[read % waiting.count])
            let start = ContinuousClock.now
            for tone in tones { tone.compare(waiting[read % waiting.count], y: read) }
            time += ContinuousClock.now - start
            read += 1
        }
        copy(waiting[next % waiting.count], 0..<3 * width, to: &row)
        next += 1
    }
}
