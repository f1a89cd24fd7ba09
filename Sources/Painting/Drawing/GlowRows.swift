import Imaging

/// A picture whose light shines a little over what is around it, row by row.
///
/// What is bright is averaged over the cells of a coarse grid, smoothed over their neighbours and added as light is, so that
/// white stays white; a few rows of cells are read ahead. In whole numbers.
final class GlowRows: RowSource {
    let width: Int
    let height: Int
    /// Time spent so far, without that of the source.
    private(set) var time: Duration = .zero

    private let source: any RowSource
    /// In 1/256.
    private let amount: Int
    /// Pixels of a cell's sides.
    private let cell: Int
    private let columns: Int
    /// Row y is in slot y % waiting.count.
    private var waiting: [[UInt8]]
    /// Cell rows, smoothed across: row y is in slot y % 4.
    private var cells: [[SIMD4<Int32>]]
    private var sums: [SIMD4<Int32>]
    private var read = 0
    private var next = 0

    /// - Parameters:
    ///   - source: Rows of which none was read yet.
    ///   - strength: Of the glow, 0...1.
    init(_ source: any RowSource, strength: Double) {
        self.source = source
        width = source.width
        height = source.height
        amount = Int(min(max(strength, 0), 1) * 256)
        cell = min(max(4, max(source.width, source.height) / 80), 48)
        columns = (source.width + cell - 1) / cell
        waiting = (0..<3 * cell).map { _ in [UInt8](repeating: 0, count: 3 * source.width) }
        sums = [SIMD4<Int32>](repeating: SIMD4(), count: columns)
        cells = [[SIMD4<Int32>]](repeating: sums, count: 4)
    }

    func readRow(into row: inout MutableSpan<UInt8>) throws(PictureError) {
        // Half a cell further than the middle of the cell row below.
        let end = min((next / cell + 2) * cell, height)
        while read < end {
            try source.readRow(into: &waiting[read % waiting.count])
            let start = ContinuousClock.now
            gather(waiting[read % waiting.count])
            read += 1
            if read % cell == 0 || read == height { settle((read - 1) / cell) }
            time += ContinuousClock.now - start
        }
        let start = ContinuousClock.now
        shine(waiting[next % waiting.count], into: &row)
        next += 1
        time += ContinuousClock.now - start
    }

    /// By a pixel's brightest sample: how much of it shines, 0...256.
    private static let shares: [Int32] = (0..<256).map { value in
        let part = smooth((Float(value) / 255 - 0.7) * (1 / 0.3))
        return Int32(part * 256)
    }

    private func gather(_ row: [UInt8]) {
        let samples = row.span
        for x in 0..<width {
            let (red, green, blue) = (samples[3 * x], samples[3 * x + 1], samples[3 * x + 2])
            let share = Self.shares[Int(max(red, green, blue))]
            guard share > 0 else { continue }
            sums[x / cell] &+= (SIMD4(Int32(red), Int32(green), Int32(blue), 0) &* share) &>> 8
        }
    }

    /// Ends a row of cells: means, times 16, smoothed across.
    private func settle(_ index: Int) {
        let rows = min((index + 1) * cell, height) - index * cell
        let means = sums.indices.map { column -> SIMD4<Int32> in
            let wide = min((column + 1) * cell, width) - column * cell
            return sums[column] &* 16 / SIMD4(repeating: Int32(rows * wide))
        }
        for column in means.indices {
            let (left, right) = (means[max(column - 1, 0)], means[min(column + 1, columns - 1)])
            cells[index % 4][column] = (left &+ right &+ means[column] &* 2) / 4
        }
        sums = [SIMD4<Int32>](repeating: SIMD4(), count: columns)
    }

    private func shine(_ row: [UInt8], into result: inout MutableSpan<UInt8>) {
        let own = next / cell
        let last = (height - 1) / cell
        let (above, middle, below) = (cells[max(own - 1, 0) % 4], cells[own % 4], cells[min(own + 1, last) % 4])
        // Where the row lies in its cell, in 1/256; it leans on the cells above and below by that.
        let down = Int32((2 * (next - own * cell) + 1) * 128 / cell)
        let (upper, lower) = ((256 - down) / 2, down / 2)
        let centre = 256 - upper - lower
        let mixed: [SIMD4<Int32>] = (0..<columns).map { column in
            let outer: SIMD4<Int32> = above[column] &* upper &+ below[column] &* lower
            return outer &+ middle[column] &* centre
        }
        for x in 0..<width {
            let place = (2 * x + 1) * 128 / cell - 128
            let left = min(max(place >> 8, 0), columns - 1)
            let right = min(left + 1, columns - 1)
            let part = Int32(min(max(place - left << 8, 0), 256))
            // Light in 1/16, of which `amount` is added to what is missing to white.
            let fromLeft: SIMD4<Int32> = (mixed[left] &>> 8) &* (256 - part)
            let fromRight: SIMD4<Int32> = (mixed[right] &>> 8) &* part
            let light = (fromLeft &+ fromRight) &>> 8
            for channel in 0..<3 {
                let sample = Int(row[3 * x + channel])
                let added = (255 - sample) * Int(light[channel]) * amount / (255 * 16 * 256)
                result[3 * x + channel] = UInt8(min(sample + added, 255))
            }
        }
    }
}
