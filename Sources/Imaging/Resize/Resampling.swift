/// The weights that turn one line of samples into a line of another length.
///
/// The filter is Lanczos with three lobes, widened when the line gets shorter so that every source sample counts.
/// Weights are whole numbers that add up to exactly 16384 for every target sample, made with additions,
/// multiplications and divisions only: all processors get the same ones.
struct Resampling {
    /// The sum of the weights of a target sample.
    static let one = 1 << 14

    /// Source samples in use for every target sample; weights beyond a sample's own are 0.
    let taps: Int
    /// Half of `taps`, rounded up.
    let pairs: Int
    /// For every target sample the first source sample; `first + taps` never exceeds the source length.
    let first: [Int]
    /// `pairs` pairs of weights for every target sample, the last one filled up with 0.
    let weights: [SIMD2<Int16>]
    /// Whether every target sample is just its source sample.
    let isIdentity: Bool

    /// Makes the weights for lines of at least 1 sample.
    ///
    /// `extent` is the length of what the source samples show, in source samples: less than `source` where the last
    /// sample is only partly filled.
    init(from source: Int, extent: Double, to target: Int) {
        let ratio = extent / Double(target)
        isIdentity = source == target && ratio == 1
        let isIdentity = isIdentity
        let windows = (0..<target).map {
            isIdentity ? ($0, [Int16(Self.one)]) : Self.window(of: $0, ratio: ratio, source: source)
        }
        let taps = windows.reduce(1) { max($0, $1.1.count) }
        let pairs = (taps + 1) / 2
        self.taps = taps
        self.pairs = pairs
        first = windows.map { min($0.0, source - taps) }
        weights = windows.flatMap { window in
            var line = [Int16](repeating: 0, count: 2 * pairs)
            let lead = max(0, window.0 - (source - taps))
            line.replaceSubrange(lead..<lead + window.1.count, with: window.1)
            return (0..<pairs).map { SIMD2(line[2 * $0], line[2 * $0 + 1]) }
        }
    }

    /// The source samples under the filter at one target sample: neither end moves back from one sample to the next.
    private static func window(of index: Int, ratio: Double, source: Int) -> (first: Int, weights: [Int16]) {
        let stretch = max(ratio, 1)
        let centre = (Double(index) + 0.5) * ratio - 0.5
        let reach = 3 * stretch
        let first = max(0, Int((centre - reach).rounded(.down)) + 1)
        let last = min(source - 1, Int((centre + reach).rounded(.up)) - 1)
        let real = (first...last).map { lanczos((Double($0) - centre) / stretch) }
        let sum = real.reduce(0, +)
        var whole = real.map { Int(($0 / sum * Double(one)).rounded()) }
        // Rounding leaves the sum off by a few: the largest weight takes the difference.
        let peak = whole.indices.reduce(0) { whole[$1] > whole[$0] ? $1 : $0 }
        whole[peak] += one - whole.reduce(0, +)
        return (first, whole.map { Int16($0) })
    }

    private static func lanczos(_ x: Double) -> Double {
        guard abs(x) < 3 else { return 0 }
        return sinc(x) * sinc(x / 3)
    }

    /// sin(pi x) / (pi x) for |x| <= 3.
    private static func sinc(_ x: Double) -> Double {
        if abs(x) < 1e-9 { return 1 }
        let whole = x.rounded()
        let sign: Double = Int(whole) % 2 == 0 ? 1 : -1
        return sign * sine(.pi * (x - whole)) / (.pi * x)
    }

    /// The sine by its series, for |x| <= pi / 2. The C library's may differ in the last bit from one to the next.
    private static func sine(_ x: Double) -> Double {
        let square = x * x
        var term = x
        var sum = x
        for step in stride(from: 2, through: 22, by: 2) {
            term = -term * square / Double(step * (step + 1))
            sum += term
        }
        return sum
    }
}
