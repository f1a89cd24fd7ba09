/// The rows of an underpainting at another size, by the cubic B-spline through its samples: contours of fields become smooth
/// curves, without the corners that linear interpolation would give them at every pixel.
struct SplineRows {
    /// Pixels of a side.
    let side: Int
    private let painting: Underpainting
    private let taps: [Taps]
    private var between: UnderpaintedRow
    /// Row y of the painting is in slot y % 4.
    private var window: [UnderpaintedRow]
    private var held: [Int]

    /// Where a pixel is read from: four neighbours and their weights.
    private struct Taps {
        var places: SIMD4<Int>
        var weights: SIMD4<Float>
    }

    /// - Parameters:
    ///   - painting: A square.
    ///   - side: The sides that are wanted.
    init(_ painting: Underpainting, side: Int) {
        var painting = painting
        while painting.side >= 2 * side { painting = painting.halved() }
        self.painting = painting
        self.side = side
        between = UnderpaintedRow(width: painting.side)
        window = [UnderpaintedRow](repeating: between, count: 4)
        held = [Int](repeating: -1, count: 4)
        let count = painting.side
        taps = (0..<side).map { index in
            let place = (Float(index) + 0.5) * Float(count) / Float(side) - 0.5
            let floor = place.rounded(.down)
            let t = place - floor
            let first = Int(floor) - 1
            let u = 1 - t
            return Taps(
                places: SIMD4(first, first + 1, first + 2, first + 3)
                    .clamped(lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: count - 1)),
                weights: SIMD4(
                    u * u * u, 4 + t * t * (3 * t - 6), 4 + u * u * (3 * u - 6), t * t * t) * (1 / 6))
        }
    }

    /// Row `y` of the new size.
    mutating func fill(_ row: inout UnderpaintedRow, y: Int) {
        let down = taps[y]
        for tap in 0..<4 where held[down.places[tap] % 4] != down.places[tap] {
            painting.fill(&window[down.places[tap] % 4], y: down.places[tap])
            held[down.places[tap] % 4] = down.places[tap]
        }
        func source(_ tap: Int) -> UnderpaintedRow { window[down.places[tap] % 4] }
        let (first, second, third, fourth) = (source(0), source(1), source(2), source(3))
        for x in 0..<painting.side {
            between.colours[x] =
                first.colours[x] * down.weights[0] + second.colours[x] * down.weights[1]
                + third.colours[x] * down.weights[2] + fourth.colours[x] * down.weights[3]
            between.fields[x] =
                first.fields[x] * down.weights[0] + second.fields[x] * down.weights[1]
                + third.fields[x] * down.weights[2] + fourth.fields[x] * down.weights[3]
        }
        for x in 0..<side {
            let across = taps[x]
            row.colours[x] =
                between.colours[across.places[0]] * across.weights[0]
                + between.colours[across.places[1]] * across.weights[1]
                + between.colours[across.places[2]] * across.weights[2]
                + between.colours[across.places[3]] * across.weights[3]
            row.fields[x] =
                between.fields[across.places[0]] * across.weights[0]
                + between.fields[across.places[1]] * across.weights[1]
                + between.fields[across.places[2]] * across.weights[2]
                + between.fields[across.places[3]] * across.weights[3]
        }
    }
}
