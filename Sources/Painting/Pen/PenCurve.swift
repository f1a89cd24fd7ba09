/// Smooth lines through places.
package enum PenCurve {
    /// Places on a smooth line through all of `points`: a Catmull-Rom spline (E. Catmull, R. Rom, "A Class of Local
    /// Interpolating Splines", 1974), whose parameter is the length of the way.
    ///
    /// - Parameters:
    ///   - points: At least two for a line to come out.
    ///   - count: The places, at even steps of the way from the first point to the last, at least 2.
    ///   - isClosed: Whether the line goes on from the last to the first point; then the last place is not the first one.
    /// - Returns: `count` places.
    package static func through(_ points: [PenPoint], count: Int, isClosed: Bool = false) -> [PenPoint] {
        guard points.count > 1, count > 1 else { return points }
        let segments = isClosed ? points.count : points.count - 1
        func at(_ index: Int) -> PenPoint {
            isClosed ? points[(index + points.count) % points.count] : points[min(max(index, 0), points.count - 1)]
        }
        let lengths = (0..<segments).map { (at($0 + 1) - at($0)).length + 1e-6 }
        func length(_ segment: Int) -> Double {
            isClosed ? lengths[(segment + segments) % segments] : lengths[min(max(segment, 0), segments - 1)]
        }
        /// How fast the line goes at a point.
        func speed(_ index: Int) -> PenPoint {
            let (before, after) = (length(index - 1), length(index))
            let (into, out) = ((at(index) - at(index - 1)) / before, (at(index + 1) - at(index)) / after)
            if !isClosed, index == 0 { return out }
            if !isClosed, index == points.count - 1 { return into }
            return (into * after + out * before) / (before + after)
        }
        let speeds = (0...segments).map(speed)
        let all = lengths.reduce(0, +)
        var places: [PenPoint] = []
        places.reserveCapacity(count)
        var segment = 0
        var passed = 0.0
        for step in 0..<count {
            let way = all * Double(step) / Double(isClosed ? count : count - 1)
            while segment < segments - 1, passed + lengths[segment] < way {
                passed += lengths[segment]
                segment += 1
            }
            let span = lengths[segment]
            let part = limited((way - passed) / span, 0, 1)
            let (square, cube) = (part * part, part * part * part)
            let start =
                at(segment) * (2 * cube - 3 * square + 1) + speeds[segment] * ((cube - 2 * square + part) * span)
            let end = at(segment + 1) * (3 * square - 2 * cube) + speeds[segment + 1] * ((cube - square) * span)
            places.append(start + end)
        }
        return places
    }

    /// The outline of a stroke along `line`.
    ///
    /// - Parameters:
    ///   - line: Places close together, at least two.
    ///   - widths: How wide it is, at even steps of them.
    /// - Returns: Places, of which the last joins the first.
    static func stroke(_ line: [PenPoint], widths: [Double]) -> [PenPoint] {
        guard line.count > 1 else { return [] }
        var left: [PenPoint] = []
        var right: [PenPoint] = []
        left.reserveCapacity(2 * line.count)
        right.reserveCapacity(line.count)
        for index in line.indices {
            let way = line[min(index + 1, line.count - 1)] - line[max(index - 1, 0)]
            let width = interpolated(widths, Double(index) / Double(line.count - 1))
            let aside = way.unit.quarterTurn * (width / 2)
            left.append(line[index] - aside)
            right.append(line[index] + aside)
        }
        return left + right.reversed()
    }

    /// The smallest outline without dents around `points` (A. M. Andrew, "Another Efficient Algorithm for Convex Hulls in
    /// Two Dimensions", 1979).
    static func hull(_ points: [PenPoint]) -> [PenPoint] {
        let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        func half(_ points: some Sequence<PenPoint>) -> [PenPoint] {
            var chain: [PenPoint] = []
            for point in points {
                while chain.count > 1 {
                    let (one, two) = (chain[chain.count - 2], chain[chain.count - 1])
                    guard (two - one).quarterTurn.dot(point - one) <= 0 else { break }
                    chain.removeLast()
                }
                chain.append(point)
            }
            return chain.dropLast()
        }
        return half(sorted) + half(sorted.reversed())
    }

    /// A closed outline at even steps, its corners rounded by weights of 1, 4, 6, 4 and 1.
    static func rounded(_ outline: [PenPoint], count: Int, times: Int) -> [PenPoint] {
        guard outline.count > 2, count > 4 else { return outline }
        let closed = outline + [outline[0]]
        let lengths = zip(closed, closed.dropFirst()).map { ($1 - $0).length }
        let all = lengths.reduce(0, +)
        var places: [PenPoint] = []
        var (segment, passed) = (0, 0.0)
        for step in 0..<count {
            let way = all * Double(step) / Double(count)
            while segment < lengths.count - 1, passed + lengths[segment] < way {
                passed += lengths[segment]
                segment += 1
            }
            let part = limited((way - passed) / (lengths[segment] + 1e-9), 0, 1)
            places.append(mix(closed[segment], closed[segment + 1], part))
        }
        for _ in 0..<times {
            let before = places
            for index in 0..<count {
                func at(_ step: Int) -> PenPoint { before[(index + step + count) % count] }
                let near = (at(-1) + at(1)) * 4
                places[index] = (at(-2) + at(2) + near + at(0) * 6) / 16
            }
        }
        return places
    }
}
