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
private struct PlacedTile {
    let rows: Range<Int>
    private let tile: FaceTile
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

    /// Adds the tile's colours along a row.
    func add(row y: Int, columns: Range<Int>, to sums: inout [SIMD4<Int32>], _ opacity: inout [Int32]) {
        let image = tile.image
        let count = image.width
        // Places in 1/65536 of a pixel of the tile, of an oval in 1/4096 of its radius.
        let start = place(x: columns.lowerBound, y: y)
        var u = Int((start.across * Double(count) - 0.5) * 65_536)
        var v = Int((start.down * Double(count) - 0.5) * 65_536)
        let stepU = Int(tile.frame.direction.x * scale * 65_536)
        let stepV = Int(-tile.frame.direction.y * scale * 65_536)
        let ovalU = Int(4096 * 65_536 / (FaceMask.radius.across * Double(count)))
        let ovalV = Int(4096 * 65_536 / (FaceMask.radius.down * Double(count)))
        let centreU = Int((FaceMask.centre.across * Double(count) - 0.5) * 65_536)
        let centreV = Int((FaceMask.centre.down * Double(count) - 0.5) * 65_536)
        let bytes = image.bytes.span
        for x in columns {
            let (across, down) = (((u - centreU) * ovalU) >> 32, ((v - centreV) * ovalV) >> 32)
            let square = (across * across + down * down) >> 16
            if square < 256 {
                let shows = FaceMask.opacity[square]
                if shows > 0 {
                    let colour = Bicubic.colour(bytes, side: count, u, v)
                    let weight = FaceMask.weight[square]
                    sums[x] &+= SIMD4(colour[0], colour[1], colour[2], 1) &* weight
                    opacity[x] = max(opacity[x], shows)
                }
            }
            u += stepU
            v += stepV
        }
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
