import Imaging
import Seeing

/// The part of a photo that a face's frame covers, gathered while the photo's rows pass, and cut out upright.
///
/// Pixels are averaged in squares while more than twice as many come in as the frame is to have; the rest is resized once
/// all are there. So the memory is that of the frame, however large the photo.
struct FacePatch {
    private let frame: FaceFrame
    /// Pixels of the frame's side.
    private let side: Int
    /// Pixels of the rows that become one: a square of `unit` by `unit`.
    private let unit: Int
    private let columns: Range<Int>
    private let rows: Range<Int>
    private var sums: [UInt32]
    private var bytes: [UInt8] = []

    /// - Parameters:
    ///   - frame: In pixels of the rows that will pass.
    ///   - side: The pixels that the cut-out's sides get.
    ///   - picture: The size of what passes.
    init(_ frame: FaceFrame, side: Int, in picture: PictureSize) {
        self.frame = frame
        self.side = side
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
    func cutOut() -> RGBImage {
        let gathered = RGBImage(width: columns.count / unit, height: rows.count / unit, bytes: bytes)
        // Brought to the frame's scale by a good filter; what is left is a turn.
        let scale = Double(side) * Double(unit) / frame.side
        func scaled(_ length: Int) -> Int { min(max(1, Int((Double(length) * scale).rounded())), 4 * side) }
        let patch = gathered.resized(width: scaled(gathered.width), height: scaled(gathered.height))
        let across = Double(patch.width) / Double(columns.count)
        let down = Double(patch.height) / Double(rows.count)
        let placed = FaceFrame(
            origin: PicturePoint(
                x: (frame.origin.x - Double(columns.lowerBound)) * across,
                y: (frame.origin.y - Double(rows.lowerBound)) * down),
            right: frame.right, side: frame.side)
        let steps = (
            x: PicturePoint(x: frame.right.x * across, y: frame.right.y * down),
            y: PicturePoint(x: frame.down.x * across, y: frame.down.y * down)
        )
        let pixel = frame.side / Double(side)
        var cut = RGBImage(width: side, height: side)
        var target = cut.bytes.mutableSpan
        let sampler = EdgeSampler(patch)
        for y in 0..<side {
            for x in 0..<side {
                let (u, v) = ((Double(x) + 0.5) * pixel, (Double(y) + 0.5) * pixel)
                let colour = sampler.colour(
                    x: placed.origin.x + u * steps.x.x + v * steps.y.x - 0.5,
                    y: placed.origin.y + u * steps.x.y + v * steps.y.y - 0.5)
                let at = 3 * (y * side + x)
                target[at] = colour.0
                target[at + 1] = colour.1
                target[at + 2] = colour.2
            }
        }
        return cut
    }
}

/// Looks up colours between pixels, and beyond the border.
private struct EdgeSampler {
    let image: RGBImage

    init(_ image: RGBImage) { self.image = image }

    /// The colour at a place, in pixels from the centre of the first one.
    func colour(x: Double, y: Double) -> (UInt8, UInt8, UInt8) {
        let (fixedX, fixedY) = (Int((x * 256).rounded(.down)), Int((y * 256).rounded(.down)))
        let beyond = max(
            -fixedX, fixedX - (image.width - 1) << 8, -fixedY, fixedY - (image.height - 1) << 8, 0)
        let near = linear(fixedX, fixedY)
        guard beyond > 256 else { return Self.narrow(near, weight: 1) }
        // The mean of nine places along the border, the wider the further out.
        let reach = min(beyond / 2, 48 << 8)
        var sum = SIMD4<Int32>()
        for across in -1...1 {
            for down in -1...1 { sum &+= linear(clampedX(fixedX) + across * reach, clampedY(fixedY) + down * reach) }
        }
        return Self.narrow(sum, weight: 9)
    }

    private func clampedX(_ x: Int) -> Int { min(max(x, 0), (image.width - 1) << 8) }
    private func clampedY(_ y: Int) -> Int { min(max(y, 0), (image.height - 1) << 8) }

    /// The linear mean of the four pixels around a place in 1/256 pixel, times 65536.
    @inline(__always)
    private func linear(_ x: Int, _ y: Int) -> SIMD4<Int32> {
        let (x, y) = (clampedX(x), clampedY(y))
        let (left, top) = (x >> 8, y >> 8)
        let (right, bottom) = (min(left + 1, image.width - 1), min(top + 1, image.height - 1))
        let (fx, fy) = (Int32(x & 255), Int32(y & 255))
        let upper = pixel(left, top) &* (256 - fx) &+ pixel(right, top) &* fx
        let lower = pixel(left, bottom) &* (256 - fx) &+ pixel(right, bottom) &* fx
        return upper &* (256 - fy) &+ lower &* fy
    }

    @inline(__always)
    private func pixel(_ x: Int, _ y: Int) -> SIMD4<Int32> {
        let at = 3 * (y * image.width + x)
        let bytes = image.bytes.span
        return SIMD4(Int32(bytes[at]), Int32(bytes[at + 1]), Int32(bytes[at + 2]), 0)
    }

    private static func narrow(_ sum: SIMD4<Int32>, weight: Int32) -> (UInt8, UInt8, UInt8) {
        let mean = (sum / weight &+ 32_768) &>> 16
        return (UInt8(clamping: mean[0]), UInt8(clamping: mean[1]), UInt8(clamping: mean[2]))
    }
}
