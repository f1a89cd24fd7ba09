/// The rows of an underpainting at another size, by the cubic B-spline through its samples: contours of fields become smooth
/// curves, without the corners that linear interpolation would give them at every pixel.
struct SplineRows {
    private let painting: Underpainting
    private var colours: SplinePlane<SIMD4<Float>>
    private var fields: SplinePlane<SIMD8<Float>>

    /// - Parameters:
    ///   - painting: A square.
    ///   - side: The sides that are wanted.
    init(_ painting: Underpainting, side: Int) {
        var painting = painting
        while painting.side >= 2 * side, let smaller = painting.halved() { painting = smaller }
        self.painting = painting
        colours = SplinePlane(from: painting.side, to: side)
        fields = SplinePlane(from: painting.side / 2, to: side)
    }

    /// Row `y` of the new size.
    mutating func fill(_ row: inout UnderpaintedRow, y: Int) {
        colours.fill(&row.colours, y: y) { painting.fill(&$0, y: $1) }
        fields.fill(&row.fields, y: y) { painting.fill(&$0, y: $1) }
        for x in row.fields.indices { row.fields[x][7] = row.colours[x].light }
    }
}
