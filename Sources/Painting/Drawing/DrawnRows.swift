import Imaging

/// A scene as it is drawn, row by row: what a network underpaints, with crisp edges, ink and a grade.
final class DrawnRows: RowSource {
    let width: Int
    let height: Int
    /// Time spent drawing so far, without the network's.
    private(set) var time: Duration = .zero

    private let source: UnderpaintedRows
    private let painter: CelPainter
    private var finish: DrawnFinish
    /// Rows as the network made them, and smoothed ones: row y is in slot y % 3.
    private var made: [UnderpaintedRow]
    private var window: [UnderpaintedRow]
    private var read = 0
    private var smoothed = 0
    private var next = 0

    /// - Parameters:
    ///   - source: Of which no row was read yet.
    ///   - style: What it is to look like.
    init(_ source: UnderpaintedRows, style: DrawnStyle) {
        self.source = source
        width = source.width
        height = source.height
        painter = CelPainter(style: style, scale: Double(max(source.width, source.height)) / 1280, tones: nil)
        finish = DrawnFinish(style, width: source.width)
        made = (0..<3).map { _ in UnderpaintedRow(width: source.width) }
        window = (0..<3).map { _ in UnderpaintedRow(width: source.width) }
    }

    func readRow(into row: inout MutableSpan<UInt8>) throws(PictureError) {
        var spent: Duration = .zero
        while smoothed < min(next + 2, height) {
            while read < min(smoothed + 2, height) {
                try source.read { (colours, fields) in made[read % 3].take(colours: colours, fields: fields) }
                read += 1
            }
            let start = ContinuousClock.now
            let (above, below) = (max(smoothed - 1, 0), min(smoothed + 1, height - 1))
            window[smoothed % 3].smooth(made[above % 3], made[smoothed % 3], made[below % 3])
            smoothed += 1
            spent += ContinuousClock.now - start
        }
        let start = ContinuousClock.now
        let rows = (
            above: window[max(next - 1, 0) % 3], row: window[next % 3], below: window[min(next + 1, height - 1) % 3]
        )
        let skies = rows.row.fields
        painter.paint(rows, down: 0) { x, pixel in
            finish.take(pixel, sky: skies[x][UnderpaintedField.sky.rawValue], at: x)
        }
        finish.finish(fromTop: Float(next) / Float(height), into: &row)
        next += 1
        time += spent + (ContinuousClock.now - start)
    }
}
