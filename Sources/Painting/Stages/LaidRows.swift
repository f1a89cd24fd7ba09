import Imaging
import Seeing

/// A picture with tiles laid over it, row by row. What comes out does not depend on the order of the tiles.
final class LaidRows: RowSource {
    let width: Int
    let height: Int
    /// Time spent laying so far, without that of the source.
    private(set) var time: Duration = .zero

    private let source: any RowSource
    private let tiles: [PlacedTile]
    private var next = 0
    /// Of the pixels of a row: weighted colours and the weights' sum, and how much of the tiles shows.
    private var sums: [SIMD4<Int32>]
    private var opacity: [Int32]

    /// Lays `tiles` over the rows of `source`, of which none was read yet.
    init(_ source: any RowSource, tiles: [FaceTile]) {
        self.source = source
        width = source.width
        height = source.height
        self.tiles = tiles.map { PlacedTile($0) }
        sums = [SIMD4<Int32>](repeating: SIMD4(), count: tiles.isEmpty ? 0 : width)
        opacity = [Int32](repeating: 0, count: tiles.isEmpty ? 0 : width)
    }

    func readRow(into row: inout MutableSpan<UInt8>) throws(PictureError) {
        try source.readRow(into: &row)
        let start = ContinuousClock.now
        var touched = width..<width
        for tile in tiles where tile.rows.contains(next) {
            let columns = tile.columns(inRow: next, width: width)
            guard !columns.isEmpty else { continue }
            tile.add(row: next, columns: columns, to: &sums, &opacity)
            touched =
                touched.isEmpty
                ? columns
                : min(touched.lowerBound, columns.lowerBound)..<max(touched.upperBound, columns.upperBound)
        }
        for x in touched where opacity[x] > 0 {
            let colour = sums[x]
            let half = colour[3] / 2
            for channel in 0..<3 {
                let tile = (colour[channel] + half) / colour[3]
                let scene = Int32(row[3 * x + channel])
                row[3 * x + channel] = UInt8(clamping: scene + ((tile - scene) * opacity[x] + 128) >> 8)
            }
            sums[x] = SIMD4()
            opacity[x] = 0
        }
        next += 1
        time += ContinuousClock.now - start
    }
}

/// A tile with the way from a pixel of the picture to a place in it.
struct PlacedTile {
    let rows: Range<Int>
    let tile: FaceTile
    /// Pixels of the tile for one of the picture.
    private let scale: Double

    init(_ tile: FaceTile) {
        self.tile = tile
        scale = Double(tile.image.width) / tile.frame.side
        let (least, greatest) = tile.frame.bounds
        func whole(_ number: Double) -> Int { Int(min(max(number, -1e6), 1e6)) }
        rows = whole(least.y.rounded(.down))..<max(whole(greatest.y.rounded(.up)), whole(least.y.rounded(.down)))
    }

    /// The columns in which the tile may show in a row of `width` pixels.
    func columns(inRow y: Int, width: Int) -> Range<Int> {
        // Across and down are linear along the row: where both lie between 0 and 1.
        var from = 0.0
        var to = Double(width)
        let start = place(x: 0, y: y)
        for (value, step) in [
            (start.across, tile.frame.direction.x / tile.frame.side),
            (start.down, -tile.frame.direction.y / tile.frame.side),
        ] {
            if abs(step) < 1e-12 {
                if !(0...1).contains(value) { return 0..<0 }
                continue
            }
            let ends = [-value / step, (1 - value) / step]
            from = max(from, min(ends[0], ends[1]))
            to = min(to, max(ends[0], ends[1]))
        }
        guard from < to else { return 0..<0 }
        return Int(from)..<min(width, Int(to) + 1)
    }

    /// Parts of the frame's side at the centre of a pixel.
    private func place(x: Int, y: Int) -> (across: Double, down: Double) {
        let frame = tile.frame
        let corner = frame.picturePoint(0, 0)
        let (dx, dy) = (Double(x) + 0.5 - corner.x, Double(y) + 0.5 - corner.y)
        return (
            (dx * frame.direction.x + dy * frame.direction.y) / frame.side,
            (dy * frame.direction.x - dx * frame.direction.y) / frame.side
        )
    }

