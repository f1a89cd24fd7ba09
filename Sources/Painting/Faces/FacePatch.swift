import Imaging
import Seeing

/// The part of a photo that a face's frame covers, gathered while the photo's rows pass, and cut out upright.
///
/// Pixels are averaged in squares while more than twice as many come in as the frame is to have; the rest is resized once
/// all are there. So the memory is that of the frame, however large the photo.
struct FacePatch {
    private let frame: AlignedSquare
    /// Pixels of the frame's side in the rows that pass.
    var side: Double { frame.side }
    /// Pixels of the rows that become one: a square of `unit` by `unit`.
    private let unit: Int
    private let columns: Range<Int>
    private let rows: Range<Int>
    private var sums: [UInt32]
    private var bytes: [UInt8] = []

    /// - Parameters:
    ///   - frame: In pixels of the rows that will pass.
    ///   - side: The most pixels that the cut-out's sides get.
    ///   - picture: The size of what passes.
    init(_ frame: AlignedSquare, side: Int, in picture: PictureSize) {
        self.frame = frame
        unit = min(max(1, Int(frame.side) / side), picture.width, picture.height)
        let unit = unit
        let (least, greatest) = frame.bounds
        let margin = 2.0 * Double(unit) + 2
        func range(_ from: Double, _ to: Double, _ count: Int) -> Range<Int> {
            let first = Int(min(max(from - margin, 0), Double(count - 1)))
            let end = Int(min(max(to + margin, Double(first + 1)), Double(count)))
            return first..<first + max(1, (end - first) / unit) * unit
        }
        columns = range(least.x, greatest.x, picture.width)
        rows = range(least.y, greatest.y, picture.height)
        sums = [UInt32](repeating: 0, count: columns.count / unit * 3)
        bytes.reserveCapacity(sums.count * (rows.count / unit))
    }

    /// The rows that are needed end here.
    var end: Int { rows.upperBound }

    /// Takes row `y` as it passes.
    mutating func take(_ row: borrowing [UInt8], y: Int) {
        guard rows.contains(y) else { return }
        if unit == 1 {
            bytes += row[3 * columns.lowerBound..<3 * columns.upperBound]
            return
        }
        let isFirst = (y - rows.lowerBound) % unit == 0
        let source = row.span
        for column in 0..<sums.count / 3 {
            let start = 3 * (columns.lowerBound + column * unit)
            var sum: (UInt32, UInt32, UInt32) = (0, 0, 0)
            for at in stride(from: start, to: start + 3 * unit, by: 3) {
                sum.0 &+= UInt32(source[at])
                sum.1 &+= UInt32(source[at + 1])
                sum.2 &+= UInt32(source[at + 2])
            }
            sums[3 * column] = (isFirst ? 0 : sums[3 * column]) &+ sum.0
            sums[3 * column + 1] = (isFirst ? 0 : sums[3 * column + 1]) &+ sum.1
            sums[3 * column + 2] = (isFirst ? 0 : sums[3 * column + 2]) &+ sum.2
        }
        guard (y - rows.lowerBound) % unit == unit - 1 else { return }
        let area = UInt32(unit * unit)
        for sum in sums { bytes.append(UInt8((sum + area / 2) / area)) }
    }

    /// Gives the memory back.
    mutating func forget() { bytes = [] }

