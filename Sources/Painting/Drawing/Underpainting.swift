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
}

extension SIMD8<Float> {
    /// The fields of a pixel, 0...1, of bytes that hold ``UnderpaintedField/count`` for each; the eighth lane is 0.
    @inline(__always)
    init(fieldsOf pixel: Int, in samples: borrowing Span<UInt8>) {
        self.init()
        for lane in 0..<UnderpaintedField.count { self[lane] = Float(samples[UnderpaintedField.count * pixel + lane]) }
        self *= 1 / 255
    }
}

/// The underpainting of a square, whole: a face's.
package struct Underpainting {
    /// Columns and rows of the colours, an even number; the fields have half as many.
    package let side: Int
    /// Three bytes a pixel, by rows.
    private var colours: [UInt8]
    /// ``UnderpaintedField/count`` bytes a pixel, by rows.
    private var fields: [UInt8]

    /// Reads all rows of what a network makes of a square.
    ///
    /// - Parameters:
    ///   - source: Of which no row was read yet.
    ///   - radius: Of the strokes that its colours become, in its pixels.
    /// - Throws: What the source throws.
    init(reading source: UnderpaintedRows, strokes radius: Int) throws(PictureError) {
        precondition(source.width == source.height)
        self.init(side: source.width, colours: [], fields: [])
        colours.reserveCapacity(3 * side * side)
        fields.reserveCapacity(UnderpaintedField.count * side * side / 4)
        var strokes = StrokedRows(source, radius: radius)
        var row = [SIMD4<Float>](repeating: SIMD4(), count: side)
        for _ in 0..<side / 2 {
            for _ in 0..<2 {
                try strokes.read(into: &row)
                for colour in row {
                    let (red, green, blue) = (colour * 255).bytes
                    colours.append(red)
                    colours.append(green)
                    colours.append(blue)
                }
            }
            try source.readFields { row in row.withUnsafeBufferPointer { fields.append(contentsOf: $0) } }
        }
        smoothShade()
    }

    /// A square of what is known of each of its pixels, of which fields need half as many.
    ///
    /// - Parameter rows: As many as each has pixels, an even number.
    package init(rows: [UnderpaintedRow]) {
        precondition(rows.count % 2 == 0)
        func byte(_ value: Float) -> UInt8 { UInt8(min(max(value, 0), 1) * 255 + 0.5) }
        let fields = rows.flatMap { row in
            row.fields.flatMap { lanes in (0..<UnderpaintedField.count).map { byte(lanes[$0]) } }
        }
        self.init(
            side: rows.count, colours: rows.flatMap { $0.colours.flatMap { [byte($0[0]), byte($0[1]), byte($0[2])] } },
            fields: Self.halved(fields, UnderpaintedField.count, rows.count))
    }

    private init(side: Int, colours: [UInt8], fields: [UInt8]) {
        (self.side, self.colours, self.fields) = (side, colours, fields)
    }

    /// Shadows on a face have simple outlines, and no spots are left of what a network takes for one.
    private mutating func smoothShade() {
        let (count, side) = (UnderpaintedField.count, side / 2)
        var shade = (0..<side * side).map { fields[count * $0 + UnderpaintedField.shade.rawValue] }
        BoxBlur(softness: 0.012 * Double(side)).apply(to: &shade, width: side, height: side)
        for index in shade.indices { fields[count * index + UnderpaintedField.shade.rawValue] = shade[index] }
    }

    /// Copies row `y` of the colours, 0...1.
    func fill(_ row: inout [SIMD4<Float>], y: Int) {
        let source = colours.span
        var at = 3 * y * side
        for x in 0..<side {
            row[x] = SIMD4(Float(source[at]), Float(source[at + 1]), Float(source[at + 2]), 0) * (1 / 255)
            at += 3
        }
    }

    /// Copies row `y` of the fields, half as many as of the colours, 0...1.
    func fill(_ row: inout [SIMD8<Float>], y: Int) {
        let source = fields.span
        for x in 0..<side / 2 { row[x] = SIMD8(fieldsOf: y * (side / 2) + x, in: source) }
    }

    /// Half as large, each pixel the mean of four; nil where its side would be odd.
    func halved() -> Underpainting? {
        guard side % 4 == 0 else { return nil }
        return Underpainting(
            side: side / 2, colours: Self.halved(colours, 3, side),
            fields: Self.halved(fields, UnderpaintedField.count, side / 2))
    }

    private static func halved(_ bytes: [UInt8], _ channels: Int, _ side: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(channels * side * side / 4)
        for y in 0..<side / 2 {
            for x in 0..<side / 2 {
                let upper = channels * (2 * y * side + 2 * x)
                let lower = upper + channels * side
                for at in 0..<channels {
                    let sum =
                        Int(bytes[upper + at]) + Int(bytes[upper + channels + at]) + Int(bytes[lower + at])
                        + Int(bytes[lower + channels + at])
                    result.append(UInt8((sum + 2) / 4))
                }
            }
        }
        return result
    }
}
