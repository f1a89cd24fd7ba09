/// A picture resized while its rows pass: first the columns, from a ring of source rows, then the rows.
///
/// Memory is `taps` source rows and two more; nothing is taken per row.
public final class ResizedRows: RowSource {
    /// Pixels in a row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// Time spent resizing so far, without the time of the source.
    public private(set) var time: Duration = .zero

    private let source: any RowSource
    private let horizontal: Resampling
    private let vertical: Resampling
    /// Source row y is in slot y % taps.
    private var ring: [[UInt8]]
    /// The samples of one row of the source's width: sums of weighted samples.
    private var sums: [Int32]
    private var blended: [PixelPair]
    private var rowsRead = 0
    private var next = 0

    /// Resizes the rows of `source`, of which none was read yet, to sides of at least 1 pixel.
    public convenience init(_ source: any RowSource, width: Int, height: Int) {
        self.init(
            source, width: width, height: height,
            extent: (width: Double(source.width), height: Double(source.height)))
    }

    /// Resizes rows of which the last row and column may be filled only partly: `extent` is how much of the source's
    /// width and height the picture takes.
    init(_ source: any RowSource, width: Int, height: Int, extent: (width: Double, height: Double)) {
        precondition(width > 0 && height > 0)
        self.source = source
        self.width = width
        self.height = height
        horizontal = Resampling(from: source.width, extent: extent.width, to: width)
        vertical = Resampling(from: source.height, extent: extent.height, to: height)
        let empty = [UInt8](repeating: 0, count: 3 * source.width)
        ring = (0..<vertical.taps).map { _ in empty }
        sums = [Int32](repeating: 0, count: 3 * source.width)
        blended = [PixelPair](repeating: PixelPair(), count: source.width)
    }

    /// Makes the next row.
    public func readRow(into row: inout MutableSpan<UInt8>) throws(PictureError) {
        precondition(next < height)
        let first = vertical.first[next]
        while rowsRead < first + vertical.taps {
            try source.readRow(into: &ring[rowsRead % vertical.taps])
            rowsRead += 1
        }
        let start = ContinuousClock.now
        vertical.blend(rows: ring, for: next, into: &sums)
        if horizontal.isIdentity {
            Resampling.narrow(sums, into: &row)
        } else {
            Resampling.keepFraction(of: sums, in: &blended)
            horizontal.blend(pixels: blended, into: &row)
        }
        next += 1
        time += ContinuousClock.now - start
    }
}

/// Red, green and blue of a pixel and of its right neighbour, in 1/64 of a sample's step: r r g g b b 0 0.
private typealias PixelPair = SIMD8<Int16>

// The loops below are shaped so that four or eight products of 16-bit numbers are added up in pairs by one
// instruction, on every processor that has one.
extension Resampling {
    /// Adds up weighted rows: sums[i] = sum of weight * row[i]. `ring` holds source row y in slot y % taps.
    fileprivate func blend(rows ring: [[UInt8]], for index: Int, into sums: inout [Int32]) {
        let start = first[index]
        var target = sums.mutableSpan
        for i in target.indices {
            target[i] = 0
        }
        for pair in stride(from: 0, to: pairs, by: 2) {
            // Taps after the last one weigh nothing, whichever row they are given.
            func row(_ extra: Int) -> [UInt8] { ring[(start + min(2 * pair + extra, taps - 1)) % taps] }
            let near = weights[index * pairs + pair]
            let far = pair + 1 < pairs ? weights[index * pairs + pair + 1] : SIMD2()
            Self.add(row(0), row(1), row(2), row(3), weighted: near, far, to: &target)
        }
    }

    private static func add(
        _ a: [UInt8], _ b: [UInt8], _ c: [UInt8], _ d: [UInt8], weighted near: SIMD2<Int16>, _ far: SIMD2<Int16>,
        to sums: inout MutableSpan<Int32>
    ) {
        let count = sums.count
        let (a, b, c, d) = (a.span, b.span, c.span, d.span)
        precondition(a.count == count && b.count == count && c.count == count && d.count == count)
        let (wa, wb, wc, wd) = (Int32(near[0]), Int32(near[1]), Int32(far[0]), Int32(far[1]))
        for i in 0..<count {
            sums[i] &+= Int32(a[i]) &* wa &+ Int32(b[i]) &* wb &+ Int32(c[i]) &* wc &+ Int32(d[i]) &* wd
        }
    }

    /// Rounds sums of weighted samples to 1/64 of a sample's step and puts neighbours side by side.
    fileprivate static func keepFraction(of sums: [Int32], in pixels: inout [PixelPair]) {
        let sums = sums.span
        var pixels = pixels.mutableSpan
        precondition(sums.count == 3 &* pixels.count)
        var pixel = PixelPair()
        for x in pixels.indices.reversed() {
            pixel = PixelPair(
                fraction(sums[3 &* x]), pixel[0], fraction(sums[3 &* x &+ 1]), pixel[2], fraction(sums[3 &* x &+ 2]),
                pixel[4], 0, 0)
            pixels[x] = pixel
        }
    }

    /// The filter's lobes reach at most 1.3 times a sample's range: 64 of them fit 16 bits.
    @inline(__always)
    private static func fraction(_ sum: Int32) -> Int16 {
        Int16(truncatingIfNeeded: (sum &+ 128) >> 8)
    }

    /// row[x] = sum of weight * pixel, rounded to a sample's step and clamped.
    fileprivate func blend(pixels: [PixelPair], into row: inout MutableSpan<UInt8>) {
        let pixels = pixels.span
        let weights = weights.span
        let first = first.span
        precondition(weights.count == first.count &* pairs && row.count >= 3 &* first.count)
        for x in first.indices {
            var sum = SIMD4<Int32>(repeating: 1 << 19)
            for pair in 0..<pairs {
                let weight = weights[x &* pairs &+ pair]
                let twice = SIMD4(lowHalf: weight, highHalf: weight)
                let spread = SIMD8(lowHalf: twice, highHalf: twice)
                let products =
                    SIMD8<Int32>(truncatingIfNeeded: pixels[first[x] &+ 2 &* pair])
                    &* SIMD8<Int32>(truncatingIfNeeded: spread)
                sum &+= products.evenHalf &+ products.oddHalf
            }
            row[3 &* x] = UInt8(clamping: sum[0] >> 20)
            row[3 &* x &+ 1] = UInt8(clamping: sum[1] >> 20)
            row[3 &* x &+ 2] = UInt8(clamping: sum[2] >> 20)
        }
    }

    /// Rounds sums of weighted samples to samples.
    fileprivate static func narrow(_ sums: [Int32], into row: inout MutableSpan<UInt8>) {
        let sums = sums.span
        for i in sums.indices {
            row[i] = UInt8(clamping: (sums[i] &+ 8192) >> 14)
        }
    }
}
