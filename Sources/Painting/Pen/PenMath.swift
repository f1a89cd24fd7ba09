/// A place on a tile, or a way from one to another, in pixels; the centre of the first pixel lies at one half.
package typealias PenPoint = SIMD2<Double>

extension SIMD2 where Scalar == Double {
    /// How long it is.
    package var length: Double { (x * x + y * y).squareRoot() }

    /// The same way with length 1; a way of no length stays.
    var unit: Self {
        let length = length
        return length > 1e-9 ? self / length : self
    }

    /// A quarter turn of what points to the right points down.
    var quarterTurn: Self { Self(-y, x) }

    func dot(_ other: Self) -> Double { x * other.x + y * other.y }
}

/// 0 at `from`, 1 at `to`, and without a kink between them.
func smooth(_ x: Double, _ from: Double, _ to: Double) -> Double {
    let part = limited((x - from) / (to - from), 0, 1)
    return part * part * (3 - 2 * part)
}

/// `x`, but at least `least` and at most `most`; what is no number becomes `least`.
func limited(_ x: Double, _ least: Double, _ most: Double) -> Double {
    x > least ? (x < most ? x : most) : least
}

/// `from` at 0, `to` at 1.
func mix(_ from: Double, _ to: Double, _ part: Double) -> Double { from + (to - from) * part }

/// `from` at 0, `to` at 1.
package func mix(_ from: PenPoint, _ to: PenPoint, _ part: Double) -> PenPoint { from + (to - from) * part }

/// What lies in the middle when sorted, or `part` of the way through; 0 of nothing.
func percentile(_ values: [Double], _ part: Double = 0.5) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    let place = limited(part, 0, 1) * Double(sorted.count - 1)
    let below = Int(place)
    return mix(sorted[below], sorted[min(below + 1, sorted.count - 1)], place - Double(below))
}

/// `values`, which lie at even steps from 0 to 1, at `part`: straight lines between them.
func interpolated(_ values: [Double], _ part: Double) -> Double {
    guard let last = values.last, values.count > 1 else { return values.first ?? 0 }
    let place = limited(part, 0, 1) * Double(values.count - 1)
    let below = Int(place)
    return below + 1 < values.count ? mix(values[below], values[below + 1], place - Double(below)) : last
}

/// Round things without the C library's sines, which round differently from system to system.
package enum Circle {
    /// 64 places on the circle of radius 1, from the right over what is below: each half angle by a square root.
    static let places: [PenPoint] = {
        var places = [PenPoint(1, 0), PenPoint(0, 1), PenPoint(-1, 0), PenPoint(0, -1)]
        while places.count < 64 {
            places = places.indices.flatMap { index in
                let next = places[(index + 1) % places.count]
                return [places[index], (places[index] + next).unit]
            }
        }
        return places
    }()

    /// The outline of an ellipse.
    ///
    /// - Parameters:
    ///   - centre: Its middle.
    ///   - across: Half of its width, and where that points.
    ///   - down: Half of its height, and where that points.
    /// - Returns: 64 places.
    package static func ellipse(_ centre: PenPoint, across: PenPoint, down: PenPoint) -> [PenPoint] {
        places.map { centre + across * $0.x + down * $0.y }
    }

    /// The sine of half a turn times `part`, 0...1: an arc from 0 over 1 to 0.
    static func arc(_ part: Double) -> Double {
        let place = limited(part, 0, 1) * 32
        let below = min(Int(place), 31)
        return mix(places[below].y, places[below + 1].y, place - Double(below))
    }
}