    /// The frame's picture, once all rows have passed: `side` pixels wide and high. Where the frame reaches out of the
    /// photo its border goes on, ever more blurred; a mirror would show a second face.
    func cutOut(side: Int) -> RGBImage {
        let gathered = RGBImage(width: columns.count / unit, height: rows.count / unit, bytes: bytes)
        // Brought to the frame's scale by a good filter; what is left is a turn.
        let scale = Double(side) * Double(unit) / frame.side
        func scaled(_ length: Int) -> Int { min(max(1, Int((Double(length) * scale).rounded())), 4 * side) }
        let patch = gathered.resized(width: scaled(gathered.width), height: scaled(gathered.height))
        let across = Double(patch.width) / Double(columns.count)
        let down = Double(patch.height) / Double(rows.count)
        // Places in the patch, in 1/65536 pixel: the first pixel's, and the steps to its right and lower neighbour.
        func fixed(_ number: Double) -> Int { Int((number * 65_536).rounded(.down)) }
        let pixel = frame.side / Double(side)
        let right = (x: fixed(pixel * frame.direction.x * across), y: fixed(pixel * frame.direction.y * down))
        let below = (x: fixed(pixel * frame.down.x * across), y: fixed(pixel * frame.down.y * down))
        let first = frame.picturePoint(0.5 / Double(side), 0.5 / Double(side))
        let start = (
            x: fixed((first.x - Double(columns.lowerBound)) * across - 0.5),
            y: fixed((first.y - Double(rows.lowerBound)) * down - 0.5)
        )
        var cut = RGBImage(width: side, height: side, bytes: [UInt8](repeating: 0, count: 3 * side * side))
        var target = cut.bytes.mutableSpan
        let sampler = EdgeSampler(patch)
        let bytes = patch.bytes.span
        for y in 0..<side {
            var (placeX, placeY) = (start.x + y * below.x, start.y + y * below.y)
            for x in 0..<side {
                let colour = sampler.colour(bytes, x: placeX >> 8, y: placeY >> 8)
                let at = 3 * (y * side + x)
                target[at] = UInt8(truncatingIfNeeded: colour[0])
                target[at + 1] = UInt8(truncatingIfNeeded: colour[1])
                target[at + 2] = UInt8(truncatingIfNeeded: colour[2])
                placeX += right.x
                placeY += right.y
            }
        }
        return cut
    }
}

/// Looks up colours between pixels, and beyond the border.
private struct EdgeSampler {
    let image: RGBImage
    private let last: (x: Int, y: Int)

    init(_ image: RGBImage) {
        self.image = image
        last = ((image.width - 1) << 8, (image.height - 1) << 8)
    }

    /// The colour at a place, in 1/256 pixel from the centre of the first one.
    @inline(__always)
    func colour(_ bytes: Span<UInt8>, x: Int, y: Int) -> SIMD4<Int32> {
        let beyond = max(-x, x - last.x, -y, y - last.y)
        let near = linear(bytes, x, y)
        return beyond > 256 ? blurred(bytes, x, y, reach: min(beyond / 2, 48 << 8)) : (near &+ 32_768) &>> 16
    }

    /// The mean of nine places along the border, `reach` apart.
    @inline(never)
    private func blurred(_ bytes: Span<UInt8>, _ x: Int, _ y: Int, reach: Int) -> SIMD4<Int32> {
        let (x, y) = (min(max(x, 0), last.x), min(max(y, 0), last.y))
        var sum = SIMD4<Int32>()
        for across in -1...1 {
            for down in -1...1 { sum &+= linear(bytes, x + across * reach, y + down * reach) &>> 8 }
        }
        return (sum &+ 9 * 128) / (9 * 256)
    }

    /// The linear mean of the four pixels around a place, times 65536.
    @inline(__always)
    private func linear(_ bytes: Span<UInt8>, _ x: Int, _ y: Int) -> SIMD4<Int32> {
        let (x, y) = (min(max(x, 0), last.x), min(max(y, 0), last.y))
        let (fx, fy) = (Int32(x & 255), Int32(y & 255))
        let at = 3 * ((y >> 8) * image.width + x >> 8)
        let right = x < last.x ? 3 : 0
        let below = y < last.y ? 3 * image.width : 0
        let upper = pixel(bytes, at) &* (256 - fx) &+ pixel(bytes, at + right) &* fx
        let lower = pixel(bytes, at + below) &* (256 - fx) &+ pixel(bytes, at + below + right) &* fx
        return upper &* (256 - fy) &+ lower &* fy
    }

    @inline(__always)
    private func pixel(_ bytes: Span<UInt8>, _ at: Int) -> SIMD4<Int32> {
        SIMD4(Int32(bytes[at]), Int32(bytes[at + 1]), Int32(bytes[at + 2]), 0)
    }
}
