/// How much of each pixel a shape covers, in the box around it; nothing outside of the box.
package struct PenCoverage: Equatable, Sendable {
    /// The box's first column.
    package private(set) var left: Int
    /// Its first row.
    package private(set) var top: Int
    package private(set) var width: Int
    package private(set) var height: Int
    /// 0...255 for each pixel, by rows.
    package var bytes: [UInt8]

    var isEmpty: Bool { bytes.isEmpty }
    var right: Int { left + width }
    var bottom: Int { top + height }

    /// A box that is covered as `bytes` say.
    init(left: Int, top: Int, width: Int, height: Int, bytes: [UInt8]) {
        (self.left, self.top, self.width, self.height) = (left, top, width, height)
        self.bytes = bytes
    }

    /// Nothing.
    package static let none = PenCoverage(left: 0, top: 0, width: 0, height: 0, bytes: [])

    /// How much a polygon covers of the pixels of a tile.
    ///
    /// What its outline runs around at least once is inside. A row is looked at in ``linesPerPixel`` lines, on each of which
    /// the covered parts are measured in 1/256 of a pixel, so that edges are smooth.
    ///
    /// - Parameters:
    ///   - outline: Places on the tile; the last joins the first. Where one is no number, nothing is covered.
    ///   - side: The sides of the tile.
    ///   - softness: How far the edge is blurred, as a standard deviation in pixels.
    package init(_ outline: [PenPoint], side: Int, softness: Double = 0) {
        let reach = 8 * Double(side) + 64
        guard outline.count > 2, side > 0, outline.allSatisfy({ abs($0.x) < reach && abs($0.y) < reach }) else {
            self = .none
            return
        }
        let points = outline.map { (x: Int(($0.x * 256).rounded()), y: Int(($0.y * 256).rounded())) }
        let blur = BoxBlur(softness: softness)
        var (least, most) = (points[0], points[0])
        for point in points {
            least = (min(least.x, point.x), min(least.y, point.y))
            most = (max(most.x, point.x), max(most.y, point.y))
        }
        let left = max((least.x >> 8) - blur.reach, 0)
        let top = max((least.y >> 8) - blur.reach, 0)
        let right = min((most.x >> 8) + 1 + blur.reach, side)
        let bottom = min((most.y >> 8) + 1 + blur.reach, side)
        guard right > left, bottom > top else {
            self = .none
            return
        }
        self.init(
            left: left, top: top, width: right - left, height: bottom - top,
            bytes: [UInt8](repeating: 0, count: (right - left) * (bottom - top)))
        fill(points)
        blur.apply(to: &bytes, width: width, height: height)
    }

    /// An ellipse that is all there in its middle and fades to nothing at its edge.
    init(glow centre: PenPoint, across: PenPoint, down: PenPoint, side: Int) {
        let reach = PenPoint(
            (across.x * across.x + down.x * down.x).squareRoot(), (across.y * across.y + down.y * down.y).squareRoot())
        let area = across.x * down.y - across.y * down.x
        let numbers = [centre.x, centre.y, reach.x, reach.y]
        guard abs(area) > 1e-6, side > 0, numbers.allSatisfy({ abs($0) < 8 * Double(side) + 64 }) else {
            self = .none
            return
        }
        let left = max(Int(centre.x - reach.x), 0)
        let top = max(Int(centre.y - reach.y), 0)
        let right = min(Int(centre.x + reach.x) + 1, side)
        let bottom = min(Int(centre.y + reach.y) + 1, side)
        guard right > left, bottom > top else {
            self = .none
            return
        }
        self.init(
            left: left, top: top, width: right - left, height: bottom - top,
            bytes: [UInt8](repeating: 0, count: (right - left) * (bottom - top)))
        for y in top..<bottom {
            for x in left..<right {
                let place = PenPoint(Double(x) + 0.5, Double(y) + 0.5) - centre
                let one = (place.x * down.y - place.y * down.x) / area
                let two = (across.x * place.y - across.y * place.x) / area
                let rest = 1 - (one * one + two * two)
                if rest > 0 { bytes[(y - top) * width + x - left] = UInt8(rest * rest * (3 - 2 * rest) * 255 + 0.5) }
            }
        }
    }

    /// The bytes of a row, of columns that lie in the box.
    @inline(__always)
    func row(_ y: Int, _ columns: Range<Int>) -> ArraySlice<UInt8> {
        let start = (y - top) * width - left
        return bytes[start + columns.lowerBound..<start + columns.upperBound]
    }

    /// What both cover, as a share of each.
    func intersected(with other: PenCoverage) -> PenCoverage {
        let (left, top) = (max(left, other.left), max(top, other.top))
        let (right, bottom) = (min(right, other.right), min(bottom, other.bottom))
        guard right > left, bottom > top else { return .none }
        var bytes: [UInt8] = []
        bytes.reserveCapacity((right - left) * (bottom - top))
        for y in top..<bottom {
            let one = (y - self.top) * width - self.left
            let two = (y - other.top) * other.width - other.left
            for x in left..<right {
                bytes.append(UInt8(divided(UInt32(self.bytes[one + x]) * UInt32(other.bytes[two + x]))))
            }
        }
        return PenCoverage(left: left, top: top, width: right - left, height: bottom - top, bytes: bytes)
    }

    /// What it covers and `other` does not.
    package func subtracting(_ other: PenCoverage) -> PenCoverage {
        var result = self
        for y in max(top, other.top)..<max(min(bottom, other.bottom), max(top, other.top)) {
            let one = (y - top) * width - left
            let two = (y - other.top) * other.width - other.left
            for x in max(left, other.left)..<max(min(right, other.right), max(left, other.left)) {
                let rest = 255 - UInt32(other.bytes[two + x])
                result.bytes[one + x] = UInt8(divided(UInt32(result.bytes[one + x]) * rest))
            }
        }
        return result
    }

    /// The mean over all that `shape` covers, 0...1; 0 where it covers nothing.
    func mean(in shape: PenCoverage) -> Double {
        let all = shape.bytes.reduce(0) { $0 + Int($1) }
        guard all > 0 else { return 0 }
        return Double(intersected(with: shape).bytes.reduce(0) { $0 + Int($1) }) / Double(all)
    }
}

