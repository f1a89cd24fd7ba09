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

/// The underpainting of a square, whole: a face's.
///
/// Fields are kept at half of the colours' size, the mean of four each: a network makes blocks of pixels at once, whose
/// borders would show in every contour.
package struct Underpainting {
    /// Pixels of a side, an even number.
    package let side: Int
    /// Three bytes a pixel, by rows.
    private var colours: [UInt8] = []
    /// ``UnderpaintedField/count`` bytes for each four pixels, by rows.
    private var fields: [UInt8] = []

    /// Reads all rows of what a network makes of a square of an even side.
    init(reading source: UnderpaintedRows) throws(PictureError) {
        precondition(source.width == source.height && source.width % 2 == 0)
        side = source.width
        reserve()
        var sums = [UInt16](repeating: 0, count: UnderpaintedField.count * side / 2)
        for y in 0..<side {
            try source.read { (colours, fields) in take(y, colours, fields, &sums) }
        }
    }

    /// A square of the given rows, as many as each has pixels, an even number.
    package init(rows: [UnderpaintedRow]) {
        precondition(rows.count % 2 == 0)
        side = rows.count
        reserve()
        func byte(_ value: Float) -> UInt8 { UInt8(min(max(value, 0), 1) * 255 + 0.5) }
        var sums = [UInt16](repeating: 0, count: UnderpaintedField.count * side / 2)
        for (y, row) in rows.enumerated() {
            let colours = row.colours.flatMap { [byte($0[0]), byte($0[1]), byte($0[2])] }
            let fields = row.fields.flatMap { lanes in (0..<UnderpaintedField.count).map { byte(lanes[$0]) } }
            take(y, colours.span, fields.span, &sums)
        }
    }

    private init(side: Int, colours: [UInt8], fields: [UInt8]) {
        (self.side, self.colours, self.fields) = (side, colours, fields)
    }

    private mutating func reserve() {
        colours.reserveCapacity(3 * side * side)
        fields.reserveCapacity(UnderpaintedField.count * side * side / 4)
    }

    /// Takes row `y`; `sums` holds those of the row above where it is the second of two.
    private mutating func take(
        _ y: Int, _ colours: Span<UInt8>, _ fields: Span<UInt8>, _ sums: inout [UInt16]
    ) {
        colours.withUnsafeBufferPointer { self.colours.append(contentsOf: $0) }
        let count = UnderpaintedField.count
        for x in 0..<side / 2 {
            for field in 0..<count {
                let at = 2 * count * x + field
                let sum = UInt16(fields[at]) + UInt16(fields[at + count])
                if y % 2 == 0 {
                    sums[count * x + field] = sum
                } else {
                    self.fields.append(UInt8((sums[count * x + field] + sum + 2) / 4))
                }
            }
        }
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
        var at = UnderpaintedField.count * y * (side / 2)
        for x in 0..<side / 2 {
            var lanes = SIMD8<Float>()
            for lane in 0..<UnderpaintedField.count { lanes[lane] = Float(source[at + lane]) }
            row[x] = lanes * (1 / 255)
            at += UnderpaintedField.count
        }
    }

    /// Half as large, each pixel the mean of four; nil where its side would be odd.
    func halved() -> Underpainting? {
        guard side % 4 == 0 else { return nil }
        func halved(_ bytes: [UInt8], _ channels: Int, _ side: Int) -> [UInt8] {
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
        return Underpainting(
            side: side / 2, colours: halved(colours, 3, side), fields: halved(fields, UnderpaintedField.count, side / 2)
        )
    }
}
