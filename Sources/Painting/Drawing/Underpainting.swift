import Imaging

/// What a network knows of each pixel beside its colour, each 0...1: a smooth hill whose slope crosses one half where the
/// edge is. A network that is not sure of a pixel makes a gentle slope of it; the edge stays where it is, and is drawn as
/// crisp as one likes. That is why a small network can draw: it need not draw edges.
package enum UnderpaintedField: Int, CaseIterable {
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
    package static let count = allCases.count
}

/// A row of an underpainting, a number for each pixel and channel, 0...1.
package struct UnderpaintedRow {
    /// Red, green, blue; the fourth lane is unused.
    package var colours: [SIMD4<Float>]
    /// One lane for each ``UnderpaintedField``, and in the eighth how light the colour is.
    package var fields: [SIMD8<Float>]

    /// A row of zeros.
    package init(width: Int) {
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
            lanes[7] = 0.299 * Float(sample[0]) + 0.587 * Float(sample[1]) + 0.114 * Float(sample[2])
            fields[x] = lanes * (1 / 255)
        }
    }
}

extension UnderpaintedRow {
    /// Becomes the middle one of three rows with its fields smoothed by a binomial filter: a network makes blocks of four by
    /// four pixels at once, whose borders would show in contours.
    mutating func smooth(_ above: UnderpaintedRow, _ row: UnderpaintedRow, _ below: UnderpaintedRow) {
        let last = colours.count - 1
        colours = row.colours
        func down(_ x: Int) -> SIMD8<Float> { above.fields[x] + below.fields[x] + row.fields[x] * 2 }
        var (left, middle) = (down(0), down(0))
        for x in 0...last {
            let right = x < last ? down(x + 1) : middle
            fields[x] = (left + right + middle * 2) * 0.0625
            (left, middle) = (middle, right)
        }
    }
}

/// The underpainting of a square, whole: a face's.
package struct Underpainting {
    /// Pixels of a side.
    package let side: Int
    /// Three bytes a pixel, by rows.
    private var colours: [UInt8]
    /// ``UnderpaintedField/count`` bytes a pixel, by rows.
    private var fields: [UInt8]

    /// Reads all rows of what a network makes of a square.
    init(reading source: UnderpaintedRows) throws(PictureError) {
        precondition(source.width == source.height)
        side = source.width
        colours = []
        fields = []
        colours.reserveCapacity(3 * side * side)
        fields.reserveCapacity(UnderpaintedField.count * side * side)
        for _ in 0..<side {
            try source.read { (colours, fields) in
                colours.withUnsafeBufferPointer { self.colours.append(contentsOf: $0) }
                fields.withUnsafeBufferPointer { self.fields.append(contentsOf: $0) }
            }
        }
    }

    /// A square of the given rows, as many as each has pixels.
    package init(rows: [UnderpaintedRow]) {
        side = rows.count
        func byte(_ value: Float) -> UInt8 { UInt8(min(max(value, 0), 1) * 255 + 0.5) }
        colours = rows.flatMap { row in row.colours.flatMap { [byte($0[0]), byte($0[1]), byte($0[2])] } }
        fields = rows.flatMap { row in
            row.fields.flatMap { lanes in (0..<UnderpaintedField.count).map { byte(lanes[$0]) } }
        }
    }

    private init(side: Int, colours: [UInt8], fields: [UInt8]) {
        (self.side, self.colours, self.fields) = (side, colours, fields)
    }

    /// Copies row `y`.
    func fill(_ row: inout UnderpaintedRow, y: Int) {
        let count = UnderpaintedField.count
        row.take(
            colours: colours.span.extracting(3 * y * side..<3 * (y + 1) * side),
            fields: fields.span.extracting(count * y * side..<count * (y + 1) * side))
    }

    /// Half as large, each pixel the mean of four.
    func halved() -> Underpainting {
        func halved(_ bytes: [UInt8], _ channels: Int) -> [UInt8] {
            let half = side / 2
            var result: [UInt8] = []
            result.reserveCapacity(channels * half * half)
            for y in 0..<half {
                for x in 0..<half {
                    let upper = channels * (2 * y * side + 2 * x)
                    let lower = upper + channels * side
                    for channel in 0..<channels {
                        let sum =
                            Int(bytes[upper + channel]) + Int(bytes[upper + channels + channel])
                            + Int(bytes[lower + channel]) + Int(bytes[lower + channels + channel])
                        result.append(UInt8((sum + 2) / 4))
                    }
                }
            }
            return result
        }
        return Underpainting(
            side: side / 2, colours: halved(colours, 3), fields: halved(fields, UnderpaintedField.count))
    }
}
