/// The rows of an underpainting at another size, by the cubic B-spline through its samples: contours of fields become smooth
/// curves, without the corners that linear interpolation would give them at every pixel.
struct SplineRows {
    private let painting: Underpainting
    private var colours: Plane<SIMD4<Float>>
    private var fields: Plane<SIMD8<Float>>

    /// - Parameters:
    ///   - painting: A square.
    ///   - side: The sides that are wanted.
    init(_ painting: Underpainting, side: Int) {
        var painting = painting
        while painting.side >= 2 * side, let smaller = painting.halved() { painting = smaller }
        self.painting = painting
        colours = Plane(from: painting.side, to: side)
        fields = Plane(from: painting.side / 2, to: side)
    }

    /// Row `y` of the new size.
    mutating func fill(_ row: inout UnderpaintedRow, y: Int) {
        colours.fill(&row.colours, y: y) { painting.fill(&$0, y: $1) }
        fields.fill(&row.fields, y: y) { painting.fill(&$0, y: $1) }
        for x in row.fields.indices { row.fields[x][7] = row.colours[x].light }
    }

    /// Vectors of one kind, row by row.
    private struct Plane<Vector: SIMD> where Vector.Scalar == Float {
        private let taps: [Taps]
        private var between: [Vector]
        /// Row y of the source is in slot y % 4.
        private var window: [[Vector]]
        private var held = [-1, -1, -1, -1]

        /// Where a pixel is read from: four neighbours and their weights.
        private struct Taps {
            var places: SIMD4<Int>
            var weights: SIMD4<Float>
        }

        init(from count: Int, to side: Int) {
            between = [Vector](repeating: Vector(), count: count)
            window = [[Vector]](repeating: between, count: 4)
            taps = (0..<side).map { index in
                let place = (Float(index) + 0.5) * Float(count) / Float(side) - 0.5
                let floor = place.rounded(.down)
                let t = place - floor
                let first = Int(floor) - 1
                let u = 1 - t
                return Taps(
                    places: SIMD4(first, first + 1, first + 2, first + 3)
                        .clamped(lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: count - 1)),
                    weights: SIMD4(u * u * u, 4 + t * t * (3 * t - 6), 4 + u * u * (3 * u - 6), t * t * t) * (1 / 6))
            }
        }

        @inline(__always)
        mutating func fill(_ row: inout [Vector], y: Int, read: (_ row: inout [Vector], _ y: Int) -> Void) {
            let (places, down) = (taps[y].places, taps[y].weights)
            for tap in 0..<4 where held[places[tap] % 4] != places[tap] {
                read(&window[places[tap] % 4], places[tap])
                held[places[tap] % 4] = places[tap]
            }
            let (first, second) = (window[places[0] % 4], window[places[1] % 4])
            let (third, fourth) = (window[places[2] % 4], window[places[3] % 4])
            for x in between.indices {
                let upper: Vector = first[x] * down[0] + second[x] * down[1]
                let lower: Vector = third[x] * down[2] + fourth[x] * down[3]
                between[x] = upper + lower
            }
            for x in row.indices {
                let (places, across) = (taps[x].places, taps[x].weights)
                let left: Vector = between[places[0]] * across[0] + between[places[1]] * across[1]
                let right: Vector = between[places[2]] * across[2] + between[places[3]] * across[3]
                row[x] = left + right
            }
        }
    }
}
