import Imaging

/// A square tile that is drawn on with shapes whose edges are smooth.
///
/// Each shape works in the box around it alone. All that makes bytes is in whole numbers; places are sums, products,
/// quotients and square roots: every processor draws the same.
package struct PenCanvas {
    /// Pixels of a side.
    package let side: Int
    private(set) var bytes: [UInt8]

    /// What everything that follows is limited to; nil limits nothing.
    package var visible: PenCoverage?
    /// How thin a stroke may be at its widest place, in pixels.
    package var leastWidth = 1.1

    /// Begins with a square picture.
    ///
    /// - Precondition: `tile` is as wide as high.
    package init(_ tile: RGBImage) {
        precondition(tile.width == tile.height)
        side = tile.width
        bytes = tile.bytes
    }

    /// Begins with a square picture, whose bytes are taken out of it until they are given back: nothing is copied.
    init(taking tile: inout RGBImage) {
        precondition(tile.width == tile.height)
        side = tile.width
        bytes = []
        swap(&bytes, &tile.bytes)
    }

    /// Gives the bytes to the picture that they were taken from.
    consuming func give(to tile: inout RGBImage) { tile.bytes = bytes }

    /// What was drawn.
    package var image: RGBImage { RGBImage(width: side, height: side, bytes: bytes) }

    /// How much a polygon covers.
    func coverage(_ outline: [PenPoint], softness: Double = 0) -> PenCoverage {
        PenCoverage(outline, side: side, softness: softness)
    }

    /// Colours an area.
    package mutating func fill(
        _ area: PenCoverage, _ colour: PenColour, opacity: Double = 1, clip: PenCoverage? = nil
    ) {
        fill(area, opacity: opacity, clip: clip) { _, _ in colour }
    }

    /// Colours a polygon.
    package mutating func fill(
        _ outline: [PenPoint], _ colour: PenColour, opacity: Double = 1, softness: Double = 0,
        clip: PenCoverage? = nil
    ) {
        fill(coverage(outline, softness: softness), colour, opacity: opacity, clip: clip)
    }

    /// Colours an area with a gradient.
    mutating func fill(_ area: PenCoverage, _ gradient: PenGradient, opacity: Double = 1, clip: PenCoverage? = nil) {
        fill(area, opacity: opacity, clip: clip) { x, y in gradient[x, y] }
    }

    /// Draws a stroke along a smooth line through `points`, whose width goes through `widths` at even steps.
    mutating func stroke(
        _ points: [PenPoint], widths: [Double], _ colour: PenColour, opacity: Double = 1, clip: PenCoverage? = nil
    ) {
        guard let widest = widths.max(), widest > 0, points.count > 1 else { return }
        let scale = widest < leastWidth ? leastWidth / widest : 1
        let line = PenCurve.through(points, count: max(3 * points.count, 24))
        fill(PenCurve.stroke(line, widths: widths.map { $0 * scale }), colour, opacity: opacity, clip: clip)
    }

    /// Puts `colour` of each covered pixel over what is there.
    @inline(__always)
    private mutating func fill(
        _ area: PenCoverage, opacity: Double, clip: PenCoverage?, colour: (_ x: Int, _ y: Int) -> PenColour
    ) {
        let strength = UInt32(limited(opacity, 0, 1) * 256 + 0.5)
        guard strength > 0, !area.isEmpty else { return }
        var (left, top, right, bottom) = (area.left, area.top, area.right, area.bottom)
        for limit in [clip, visible] {
            guard let limit else { continue }
            (left, top) = (max(left, limit.left), max(top, limit.top))
            (right, bottom) = (min(right, limit.right), min(bottom, limit.bottom))
        }
        guard right > left, bottom > top else { return }
        let (columns, side) = (left..<right, side)
        let all = [UInt8](repeating: 255, count: columns.count)
        for y in top..<bottom {
            let row = area.row(y, columns)
            let clipRow = clip.map { $0.row(y, columns) } ?? all[...]
            let seenRow = visible.map { $0.row(y, columns) } ?? all[...]
            let (areaStart, clipStart, seenStart) = (row.startIndex, clipRow.startIndex, seenRow.startIndex)
            for index in 0..<columns.count {
                var cover = UInt32(row[areaStart &+ index])
                if cover == 0 { continue }
                cover = (cover &* strength &+ 128) >> 8
                cover = divided(cover &* UInt32(clipRow[clipStart &+ index]))
                cover = divided(cover &* UInt32(seenRow[seenStart &+ index]))
                if cover == 0 { continue }
                let (ink, rest) = (colour(left &+ index, y), 255 &- cover)
                let place = 3 &* (y &* side &+ left &+ index)
                func over(_ offset: Int, _ sample: UInt8) {
                    let sum = UInt32(bytes[place &+ offset]) &* rest &+ UInt32(sample) &* cover
                    bytes[place &+ offset] = UInt8(truncatingIfNeeded: divided(sum))
                }
                over(0, ink.red)
                over(1, ink.green)
                over(2, ink.blue)
            }
        }
    }

    /// Goes back to `before` as far as `part` is less than 1.
    mutating func fade(from before: [UInt8], _ part: Double) {
        let new = UInt32(limited(part, 0, 1) * 255 + 0.5)
        guard new < 255, before.count == bytes.count else { return }
        for index in bytes.indices where bytes[index] != before[index] {
            bytes[index] = UInt8(divided(UInt32(bytes[index]) * new + UInt32(before[index]) * (255 - new)))
        }
    }
}

/// Colours along a line.
struct PenGradient {
    private let colours: [PenColour]
    /// In 1/65536 of a colour, by pixel.
    private let across: Int
    private let down: Int
    private let start: Int

    /// - Parameters:
    ///   - centre: The middle of the line.
    ///   - half: The way from there to its end.
    ///   - colour: The colour at a place on it, from -1, its start, to 1.
    init(centre: PenPoint, half: PenPoint, colour: (Double) -> PenColour) {
        colours = (0..<256).map { colour((Double($0) + 0.5) / 128 - 1) }
        let square = max(half.dot(half), 1e-6)
        let step = half / square * 128
        func fixed(_ value: Double) -> Int { Int(limited(value * 65536, -1e15, 1e15).rounded()) }
        across = fixed(step.x)
        down = fixed(step.y)
        start = fixed(128 + (PenPoint(0.5, 0.5) - centre).dot(step))
    }

    /// The colour of a pixel.
    subscript(x: Int, y: Int) -> PenColour {
        colours[min(max((start + across * x + down * y) >> 16, 0), 255)]
    }
}
