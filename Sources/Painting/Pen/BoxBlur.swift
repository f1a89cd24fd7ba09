/// Blurs bytes nearly as a Gaussian does: three times with a box (W. M. Wells, "Efficient Synthesis of Gaussian Filters by
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
        let beyond = ((4 * softness * softness + 1).squareRoot() - 1) / 2
        radius = Int(beyond)
        edge = Int((beyond - Double(radius)) * 256)
        reach = 3 * (radius + 1)
    }

    /// Blurs rows of `width` bytes; outside there is nothing.
    func apply(to bytes: inout [UInt8], width: Int, height: Int) {
        guard radius > 0 || edge > 0, width > 0 else { return }
        var line = [Int](repeating: 0, count: max(width, height))
        for _ in 0..<3 {
            for y in 0..<height { pass(&bytes, from: y * width, step: 1, count: width, &line) }
            for x in 0..<width { pass(&bytes, from: x, step: width, count: height, &line) }
        }
    }

    private func pass(_ bytes: inout [UInt8], from start: Int, step: Int, count: Int, _ line: inout [Int]) {
        for index in 0..<count { line[index] = Int(bytes[start + index * step]) }
        let whole = 256 * (2 * radius + 1) + 2 * edge
        var sum = 0
        for index in 0..<min(radius, count) { sum += line[index] }
        for index in 0..<count {
            let (ahead, behind) = (index + radius, index - radius - 1)
            if ahead < count { sum += line[ahead] }
            let after = ahead + 1 < count ? line[ahead + 1] : 0
            let before = behind >= 0 ? line[behind] : 0
            bytes[start + index * step] = UInt8((sum * 256 + edge * (before + after) + whole / 2) / whole)
            if behind + 1 >= 0 { sum -= line[behind + 1] }
        }
    }
}
