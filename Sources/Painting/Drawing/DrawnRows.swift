import Imaging

/// A scene as it is drawn, row by row: what a network underpaints, with crisp edges, ink and a grade.
final class DrawnRows: RowSource {
    let width: Int
    let height: Int
    /// Time spent drawing so far, without the network's.
    private(set) var time: Duration = .zero

    private let source: UnderpaintedRows
    private let seen: SeenRows
    /// Of the row of what is seen that was read last.
    private var detail: [Float]
    private var strokes: StrokedRows
    private let painter: CelPainter
    private var finish: DrawnFinish
    /// Of half as many columns and rows as the picture.
    private var fields: SplinePlane<SIMD8<Float>>
    /// Colours that were read, row y in slot y % ``ahead``.
    private var colours: [[SIMD4<Float>]]
    /// Row y is in slot y % 3.
    private var window: [UnderpaintedRow]
    private var read = 0
    private var made = 0
    private var next = 0

    /// More rows than fields are read before what is painted.
    private static let ahead = 8

    /// - Parameters:
    ///   - source: Of which no row was read yet; both sides are even.
    ///   - seen: What the network sees.
    ///   - style: What it is to look like.
    init(_ source: UnderpaintedRows, of seen: SeenRows, style: DrawnStyle) {
        precondition(source.width % 2 == 0 && source.height % 2 == 0)
        self.source = source
        self.seen = seen
        detail = [Float](repeating: 1, count: seen.width)
        width = source.width
        height = source.height
        let longSide = Double(max(source.width, source.height))
        strokes = StrokedRows(source, radius: style.strokeRadius(scale: longSide / 1280))
        painter = CelPainter(style: style, scale: longSide / 1280, tones: nil)
        finish = DrawnFinish(style, width: source.width)
        fields = SplinePlane(
            columns: (source.width / 2, source.width), rows: (source.height / 2, source.height))
        window = (0..<3).map { _ in UnderpaintedRow(width: source.width) }
        colours = [[SIMD4<Float>]](repeating: window[0].colours, count: Self.ahead)
    }

    func readRow(into row: inout MutableSpan<UInt8>) throws(PictureError) {
        let start = ContinuousClock.now
        let before = source.time + source.timeAbove
        while made < min(next + 2, height) {
            try fields.fill(&window[made % 3].fields, y: made) { (row, _) throws(PictureError) in
                try readTwoRows(into: &row)
            }
            window[made % 3].colours = colours[made % Self.ahead]
            made += 1
        }
        let rows = (
            above: window[max(next - 1, 0) % 3], row: window[next % 3], below: window[min(next + 1, height - 1) % 3]
        )
        let skies = rows.row.fields
        if next % 2 == 0 { try seen.readDetail(into: &detail) }
        painter.paint(rows, down: 0) { x, pixel in
            var pixel = pixel
            pixel.colour *= 1 + (detail[x / 2] - 1) * pixel.skin
            finish.take(pixel, sky: skies[x][UnderpaintedField.sky.rawValue], at: x)
        }
        finish.finish(fromTop: Float(next) / Float(height), into: &row)
        next += 1
        time += ContinuousClock.now - start - (source.time + source.timeAbove - before)
    }

    /// Reads two rows of colours, which are kept, and the row of fields that belongs to them, with the light of the colours in
    /// the eighth lane.
    private func readTwoRows(into row: inout [SIMD8<Float>]) throws(PictureError) {
        try source.readFields { samples in
            for x in row.indices { row[x] = SIMD8(fieldsOf: x, in: samples) }
        }
        for _ in 0..<2 {
            let slot = read % Self.ahead
            try strokes.read(into: &colours[slot])
            for x in 0..<width { row[x / 2][7] += colours[slot][x].light * 0.25 }
            read += 1
        }
    }
}
