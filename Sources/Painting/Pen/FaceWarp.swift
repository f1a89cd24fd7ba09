import Imaging

/// The caricature: a smooth deformation of a square cut-out, which narrows the jaw and lifts the chin.
///
/// It is a formula of the place in the face, so that points move forward exactly; pictures are sampled backwards, through
/// a grid on which the formula is inverted.
package struct FaceWarp: Sendable {
    /// How much higher the chin comes, as part of the face's height.
    private static let lift = 0.055
    /// Cells of the grid along a side.
    private static let cells = 64

    /// All in sides of the square.
    private let middle: PenPoint
    private let across: PenPoint
    private let down: PenPoint
    private let width: Double
    private let height: Double
    private let narrowing: Double
    private let lift: Double

    /// The warp of one face.
    ///
    /// - Parameters:
    ///   - face: In pixels of the cut-out.
    ///   - side: The cut-out's sides in pixels.
    ///   - style: Says how much narrower the jaw becomes. A strong jaw stays a strong one.
    ///   - amount: How much of it all is done, 0...1: less for a face that looks aside.
    package init(_ face: PenFace, side: Double, style: DrawnStyle, amount: Double = 1) {
        middle = face.middle / side
        (across, down) = (face.across, face.down)
        (width, height) = (face.width / side, face.height / side)
        let amount = limited(amount, 0, 1) * (1 - smooth(abs(face.turn), 0.7314, 0.8090))
        narrowing = limited(style.jaw, 0, 0.2) * (1 - 0.65 * smooth(face.jaw, 0.735, 0.79)) * amount
        // A style that leaves the jaw as it is leaves the chin, too.
        lift = Self.lift * limited(style.jaw / 0.11, 0, 1) * amount
    }

    /// Where a place of the cut-out comes to lie, both in sides of the square.
    private func offset(_ place: PenPoint) -> PenPoint {
        let (u, v) = ((place - middle).dot(across) / width, (place - middle).dot(down) / height)
        guard v > 0.1, v < 1.05, abs(u) < 0.9 else { return PenPoint(0, 0) }
        let beside = 1 - smooth(abs(u), 0.5, 0.9)
        let below = 1 - smooth(v, 0.62, 1.05)
        let inward = -u * narrowing * smooth(v, 0.1, 0.55) * (1 - 0.5 * smooth(v, 0.5, 0.62)) * beside * below
        let upward = -lift * smooth(v, 0.12, 0.55) * beside * below
        return across * (inward * width) + down * (upward * height)
    }

    /// The face as it is after the warp.
    ///
    /// - Parameters:
    ///   - face: In pixels of the cut-out.
    ///   - side: The cut-out's sides in pixels.
    /// - Returns: In pixels of the cut-out.
    package func moved(_ face: PenFace, side: Double) -> PenFace {
        face.moved { $0 + offset($0 / side) * side }
    }

    /// The cut-out after the warp: each pixel taken between four of `image`, in whole numbers once the grid is known.
    package func apply(to image: RGBImage) -> RGBImage {
        guard narrowing > 0 || lift > 0, image.width == image.height else { return image }
        let side = image.width
        let cells = min(Self.cells, max(side / 2, 1))
        let last = (side - 1) * 256
        // In 1/256 of a pixel: how far to the right and below to look.
        var grid = [(x: Int, y: Int)](repeating: (0, 0), count: (cells + 1) * (cells + 1))
        for row in 0...cells {
            for column in 0...cells {
                let place = PenPoint(Double(column), Double(row)) / Double(cells)
                var way = offset(place)
                // Four steps to the place that comes to lie here; each leaves less than a quarter of the error.
                for _ in 0..<4 where way != PenPoint(0, 0) { way = offset(place - way) }
                func fixed(_ value: Double) -> Int { Int((-value * Double(side) * 256).rounded()) }
                grid[row * (cells + 1) + column] = (fixed(way.x), fixed(way.y))
            }
        }
        var result = image
        let source = image.bytes.span
        var target = result.bytes.mutableSpan
        var ways = [(x: Int, y: Int)](repeating: (0, 0), count: cells + 1)
        for y in 0..<side {
            let (row, below) = (y * cells / side, y * cells * 256 / side & 255)
            var isMoved = false
            for column in 0...cells {
                let (one, two) = (grid[row * (cells + 1) + column], grid[(row + 1) * (cells + 1) + column])
                ways[column] = (one.x * (256 - below) + two.x * below, one.y * (256 - below) + two.y * below)
                isMoved = isMoved || ways[column] != (0, 0)
            }
            if !isMoved { continue }
            for column in 0..<cells where ways[column] != (0, 0) || ways[column + 1] != (0, 0) {
                let (one, two) = (ways[column], ways[column + 1])
                for x in (column * side + cells - 1) / cells..<((column + 1) * side + cells - 1) / cells {
                    let right = x * cells * 256 / side - column * 256
                    let wayX = (one.x * (256 - right) + two.x * right + 32768) >> 16
                    let wayY = (one.y * (256 - right) + two.y * right + 32768) >> 16
                    let (atX, atY) = (min(max(x * 256 + wayX, 0), last), min(max(y * 256 + wayY, 0), last))
                    let (toRight, toBottom) = (atX & 255, atY & 255)
                    let upper = 3 * ((atY >> 8) * side + (atX >> 8))
                    let next = atX < last ? 3 : 0
                    let lower = atY < last ? upper + 3 * side : upper
                    let weights = (
                        (256 - toRight) * (256 - toBottom), toRight * (256 - toBottom), (256 - toRight) * toBottom,
                        toRight * toBottom
                    )
                    for channel in 0..<3 {
                        let sum =
                            Int(source[upper + channel]) * weights.0
                            + Int(source[upper + next + channel]) * weights.1
                            + Int(source[lower + channel]) * weights.2
                            + Int(source[lower + next + channel]) * weights.3
                        target[3 * (y * side + x) + channel] = UInt8((sum + 32768) >> 16)
                    }
                }
            }
        }
        return result
    }
}