/// A product of two bytes as a byte: by 255, rounded.
@inline(__always)
func divided(_ product: UInt32) -> UInt32 {
    let value = product &+ 128
    return (value &+ (value >> 8)) >> 8
}

extension PenCoverage {
    /// Lines on which a row of pixels is looked at.
    private static let linesPerPixel = 8

    /// Covers the inside of an outline in 1/256 of a pixel.
    private mutating func fill(_ points: [(x: Int, y: Int)]) {
        let lines = height * Self.linesPerPixel
        let step = 256 / Self.linesPerPixel
        let firstLine = top * 256 + step / 2
        /// The first line that is not above `y`, of those that the box has.
        func line(_ y: Int) -> Int { min(max((y - firstLine + step - 1) >> 5, 0), lines) }

        // Where outlines cross each line: first how often, then where, and which way.
        var starts = [Int](repeating: 0, count: lines + 1)
        for index in points.indices {
            let (one, two) = (points[index], points[(index + 1) % points.count])
            let (from, to) = (line(min(one.y, two.y)), line(max(one.y, two.y)))
            for number in from..<to { starts[number + 1] += 1 }
        }
        for number in 0..<lines { starts[number + 1] += starts[number] }
        var crossings = [Int](repeating: 0, count: starts[lines])
        var next = starts
        let (least, most) = (left * 256, right * 256)
        for index in points.indices {
            let (one, two) = (points[index], points[(index + 1) % points.count])
            let (from, to) = (line(min(one.y, two.y)), line(max(one.y, two.y)))
            let way = one.y < two.y ? 1 : 0
            for number in from..<to {
                let y = firstLine + number * step
                let x = one.x + (two.x - one.x) * (y - one.y) / (two.y - one.y)
                crossings[next[number]] = ((min(max(x, least), most) - least) << 1) | way
                next[number] += 1
            }
        }

        // Of each row: what starts and ends within a pixel, from where on pixels are covered whole, and in which blocks of
        // 16 pixels anything starts or ends; all others are as the pixel before them.
        var parts = [Int32](repeating: 0, count: width + 2)
        var changes = [Int32](repeating: 0, count: width + 2)
        var isTouched = [Bool](repeating: false, count: (width + 2) / 16 + 1)
        let whole: Int32 = 2048
        for row in 0..<height {
            for number in row * Self.linesPerPixel..<(row + 1) * Self.linesPerPixel {
                let range = starts[number]..<starts[number + 1]
                if range.isEmpty { continue }
                for index in range.dropFirst() {
                    let value = crossings[index]
                    var place = index
                    while place > range.lowerBound, crossings[place - 1] > value {
                        crossings[place] = crossings[place - 1]
                        place -= 1
                    }
                    crossings[place] = value
                }
                var winding = 0
                var start = 0
                for index in range {
                    let x = crossings[index] >> 1
                    if winding == 0 { start = x }
                    winding += crossings[index] & 1 == 1 ? 1 : -1
                    if winding == 0, x > start {
                        let (first, last) = (start >> 8, x >> 8)
                        parts[first] &-= Int32(start & 255)
                        changes[first] &+= 256
                        parts[last] &+= Int32(x & 255)
                        changes[last] &-= 256
                        isTouched[first >> 4] = true
                        isTouched[last >> 4] = true
                    }
                }
            }
            var covered: Int32 = 0
            for block in isTouched.indices {
                if block * 16 >= width { break }
                let columns = block * 16..<min(block * 16 + 16, width)
                if !isTouched[block] {
                    if covered > 0 {
                        let value = UInt8((covered * 255 + 1024) >> 11)
                        for x in columns { bytes[row * width + x] = value }
                    }
                    continue
                }
                isTouched[block] = false
                for x in columns {
                    covered &+= changes[x]
                    let value = min(max(covered &+ parts[x], 0), whole)
                    bytes[row * width + x] = UInt8(truncatingIfNeeded: (value &* 255 &+ 1024) >> 11)
                    changes[x] = 0
                    parts[x] = 0
                }
            }
            (changes[width], parts[width]) = (0, 0)
            isTouched[width >> 4] = false
        }
    }
}
