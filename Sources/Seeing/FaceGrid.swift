/// What YuNet says about the cells of one of its three grids (W. Wu et al., "YuNet: A Tiny Millisecond-level Face
/// Detector", Machine Intelligence Research 2023), and how faces are read from it.
///
/// A cell has two scores, a box (centre as an offset in cells, logarithms of its sides in cells) and five landmarks
/// (offsets in cells).
package struct FaceGrid {
    /// Pixels from cell to cell.
    package let stride: Int
    /// Cells in a row.
    package let columns: Int
    /// Rows of cells.
    package let rows: Int
    /// Numbers by part, row by row, those of a cell together.
    private var numbers: [Part: [Float]] = [:]

    /// What a cell has, and how many numbers.
    package enum Part: String, CaseIterable {
        case `class` = "cls"
        case objectness = "obj"
        case box = "bbox"
        case landmarks = "kps"

        package var count: Int {
            switch self {
            case .class, .objectness: 1
            case .box: 4
            case .landmarks: 10
            }
        }
    }

    /// A grid over a picture of `width` by `height` pixels.
    package init(stride: Int, width: Int, height: Int) {
        self.stride = stride
        (columns, rows) = (width / stride, height / stride)
        for part in Part.allCases { numbers[part] = [Float](repeating: 0, count: columns * rows * part.count) }
    }

    /// Takes what the network says of a row of cells: `part.count` numbers for each.
    package mutating func take(_ part: Part, row: Int, _ values: Span<Float>) {
        let count = columns * part.count
        guard (0..<rows).contains(row), values.count >= count else { return }
        for index in 0..<count { numbers[part]?[row * count + index] = values[index] }
    }

    /// The faces of all cells that are as sure as is asked for. What is no number, or no size, is no face.
    package func faces(surerThan least: Double) -> [Face] {
        guard let classes = numbers[.class], let objects = numbers[.objectness], let boxes = numbers[.box],
            let points = numbers[.landmarks]
        else { return [] }
        var faces: [Face] = []
        for cell in 0..<columns * rows {
            let product = Self.probability(classes[cell]) * Self.probability(objects[cell])
            guard product >= least * least else { continue }
            let (column, row, size) = (Double(cell % columns), Double(cell / columns), Double(stride))
            let box = boxes[4 * cell..<4 * cell + 4].map { Double($0) }
            let marks = points[10 * cell..<10 * cell + 10].map { Double($0) }
            guard (box + marks).allSatisfy({ abs($0) < 1000 }), box[2] < 8, box[3] < 8 else { continue }
            let (width, height) = (exponential(box[2]) * size, exponential(box[3]) * size)
            func point(_ number: Int) -> PicturePoint {
                PicturePoint(x: (marks[2 * number] + column) * size, y: (marks[2 * number + 1] + row) * size)
            }
            faces.append(
                Face(
                    score: product.squareRoot(),
                    origin: PicturePoint(
                        x: (box[0] + column) * size - width / 2, y: (box[1] + row) * size - height / 2),
                    width: width, height: height, rightEye: point(0), leftEye: point(1), nose: point(2),
                    rightMouthCorner: point(3), leftMouthCorner: point(4)))
        }
        return faces
    }

    private static func probability(_ value: Float) -> Double { min(max(Double(value), 0), 1) }
}

/// e to the power of `x`, -1000 to 1000, with additions and multiplications alone: the C library's rounds differently from
/// system to system, and faces are the same everywhere. Exact to about one part in 10^15.
///
/// `x` is split into a whole number of ln 2 and a rest of at most half of it (Cody and Waite), whose series is short.
package func exponential(_ x: Double) -> Double {
    let halves = (x * 1.442_695_040_888_963_4).rounded(.toNearestOrEven)
    let rest = (x - halves * 0.693_147_180_369_123_8) - halves * 1.908_214_929_270_587_7e-10
    var term = 1.0
    var sum = 1.0
    for power in 1...14 {
        term = term * rest / Double(power)
        sum += term
    }
    return Double(sign: .plus, exponent: Int(halves), significand: 1) * sum
}
