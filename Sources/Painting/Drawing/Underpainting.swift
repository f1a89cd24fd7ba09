import Imaging

/// What a network knows of each pixel beside its colour, each 0...1: a smooth hill whose slope crosses one half where the
/// edge is. A network that is not sure of a pixel makes a gentle slope of it; the edge stays where it is, and is drawn as
/// crisp as one likes. That is why a small network can draw: it need not draw edges.
enum UnderpaintedField: Int, CaseIterable {
    /// A person, clothes included.
    case person
    /// Bare skin.
    case skin
    /// Hair, over the face too.
    case hair
    /// Lines.
    case ink
    /// The sky.
    case sky
    /// The shadow on skin.
    case shade
    /// How light hair is at this place: dark clumps below 0.225, light ones above 0.52, its shine above 0.72.
    case tone

    /// How many there are.
    static let count = allCases.count
}

/// A row of an underpainting, a number for each pixel and channel, 0...1.
struct UnderpaintedRow {
    /// Red, green, blue; the fourth lane is unused.
    var colours: [SIMD4<Float>]
    /// One lane for each ``UnderpaintedField``; the eighth is unused.
    var fields: [SIMD8<Float>]

    /// A row of zeros.
    init(width: Int) {
        colours = [SIMD4<Float>](repeating: SIMD4(), count: width)
        fields = [SIMD8<Float>](repeating: SIMD8(), count: width)
    }

    /// Takes what a network made: samples of 0...255.
    mutating func take(colours samples: borrowing Span<UInt8>, fields others: borrowing Span<UInt8>) {
        for x in 0..<colours.count {
            let sample = SIMD4(samples[3 * x], samples[3 * x + 1], samples[3 * x + 2], 0)
            colours[x] = SIMD4<Float>(sample) * (1 / 255)
            var lanes = SIMD8<Float>()
            for lane in 0..<UnderpaintedField.count { lanes[lane] = Float(others[UnderpaintedField.count * x + lane]) }
            fields[x] = lanes * (1 / 255)
        }
    }
}

/// The underpainting of a square, whole: a face's.
struct Underpainting {
    /// Pixels of a side.
    let side: Int
    /// Its rows, from the top.
    private(set) var rows: [UnderpaintedRow]

    /// Reads all rows of what a network makes of a square.
    init(reading source: UnderpaintedRows) throws(PictureError) {
        precondition(source.width == source.height)
        side = source.width
        rows = []
        rows.reserveCapacity(side)
        var row = UnderpaintedRow(width: side)
        for _ in 0..<side {
            try source.read(into: &row)
            rows.append(row)
        }
    }

    init(rows: [UnderpaintedRow]) {
        side = rows.count
        self.rows = rows
    }

    /// Half as large, each pixel the mean of four.
    func halved() -> Underpainting {
        Underpainting(
            rows: (0..<side / 2).map { y in
                let (upper, lower) = (rows[2 * y], rows[2 * y + 1])
                var row = UnderpaintedRow(width: side / 2)
                for x in 0..<side / 2 {
                    row.colours[x] =
                        (upper.colours[2 * x] + upper.colours[2 * x + 1] + lower.colours[2 * x]
                            + lower.colours[2 * x + 1]) * 0.25
                    row.fields[x] =
                        (upper.fields[2 * x] + upper.fields[2 * x + 1] + lower.fields[2 * x] + lower.fields[2 * x + 1])
                        * 0.25
                }
                return row
            })
    }
}
