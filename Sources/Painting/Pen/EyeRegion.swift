/// The colours of a face around its eyes, as if it stood upright: a grid in parts of the face's width, whose origin is the
/// middle between the eyes.
struct EyeRegion {
    /// Between two places of the grid, as part of the face's width.
    static let step = 1.0 / 112
    private static let (left, top) = (-63, -52)
    private static let (columns, rows) = (127, 101)

    private let face: PenFace
    /// By rows.
    let colours: [LabColour]

    init(_ face: PenFace, _ glance: Glance) {
        self.face = face
        var colours: [LabColour] = []
        colours.reserveCapacity(Self.columns * Self.rows)
        for index in 0..<Self.columns * Self.rows {
            let place = Self.place(index)
            colours.append(glance[face.middle + face.way(place.x, place.y), 0.006 * face.width])
        }
        self.colours = colours
    }

    private static func place(_ index: Int) -> PenPoint {
        PenPoint(Double(left + index % columns), Double(top + index / columns)) * step
    }

    /// Where an entry of the grid is, in parts of the face's width.
    func place(_ index: Int) -> PenPoint { Self.place(index) }

    /// Where a place of the tile is.
    func place(_ pixel: PenPoint) -> PenPoint {
        PenPoint((pixel - face.middle).dot(face.across), (pixel - face.middle).dot(face.down)) / face.width
    }

    /// Where an entry is on the tile.
    func pixel(_ index: Int) -> PenPoint {
        let place = Self.place(index)
        return face.middle + face.way(place.x, place.y)
    }

    private func index(_ place: PenPoint) -> Int {
        let column = Int(limited((place.x / Self.step).rounded() - Double(Self.left), 0, Double(Self.columns - 1)))
        let row = Int(limited((place.y / Self.step).rounded() - Double(Self.top), 0, Double(Self.rows - 1)))
        return row * Self.columns + column
    }

    /// The nearest of `values`, one for each entry.
    func value(_ values: [Double], at place: PenPoint) -> Double { values[index(place)] }

    func colour(at place: PenPoint) -> LabColour { colours[index(place)] }

    /// All entries that are connected with those near `start` by ones that are inside.
    func region(from start: PenPoint, where isInside: (PenPoint, Int) -> Bool) -> [Int] {
        var isKnown = [Bool](repeating: false, count: colours.count)
        var found: [Int] = []
        var waiting: [Int] = []
        for across in -6...6 {
            for down in -3...3 { waiting.append(index(start + PenPoint(Double(across), Double(down)) * Self.step)) }
        }
        while let next = waiting.popLast() {
            guard !isKnown[next] else { continue }
            isKnown[next] = true
            guard isInside(Self.place(next), next) else { continue }
            found.append(next)
            let (row, column) = (next / Self.columns, next % Self.columns)
            if column > 0 { waiting.append(next - 1) }
            if column < Self.columns - 1 { waiting.append(next + 1) }
            if row > 0 { waiting.append(next - Self.columns) }
            if row < Self.rows - 1 { waiting.append(next + Self.columns) }
        }
        return found
    }
}
