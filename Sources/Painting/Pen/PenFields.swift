/// What lies where on a tile, as the network that underpaints it says: planes of `side` x `side` bytes, 0 to 255, by rows.
/// The tile may be larger or smaller; both show the same square.
package struct PenFields: Sendable {
    /// Pixels of a side, at least 1.
    package let side: Int
    /// Where skin is. Everywhere when empty.
    package var skin: [UInt8]
    /// Where hair is. Nowhere when empty.
    package var hair: [UInt8]
    /// Where something lies over the face that is neither hair nor skin: a hand, a cup, cloth. Nowhere when empty.
    package var cover: [UInt8]

    /// Makes fields; a plane that does not have `side` x `side` bytes counts as empty.
    package init(side: Int, skin: [UInt8] = [], hair: [UInt8] = [], cover: [UInt8] = []) {
        self.side = max(side, 1)
        func plane(_ bytes: [UInt8]) -> [UInt8] { bytes.count == max(side, 1) * max(side, 1) ? bytes : [] }
        self.skin = plane(skin)
        self.hair = plane(hair)
        self.cover = plane(cover)
    }

    /// A plane in a box of a tile, each byte replaced by `table`'s.
    ///
    /// - Parameters:
    ///   - plane: One of the fields' planes; not empty.
    ///   - box: Columns and rows of the tile.
    ///   - tile: The sides of the tile.
    ///   - table: 256 bytes.
    /// - Returns: The box, smoothed between the plane's pixels.
    func coverage(
        of plane: [UInt8], in box: (columns: Range<Int>, rows: Range<Int>), tile: Int, table: [UInt8]
    ) -> PenCoverage {
        func places(_ range: Range<Int>) -> [(low: Int, high: Int, part: Int)] {
            range.map { index in
                // In 1/256 of the plane's pixels, between the middles of two of them.
                let place = min(max(((2 * index + 1) * side * 128) / tile - 128, 0), (side - 1) * 256)
                return (place >> 8, min((place >> 8) + 1, side - 1), place & 255)
            }
        }
        let columns = places(box.columns)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(box.columns.count * box.rows.count)
        for row in places(box.rows) {
            let (upper, lower) = (row.low * side, row.high * side)
            for column in columns {
                let above =
                    Int(plane[upper + column.low]) * (256 - column.part)
                    + Int(plane[upper + column.high]) * column.part
                let below =
                    Int(plane[lower + column.low]) * (256 - column.part)
                    + Int(plane[lower + column.high]) * column.part
                bytes.append(table[(above * (256 - row.part) + below * row.part + 32768) >> 16])
            }
        }
        return PenCoverage(
            left: box.columns.lowerBound, top: box.rows.lowerBound, width: box.columns.count, height: box.rows.count,
            bytes: bytes)
    }

    /// What of a box is seen: hair and what covers the face hide it.
    func visible(in box: (columns: Range<Int>, rows: Range<Int>), tile: Int) -> PenCoverage? {
        var seen: PenCoverage?
        for plane in [hair, cover] where !plane.isEmpty {
            let part = coverage(of: plane, in: box, tile: tile, table: Self.free)
            seen = seen?.intersected(with: part) ?? part
        }
        return seen
    }

    /// How much of `shape` is skin, 0...1; 1 when that is not known.
    func skin(in shape: PenCoverage, tile: Int) -> Double {
        guard !skin.isEmpty, !shape.isEmpty else { return 1 }
        let box = (columns: shape.left..<shape.right, rows: shape.top..<shape.bottom)
        return coverage(of: skin, in: box, tile: tile, table: Self.same).mean(in: shape)
    }

    /// How much skin there is at a place of a tile, 0...1, between the middles of the plane's pixels; 1 when that is not known,
    /// and beyond the border as at it.
    func skin(at place: PenPoint, tile: Int) -> Double {
        guard !skin.isEmpty else { return 1 }
        func coordinate(_ value: Double) -> (low: Int, part: Double) {
            let place = limited(value * Double(side) / Double(max(tile, 1)) - 0.5, 0, Double(side - 1))
            let low = min(Int(place), max(side - 2, 0))
            return (low, place - Double(low))
        }
        let (x, y) = (coordinate(place.x), coordinate(place.y))
        func row(_ row: Int) -> Double {
            let start = min(row, side - 1) * side
            return mix(Double(skin[start + x.low]), Double(skin[start + min(x.low + 1, side - 1)]), x.part)
        }
        return mix(row(y.low), row(y.low + 1), y.part) / 255
    }

    private static let same = (0..<256).map { UInt8($0) }
    /// What hides: all is seen up to a quarter, nothing from two thirds on.
    private static let free = (0..<256).map { UInt8((1 - smooth(Double($0) / 255, 0.25, 0.67)) * 255 + 0.5) }
}