    /// The way along a row, from a column on.
    func walk(row y: Int, from column: Int) -> TileWalk {
        let count = Double(tile.image.width)
        let start = place(x: column, y: y)
        return TileWalk(
            u: Int((start.across * count - 0.5) * 65_536), v: Int((start.down * count - 0.5) * 65_536),
            step: (Int(tile.frame.direction.x * scale * 65_536), Int(-tile.frame.direction.y * scale * 65_536)),
            centre: (
                Int((FaceMask.centre.across * count - 0.5) * 65_536), Int((FaceMask.centre.down * count - 0.5) * 65_536)
            ),
            oval: (
                Int(4096 * 65_536 / (FaceMask.radius.across * count)),
                Int(4096 * 65_536 / (FaceMask.radius.down * count))
            ))
    }

    /// Adds the tile's colours along a row.
    func add(row y: Int, columns: Range<Int>, to sums: inout [SIMD4<Int32>], _ opacity: inout [Int32]) {
        let image = tile.image
        let count = image.width
        let bytes = image.bytes.span
        let tone = tile.tone?.offsets()
        var walk = walk(row: y, from: columns.lowerBound)
        for x in columns {
            let square = walk.square
            if square < 256 {
                var shows = FaceMask.opacity[square]
                if let opacity = tile.opacity {
                    let (column, row) = ((walk.u + 32_768) >> 16, (walk.v + 32_768) >> 16)
                    let at = min(max(row, 0), count - 1) * count + min(max(column, 0), count - 1)
                    shows = shows * Int32(opacity[at]) / 255
                }
                if shows > 0 {
                    var colour = Bicubic.colour(bytes, side: count, walk.u, walk.v)
                    if let tone {
                        colour = (colour &+ tone.offset(walk.u, walk.v))
                            .clamped(lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: 255))
                    }
                    let weight = FaceMask.weight[square]
                    sums[x] &+= SIMD4(colour[0], colour[1], colour[2], 1) &* weight
                    opacity[x] = max(opacity[x], shows)
                }
            }
            walk.advance()
        }
    }
}

/// A place in a tile that moves along a row of the picture.
struct TileWalk {
    /// In 1/65536 of a pixel of the tile.
    private(set) var u: Int
    private(set) var v: Int
    private let step: (u: Int, v: Int)
    private let centre: (u: Int, v: Int)
    /// 1/4096 of the oval's radius for a pixel of the tile, times 65536.
    private let oval: (u: Int, v: Int)

    init(u: Int, v: Int, step: (Int, Int), centre: (Int, Int), oval: (Int, Int)) {
        (self.u, self.v) = (u, v)
        self.step = step
        self.centre = centre
        self.oval = oval
    }

    /// The square of the distance from the middle of the oval, in 1/256 of its radius's.
    var square: Int {
        let (across, down) = (((u - centre.u) * oval.u) >> 32, ((v - centre.v) * oval.v) >> 32)
        return (across * across + down * down) >> 16
    }

    mutating func advance() {
        u += step.u
        v += step.v
    }
}

/// Bicubic interpolation by the curve of Catmull and Rom.
private enum Bicubic {
    /// By the place between two pixels in 1/64: the weights of the four pixels around, in 1/128.
    static let weights: [SIMD4<Int32>] = (0..<64).map { phase in
        let t = Double(phase) / 64
        let real = [
            -0.5 * t + t * t - 0.5 * t * t * t, 1 - 2.5 * t * t + 1.5 * t * t * t,
            0.5 * t + 2 * t * t - 1.5 * t * t * t, -0.5 * t * t + 0.5 * t * t * t,
        ]
        var whole = real.map { Int32(($0 * 128).rounded()) }
        whole[phase < 32 ? 1 : 2] += 128 - whole.reduce(0, +)
        return SIMD4(whole[0], whole[1], whole[2], whole[3])
    }

    /// The colour at a place in 1/65536 pixel of a square; its edges go on beyond it.
    @inline(__always)
    static func colour(_ bytes: Span<UInt8>, side: Int, _ u: Int, _ v: Int) -> SIMD4<Int32> {
        let (x, y) = (u >> 16, v >> 16)
        let (across, down) = (weights[(u >> 10) & 63], weights[(v >> 10) & 63])
        var sum = SIMD4<Int32>()
        for j in 0..<4 {
            let row = min(max(y + j - 1, 0), side - 1) * side
            var line = SIMD4<Int32>()
            for i in 0..<4 {
                let at = 3 * (row + min(max(x + i - 1, 0), side - 1))
                let pixel = SIMD4(Int32(bytes[at]), Int32(bytes[at + 1]), Int32(bytes[at + 2]), 0)
                line &+= pixel &* across[i]
            }
            sum &+= line &* down[j]
        }
        let mean = (sum &+ 8192) &>> 14
        return mean.clamped(lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: 255))
    }
}
