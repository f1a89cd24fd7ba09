import Imaging

/// The rows that a network sees, on their way to it, and what is darker in them than around: the features of faces that
/// nobody draws, which a network that underpaints leaves out.
package final class SeenRows: RowSource {
    package let width: Int
    package let height: Int

    private let source: any RowSource
    /// How light rows are, the picture going on beyond its borders as it ends: row y of the picture is row y + `reach` here,
    /// and `reach` more pixels are at either end. Row y is in slot y % `side`.
    private var lights: [[Int32]]
    /// By column: the sum of those rows.
    private var columns: [Int32]
    /// Rows that were read and not handed on yet.
    private var ahead: [[UInt8]] = []
    /// By row: how light it is as a part of what is around, in 1/255; those that were not read yet.
    private var details: [[UInt8]] = []
    private var taken = 0

    /// Pixels that what is around reaches, and those of the square.
    private static let reach = 4
    private static let side = 2 * reach + 1

    /// Rows of `source`, of which none was read yet.
    package init(_ source: any RowSource) {
        self.source = source
        width = source.width
        height = source.height
        columns = [Int32](repeating: 0, count: source.width + 2 * Self.reach)
        lights = [[Int32]](repeating: columns, count: Self.side)
    }

    package func readRow(into row: inout MutableSpan<UInt8>) throws(PictureError) {
        while ahead.isEmpty { try take() }
        copy(ahead.removeFirst(), 0..<3 * width, to: &row)
    }

    /// How light each pixel of the next row is, as a part of what is around it, 0.25...1.
    ///
    /// - Throws: What the source throws.
    /// - Precondition: there are rows left.
    package func readDetail(into row: inout [Float]) throws(PictureError) {
        while details.isEmpty { try take() }
        let bytes = details.removeFirst()
        for x in 0..<width { row[x] = Float(bytes[x]) * (1 / 255) }
    }

    /// Reads a row, which is taken more than once at the upper border, or takes the last one again below the lower one.
    private func take() throws(PictureError) {
        if taken == 0 || (taken > Self.reach && taken < Self.reach + height) {
            var row = [UInt8](repeating: 0, count: 3 * width)
            try source.readRow(into: &row)
            var light = [Int32](repeating: 0, count: columns.count)
            for x in light.indices {
                let at = 3 * min(max(x - Self.reach, 0), width - 1)
                let (red, green, blue) = (Int32(row[at]), Int32(row[at + 1]), Int32(row[at + 2]))
                light[x] = (77 &* red &+ 150 &* green &+ 29 &* blue) >> 8
            }
            ahead.append(row)
            count(light)
        } else {
            count(lights[(taken - 1) % Self.side])
        }
    }

    private func count(_ row: [Int32]) {
        let slot = taken % Self.side
        for x in columns.indices {
            columns[x] &-= lights[slot][x]
            columns[x] &+= row[x]
        }
        lights[slot] = row
        taken += 1
        if taken >= Self.side { compare() }
    }

    /// Compares the row in the middle of those that are held with all of them.
    private func compare() {
        let middle = lights[(taken - 1 - Self.reach) % Self.side]
        var detail = [UInt8](repeating: 0, count: width)
        var sum: Int32 = 0
        for x in 0..<Self.side - 1 { sum &+= columns[x] }
        for x in 0..<width {
            sum &+= columns[x + Self.side - 1]
            let around = Float(sum) * (1 / Float(Self.side * Self.side))
            let part = (Float(middle[x + Self.reach]) + 20) / (around + 20)
            detail[x] = UInt8(min(max(part, 0.25), 1) * 255)
            sum &-= columns[x]
        }
        details.append(detail)
    }
}
