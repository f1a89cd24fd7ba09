import Imaging

/// The colours of an underpainting in strokes, row by row.
struct StrokedRows {
    private let source: UnderpaintedRows
    private var strokes: Strokes
    private var read = 0
    private var next = 0

    /// - Parameters:
    ///   - source: Of whose colours no row was read yet.
    ///   - radius: Of the strokes, in pixels of the colours; 0 leaves them as they are.
    init(_ source: UnderpaintedRows, radius: Int) {
        self.source = source
        strokes = Strokes(width: source.width, radius: radius)
    }

    /// Reads the next row, 0...1.
    ///
    /// - Throws: What the source throws.
    /// - Precondition: there are rows left.
    mutating func read(into row: inout [SIMD4<Float>]) throws(PictureError) {
        while read <= next + strokes.radius {
            if read < source.height {
                try source.readColours { strokes.take($0) }
            } else {
                strokes.repeatLast()
            }
            read += 1
        }
        strokes.fill(&row, y: next)
        next += 1
    }
}
