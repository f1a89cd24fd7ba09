/// Makes strokes of a picture, areas of one colour with crisp edges, row by row: each pixel becomes the mean of that quarter
/// of its surroundings in which colours differ least (M. Kuwahara et al., "Processing of RI-angiocardiographic images", 1976),
/// or of several, the more of each the less it varies (G. Papari et al., "Artistic Edge and Corner Enhancing Smoothing",
/// 2007). It also makes edges crisp that a network left soft.
///
/// Sums are integers that slide along rows and columns, so the cost does not depend on the radius.
package struct Strokes {
    package let width: Int
    /// How far the surroundings reach, in pixels.
    package let radius: Int
    /// Rows taken last, `radius` more pixels at either end; row y is in slot y % (radius + 1).
    private var rows: [[SIMD4<Int32>]]
    /// By column: the sum of those rows.
    private var columns: [SIMD4<Int32>]
    /// Means of squares of `radius + 1` pixels, by the row and column of the first of them, their variance in the fourth lane.
    private var squares: [[SIMD4<Float>]]
    /// Rows that were taken, those above the first one too.
    private var taken = 0

    /// Red, green and blue that differ by 7 from their mean count half.
    private static let sharpness: Float = 0.02 / 16

    /// For rows of `width` pixels.
    package init(width: Int, radius: Int) {
        self.width = width
        self.radius = radius
        let row = [SIMD4<Int32>](repeating: SIMD4(), count: width + 2 * radius)
        rows = [[SIMD4<Int32>]](repeating: row, count: radius + 1)
        columns = row
        squares = [[SIMD4<Float>]](
            repeating: [SIMD4<Float>](repeating: SIMD4(), count: width + radius), count: radius + 1)
    }

    /// Takes the next row of the picture.
    ///
    /// - Parameter samples: Red, green and blue of each pixel.
    package mutating func take(_ samples: borrowing Span<UInt8>) {
        var row = [SIMD4<Int32>](repeating: SIMD4(), count: columns.count)
        for x in 0..<width {
            let (red, green, blue) = (
                Int32(samples[3 * x]), Int32(samples[3 * x + 1]), Int32(samples[3 * x + 2])
            )
            let light = red &+ 2 &* green &+ blue
            row[x + radius] = SIMD4(red, green, blue, light &* light)
        }
        for x in 0..<radius {
            row[x] = row[radius]
            row[width + radius + x] = row[width + radius - 1]
        }
        add(row)
        if taken == 1 { for _ in 0..<radius { repeatLast() } }
    }

    /// Takes the last row again: beyond a border the picture goes on as it ends.
    package mutating func repeatLast() {
        add(rows[(taken - 1) % (radius + 1)])
    }

    private mutating func add(_ row: [SIMD4<Int32>]) {
        let slot = taken % (radius + 1)
        for x in columns.indices { columns[x] &+= row[x] &- rows[slot][x] }
        rows[slot] = row
        taken += 1
        if taken > radius { sumUp() }
    }

    /// Means and variances of the squares that end with the row taken last.
    private mutating func sumUp() {
        let slot = (taken - 1 - radius) % (radius + 1)
        let part = 1 / Float((radius + 1) * (radius + 1))
        var sum = SIMD4<Int32>()
        for x in 0..<radius { sum &+= columns[x] }
        for x in 0..<width + radius {
            sum &+= columns[x + radius]
            var mean = SIMD4<Float>(sum) * part
            let light = mean[0] + 2 * mean[1] + mean[2]
            mean[3] = max(mean[3] - light * light, 0)
            squares[slot][x] = mean
            sum &-= columns[x]
        }
    }

    /// The picture's row `y`, which must be `radius` rows before the one that was taken last.
    package func fill(_ row: inout [SIMD4<Float>], y: Int) {
        let above = squares[y % (radius + 1)]
        let below = squares[(y + radius) % (radius + 1)]
        let (upper, lower) = (above.span, below.span)
        for x in 0..<width {
            let (first, second, third, fourth) = (upper[x], upper[x + radius], lower[x], lower[x + radius])
            let variances = SIMD4<Float>(first[3], second[3], third[3], fourth[3])
            let even: SIMD4<Float> = 1 / (variances * Self.sharpness + 1)
            let squared: SIMD4<Float> = even * even
            let weights: SIMD4<Float> = squared * squared + 1e-6
            var sum: SIMD4<Float> = first * weights[0] + second * weights[1]
            sum += third * weights[2] + fourth * weights[3]
            let all: Float = weights[0] + weights[1] + (weights[2] + weights[3])
            var colour: SIMD4<Float> = sum * (1 / (255 * all))
            colour[3] = 0
            row[x] = colour
        }
    }
}
