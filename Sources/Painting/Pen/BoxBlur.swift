/// Blurs bytes nearly as a Gaussian does: twice with a box (W. M. Wells, "Efficient Synthesis of Gaussian Filters by
/// Cascaded Uniform Filters", 1986), whose outermost pixels may count less, so that every width is possible.
struct BoxBlur {
    /// Whole pixels to either side.
    private let radius: Int
    /// How much one pixel more to either side counts, in 1/256.
    private let edge: Int
    /// Pixels around a shape that it may reach.
    let reach: Int

    /// - Parameter softness: The standard deviation in pixels, at most 200; what is less than 0.2 blurs nothing.
    init(softness: Double) {
        guard softness >= 0.2 else {
            (radius, edge, reach) = (0, 0, 0)
            return
        }
        let softness = min(softness, 200)
        // The variance of a box is a twelfth of (its width squared - 1).
        let beyond = ((6 * softness * softness + 1).squareRoot() - 1) / 2
        radius = Int(beyond)
        edge = Int((beyond - Double(radius)) * 256)
        reach = 2 * (radius + 1)
    }

    /// Blurs rows of `width` bytes; outside there is nothing.
    func apply(to bytes: inout [UInt8], width: Int, height: Int) {
        guard radius > 0 || edge > 0, width > 0, height > 0 else { return }
        var other = bytes
        for _ in 0..<2 {
            across(bytes, width: width, height: height, into: &other)
            down(other, width: width, height: height, into: &bytes)
        }
    }

    /// What a pixel counts for, in 1/2^23.
    private var share: UInt32 {
        let whole = UInt32(256 * (2 * radius + 1) + 2 * edge)
        return ((1 << 23) + whole / 2) / whole
    }

    private func across(_ bytes: [UInt8], width: Int, height: Int, into result: inout [UInt8]) {
        let (share, edge) = (share, UInt32(edge))
        // A margin of nothing at both ends.
        let margin = radius + 1
        var line = [UInt32](repeating: 0, count: width + 2 * margin)
        for y in 0..<height {
            for x in 0..<width { line[x + margin] = UInt32(bytes[y * width + x]) }
            var sum: UInt32 = 0
            for x in 0..<2 * radius + 1 { sum &+= line[x] }
            for x in 0..<width {
                sum = sum &+ line[x + 2 * radius + 1] &- line[x]
                let value = sum &* 256 &+ edge &* (line[x] &+ line[min(x + 2 * radius + 2, line.count - 1)])
                result[y * width + x] = UInt8(truncatingIfNeeded: min((value &* share &+ (1 << 22)) >> 23, 255))
            }
        }
    }

    private func down(_ bytes: [UInt8], width: Int, height: Int, into result: inout [UInt8]) {
        let (share, edge) = (share, UInt32(edge))
        var sums = [UInt32](repeating: 0, count: width)
        let nothing = [UInt8](repeating: 0, count: width)
        for y in -radius..<height {
            // The row that comes into the box, the ones just outside of it, and the one that left it.
            let (ahead, after, behind) = (y + radius, y + radius + 1, y - radius - 1)
            if ahead < height {
                for x in 0..<width { sums[x] &+= UInt32(bytes[ahead * width + x]) }
            }
            if behind >= 0 {
                for x in 0..<width { sums[x] &-= UInt32(bytes[behind * width + x]) }
            }
            if y < 0 { continue }
            let (below, belowStart) = after < height ? (bytes, after * width) : (nothing, 0)
            let (above, aboveStart) = behind >= 0 ? (bytes, behind * width) : (nothing, 0)
            for x in 0..<width {
                let near = UInt32(below[belowStart + x]) &+ UInt32(above[aboveStart + x])
                let value = sums[x] &* 256 &+ edge &* near
                result[y * width + x] = UInt8(truncatingIfNeeded: min((value &* share &+ (1 << 22)) >> 23, 255))
            }
        }
    }
}
