/// Vectors of one kind at another size, row by row, by the cubic B-spline through them: separable, with the weights of four
/// neighbours (M. Unser, "Splines: A Perfect Fit for Signal and Image Processing", 1999).
struct SplinePlane<Vector: SIMD> where Vector.Scalar == Float {
    private let across: [Taps]
    private let down: [Taps]
    private var between: [Vector]
    /// Row y of the source is in slot y % 4.
    private var window: [[Vector]]
    private var held = [-1, -1, -1, -1]

    /// Where a number is read from: four neighbours and their weights.
    private struct Taps {
        var places: SIMD4<Int>
        var weights: SIMD4<Float>

        static func all(from count: Int, to length: Int) -> [Taps] {
            (0..<length).map { index -> Taps in
                let place: Float = (Float(index) + 0.5) * Float(count) / Float(length) - 0.5
                let floor = place.rounded(.down)
                let t = place - floor
                let u = 1 - t
                let places = SIMD4(repeating: Int(floor)) &+ SIMD4(-1, 0, 1, 2)
                let inner: (Float, Float) = (4 + t * t * (3 * t - 6), 4 + u * u * (3 * u - 6))
                return Taps(
                    places: places.clamped(lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: count - 1)),
                    weights: SIMD4<Float>(u * u * u, inner.0, inner.1, t * t * t) * (1 / 6))
            }
        }
    }

    /// A square of `count` by `count` becomes one of `side` by `side`.
    init(from count: Int, to side: Int) {
        self.init(columns: (count, side), rows: (count, side))
    }

    /// - Parameters:
    ///   - columns: How many there are and how many are wanted.
    ///   - rows: The same of rows.
    init(columns: (from: Int, to: Int), rows: (from: Int, to: Int)) {
        between = [Vector](repeating: Vector(), count: columns.from)
        window = [[Vector]](repeating: between, count: 4)
        across = Taps.all(from: columns.from, to: columns.to)
        down = Taps.all(from: rows.from, to: rows.to)
    }

    /// Makes row `y` of the new size. Where rows are made one after the other from the top, those of the source are asked for
    /// one after the other, too, each once.
    ///
    /// - Parameters:
    ///   - row: Gets it.
    ///   - y: Which one.
    ///   - read: Fills a row of the source.
    /// - Throws: What `read` throws.
    @inline(__always)
    mutating func fill<Failure: Error>(
        _ row: inout [Vector], y: Int, read: (_ row: inout [Vector], _ y: Int) throws(Failure) -> Void
    ) throws(Failure) {
        let (places, weights) = (down[y].places, down[y].weights)
        for tap in 0..<4 where held[places[tap] % 4] != places[tap] {
            try read(&window[places[tap] % 4], places[tap])
            held[places[tap] % 4] = places[tap]
        }
        let (first, second) = (window[places[0] % 4], window[places[1] % 4])
        let (third, fourth) = (window[places[2] % 4], window[places[3] % 4])
        for x in between.indices {
            let upper: Vector = first[x] * weights[0] + second[x] * weights[1]
            let lower: Vector = third[x] * weights[2] + fourth[x] * weights[3]
            between[x] = upper + lower
        }
        for x in row.indices {
            let (places, weights) = (across[x].places, across[x].weights)
            let left: Vector = between[places[0]] * weights[0] + between[places[1]] * weights[1]
            let right: Vector = between[places[2]] * weights[2] + between[places[3]] * weights[3]
            row[x] = left + right
        }
    }
}
