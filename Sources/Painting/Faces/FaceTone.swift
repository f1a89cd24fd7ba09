import Imaging
import Seeing

/// How a face that was painted by itself differs in tone from the scene that it is laid over: a network paints a picture
/// as a whole darker or lighter than a face alone, which would shine in it, with a halo.
///
/// The difference is taken over the cells of a grid and smoothed, so that what is added to a tile gives it the scene's
/// light and leaves it its own lines.
final class FaceTone {
    /// Cells in a row of the grid.
    private static let cells = 8

    /// The rows of what the network draws that the tile lies over.
    var rows: Range<Int> { placed.rows }
    /// The tile, over what the network draws.
    private let placed: PlacedTile
    /// By cell: scene less tile, and the number of pixels.
    private var sums = [SIMD4<Int32>](repeating: SIMD4(), count: cells * cells)
    private var settled: ToneOffsets?

    /// - Parameters:
    ///   - image: The painted face.
    ///   - frame: Where it belongs in the rows that will be compared.
    init(_ image: RGBImage, over frame: AlignedSquare) {
        placed = PlacedTile(FaceTile(frame: frame, image: image, tone: nil, opacity: nil))
    }

    /// Takes row `y` of what the network draws.
    func compare(_ row: borrowing [UInt8], y: Int) {
        guard rows.contains(y) else { return }
        let scene = row.span
        let image = placed.tile.image
        let side = image.width
        let bytes = image.bytes.span
        let columns = placed.columns(inRow: y, width: row.count / 3)
        guard !columns.isEmpty else { return }
        var walk = placed.walk(row: y, from: columns.lowerBound)
        // In a variable of its own it is not asked for every pixel whether anybody else uses it.
        var sums: [SIMD4<Int32>] = []
        swap(&sums, &self.sums)
        for x in columns {
            if walk.square < 256 {
                // The four pixels around: a tile has more of them than what the network draws.
                let (left, top) = (min(max(walk.u >> 16, 0), side - 1), min(max(walk.v >> 16, 0), side - 1))
                let at = 3 * (top * side + left)
                let right = left < side - 1 ? 3 : 0
                let below = top < side - 1 ? 3 * side : 0
                var difference = SIMD4<Int32>(0, 0, 0, 1)
                for channel in 0..<3 {
                    let upper = Int32(bytes[at + channel]) + Int32(bytes[at + right + channel])
                    let lower = Int32(bytes[at + below + channel]) + Int32(bytes[at + below + right + channel])
                    difference[channel] = Int32(scene[3 * x + channel]) - (upper + lower + 2) / 4
                }
                sums[top * Self.cells / side * Self.cells + left * Self.cells / side] &+= difference
            }
            walk.advance()
        }
        swap(&sums, &self.sums)
    }

    /// What is added to the tile. The comparison is over when it is asked for.
    func offsets() -> ToneOffsets {
        if let settled { return settled }
        let made = ToneOffsets(cells: smoothed, of: Self.cells, side: placed.tile.image.width)
        settled = made
        return made
    }

    /// Smooths the differences over neighbouring cells, by how many pixels each has.
    private var smoothed: [SIMD4<Int32>] {
        let count = Self.cells
        return sums.indices.map { cell in
            let (row, column) = (cell / count, cell % count)
            var sum = SIMD4<Int32>()
            for y in max(row - 1, 0)...min(row + 1, count - 1) {
                for x in max(column - 1, 0)...min(column + 1, count - 1) {
                    sum &+= sums[y * count + x] &* ((y == row ? 2 : 1) * (x == column ? 2 : 1))
                }
            }
            return sum[3] > 0 ? SIMD4(sum[0], sum[1], sum[2], 0) &* 16 / SIMD4(repeating: sum[3]) : SIMD4()
        }
    }
}

/// What is added to a tile, by the place in it.
struct ToneOffsets {
    /// In 1/16, row by row.
    private let offsets: [SIMD4<Int32>]
    private let cells: Int
    /// Cells in 1/256 for a pixel of the tile, times 65536.
    private let scale: Int

    init(cells offsets: [SIMD4<Int32>], of cells: Int, side: Int) {
        self.offsets = offsets
        self.cells = cells
        scale = (cells << 24) / side
    }

    /// What is added to the colour at a place in 1/65536 of the tile's pixels.
    @inline(__always)
    func offset(_ u: Int, _ v: Int) -> SIMD4<Int32> {
        // In 1/256 of a cell, from the centre of the first one.
        let last = (cells - 1) << 8
        let across = min(max(((u + 32_768) * scale) >> 32 - 128, 0), last)
        let down = min(max(((v + 32_768) * scale) >> 32 - 128, 0), last)
        let at = (down >> 8) * cells + across >> 8
        let right = across < last ? 1 : 0
        let below = down < last ? cells : 0
        let (fx, fy) = (Int32(across & 255), Int32(down & 255))
        let upper = offsets[at] &* (256 - fx) &+ offsets[at + right] &* fx
        let lower = offsets[at + below] &* (256 - fx) &+ offsets[at + below + right] &* fx
        return (upper &* (256 - fy) &+ lower &* fy &+ (1 << 19)) &>> 20
    }
}
