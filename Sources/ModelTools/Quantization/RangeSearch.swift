/// The distribution of one channel of a tensor: how often values fall into equal parts of the range that was seen.
package struct Histogram: Sendable {
    package static let bins = 2048

    /// The range that the bins divide.
    package let lower: Double
    package let upper: Double
    package private(set) var counts: [Int]
    /// How many values are at or below the lower limit of a clipped tensor: they cost nothing, as that limit is exact.
    package private(set) var atFloor = 0

    package init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = Swift.max(upper, lower + 1e-9 * Swift.max(1, abs(lower)))
        counts = [Int](repeating: 0, count: Self.bins)
    }

    package mutating func add(_ value: Double) {
        let bin = Int((value - lower) / (upper - lower) * Double(Self.bins))
        counts[Swift.max(0, Swift.min(Self.bins - 1, bin))] += 1
    }

    package mutating func addAtFloor() { atFloor += 1 }

    package mutating func add(_ other: Histogram) {
        for bin in counts.indices { counts[bin] += other.counts[bin] }
        atFloor += other.atFloor
    }

    /// The middle of a bin.
    func center(_ bin: Int) -> Double { lower + (Double(bin) + 0.5) * (upper - lower) / Double(Self.bins) }

    /// The range whose 256 levels lose least: rounding inside, clipping outside, squared errors, those of clipping times
    /// `clippingWeight`. `fixedLower` keeps the lower end where it is (the floor of a clipped tensor).
    package func bestRange(fixedLower: Bool, clippingWeight: Double = 1) -> ClosedRange<Double> {
        let sums = Sums(self)
        var best = lower...upper
        var bestError = Double.infinity
        let steps = 128
        // Ranges down to a quarter of what was seen, by cutting bins off either end.
        for low in 0..<(fixedLower ? 1 : steps) {
            for high in 0..<steps {
                let first = low * Self.bins / (4 * steps) * 2
                let last = Self.bins - high * Self.bins / (4 * steps) * (fixedLower ? 3 : 2)
                guard first < last else { continue }
                let from = edge(first)
                let to = edge(last)
                let step = (to - from) / 255
                let clipping = sums.error(below: first, from: from) + sums.error(above: last, from: to)
                let error = clippingWeight * clipping + sums.count(first, last) * step * step / 12
                if error < bestError {
                    bestError = error
                    best = from...to
                }
            }
        }
        return best
    }

    private func edge(_ bin: Int) -> Double { lower + Double(bin) * (upper - lower) / Double(Self.bins) }

    /// Running sums over the bins of 1, v and v^2.
    private struct Sums {
        var zeroth: [Double] = [0]
        var first: [Double] = [0]
        var second: [Double] = [0]

        init(_ histogram: Histogram) {
            for bin in histogram.counts.indices {
                let count = Double(histogram.counts[bin])
                let value = histogram.center(bin)
                zeroth.append(zeroth[bin] + count)
                first.append(first[bin] + count * value)
                second.append(second[bin] + count * value * value)
            }
        }

        func count(_ from: Int, _ to: Int) -> Double { zeroth[to] - zeroth[from] }

        /// The squared distance to `point` of everything in bins `from` ..< `to`.
        private func error(_ from: Int, _ to: Int, _ point: Double) -> Double {
            let moment = second[to] - second[from] - 2 * point * (first[to] - first[from])
            return Swift.max(0, moment + point * point * count(from, to))
        }

        func error(below bin: Int, from point: Double) -> Double { error(0, bin, point) }
        func error(above bin: Int, from point: Double) -> Double { error(bin, zeroth.count - 1, point) }
    }
}
