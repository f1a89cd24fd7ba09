/// Thin lines around the eyes and over the bridge of the nose, dark or light, of which the frame of spectacles is made.
///
/// Around each eye the best closed way is looked for that follows lines (dynamic programming, R. Bellman, 1957): a rim makes
/// most of it, wrinkles, bags and lashes make pieces. How sure it is that there is a frame is a logistic regression over few
/// measures of that, fitted to 60 faces with spectacles and 330 without.
struct SpectacleLines {
    /// How sure it is that there is a frame: 0 is even, 1 nearly sure, -1 hardly.
    let score: Double
    /// How far the rims are from the eyes.
    let rim: Eyewear.Rim
    /// The colour of what was followed.
    let colour: LabColour?

    /// Between two places, as part of the face's width.
    private static let step = 1.0 / 144
    /// Lines are at most twice as wide, and one more.
    private static let reach = 3
    /// Places beyond what is looked at, so that every line has both sides.
    private static let margin = 7
    /// Directions around an eye by ``Circle/places``: from above the inner corner below the eye to above the outer one.
    private static let ways = Array(-9...41)
    private static let distances = (0..<34).map { 0.055 + Double($0) * step }

    init(_ face: PenFace, _ glance: Glance) {
        let grain = 0.0025 * face.width
        func light(_ place: PenPoint) -> Double { glance[place, grain].lightness }
        func degrees(_ index: Int) -> Double { Double(Self.ways[index]) * 360 / 64 }
        var sides: [[Double]] = []
        var (reaches, colours): ([Double], [LabColour]) = ([], [])
        var sums = [(sum: Double, weight: Double)](repeating: (0, 0), count: 3)
        for eye in face.eyes {
            let inward = eye.side == .right ? 1.0 : -1
            func place(_ index: Int, _ distance: Double) -> PenPoint {
                let way = Circle.places[(Self.ways[index] + 64) % 64]
                return eye.centre + face.way(inward * way.x * distance, way.y * distance)
            }
            let lines = Self.lines(
                Self.ways.indices.map { index in
                    (-Self.margin..<Self.distances.count + Self.margin).map { number in
                        light(place(index, Self.distances[0] + Double(number) * Self.step))
                    }
                })
            let prior = Self.distances.map { distance in
                let off = limited(abs(distance - 0.145) / 0.14, 0, 1)
                return 1 - 0.5 * off * off
            }
            let path = Self.path(lines.map { zip($0, prior).map(*) }, penalty: 0.03, reach: 2)
            let strengths = path.enumerated().map { lines[$0.offset][$0.element] }
            /// The mean on the way between two directions.
            func mean(_ from: Double, _ to: Double) -> Double {
                let inside = path.indices.filter { degrees($0) >= from && degrees($0) < to }
                return inside.map { strengths[$0] }.reduce(0, +) / Double(max(inside.count, 1))
            }
            sides.append([mean(30, 70), mean(70, 110), mean(110, 150)])
            for (index, number) in path.enumerated() {
                let (distance, strength, angle) = (Self.distances[number], strengths[index], degrees(index))
                if angle > 60, angle < 120 { reaches.append(distance) }
                for (part, middle) in [0.0, 180, 90].enumerated() where abs(angle - middle) < 22 {
                    sums[part].sum += distance * (strength + 0.05)
                    sums[part].weight += strength + 0.05
                }
                if strength > 0.3 { colours.append(glance[place(index, distance), grain]) }
            }
        }
        let lower = sums[2].sum / sums[2].weight
        rim = Eyewear.Rim(
            inner: limited(sums[0].sum / sums[0].weight, 0.095, 0.165),
            outer: limited(sums[1].sum / sums[1].weight, 0.135, 0.23),
            upper: limited(0.3 * lower + 0.062, 0.085, 0.115), lower: limited(lower, 0.085, 0.21))
        colour = colours.isEmpty ? nil : LabColour.median(colours)
        let both = (0..<3).map { ((sides[0][$0] + sides[1][$0]) / 2, min(sides[0][$0], sides[1][$0])) }
        let (mean, least) = (both.map(\.0).min() ?? 0, both.map(\.1).min() ?? 0)
        let away = reaches.reduce(0, +) / Double(max(reaches.count, 1))
        // What lies along the lids is lashes and bags.
        let wide = smooth(away, 0.105, 0.145)
        let bridge = Self.bridge(face, light)
        let forehead = Self.texture(face, light, across: -0.2, wide: 58, down: -0.42, high: 23)
        let cheeks =
            (Self.texture(face, light, across: -0.3, wide: 26, down: 0.24, high: 17)
                + Self.texture(face, light, across: 0.12, wide: 26, down: 0.24, high: 17)) / 2
        let rims = 3.12 * mean * wide + 1.95 * least * wide + 1.65 * wide
        score = 6.1 * bridge + rims - 2.95 * cheeks - 5.23 * forehead - 4.98
    }

    /// How much of a line crosses the nose between the eyes, 0...1.
    private static func bridge(_ face: PenFace, _ light: (PenPoint) -> Double) -> Double {
        let (columns, rows) = (-7...7, 32)
        func down(_ row: Int) -> Double { -0.13 + Double(row) * step }
        let found = lines(
            columns.map { column in
                (-margin..<rows + margin).map { row in
                    light(face.middle + face.way(Double(column) * step, down(row)))
                }
            })
        let likely = found.map { column in
            column.enumerated().map { row, value in
                let off = limited(abs(down(row) + 0.02) / 0.11, 0, 1)
                return value * (1 - 0.4 * off * off)
            }
        }
        let path = path(likely, penalty: 0.015, reach: 3)
        return path.enumerated().map { likely[$0.offset][$0.element] }.reduce(0, +) / Double(path.count)
    }

    /// How full of lines a part of the skin is, 0...1: wrinkles.
    private static func texture(
        _ face: PenFace, _ light: (PenPoint) -> Double, across: Double, wide: Int, down: Double, high: Int
    ) -> Double {
        let columns = (0..<wide).map { column in
            (0..<high).map { row in
                light(face.middle + face.way(across + Double(column) * step, down + Double(row) * step))
            }
        }
        let rows = (0..<high).map { row in columns.map { $0[row] } }
        let (one, two) = (columns.map(strengths), rows.map(strengths))
        var sum = 0.0
        for column in 0..<wide {
            for row in 0..<high { sum += max(one[column][row], two[row][column]) }
        }
        return sum / Double(wide * high)
    }

    /// How much of a line each place of rows is, 0...1, without margins: lines lie across the rows, and run on in the next
    /// ones.
    static func lines(_ rows: [[Double]]) -> [[Double]] {
        let found = rows.map(ridges)
        return found.indices.map { index in
            let near = [max(index - 1, 0), index, min(index + 1, found.count - 1)]
            return (margin..<rows[index].count - margin).map { place in
                func mean(_ part: KeyPath<(dark: [Double], light: [Double]), [Double]>) -> Double {
                    near.map { found[$0][keyPath: part][place] }.reduce(0, +) / 3
                }
                return strength(dark: mean(\.dark), light: mean(\.light))
            }
        }
    }

    private static func strengths(_ row: [Double]) -> [Double] {
        let found = ridges(row)
        return zip(found.dark, found.light).map { strength(dark: $0, light: $1) }
    }

    private static func strength(dark: Double, light: Double) -> Double {
        max(smooth(dark, 2, 10), 0.8 * smooth(light, 2, 10))
    }

    /// What a closing fills and what an opening takes away (J. Serra, "Image Analysis and Mathematical Morphology", 1982).
    private static func ridges(_ row: [Double]) -> (dark: [Double], light: [Double]) {
        func extremes(_ row: [Double], _ pick: (Double, Double) -> Double) -> [Double] {
            row.indices.map { index in
                row[max(index - reach, 0)...min(index + reach, row.count - 1)].reduce(row[index], pick)
            }
        }
        let closed = extremes(extremes(row, max), min)
        let opened = extremes(extremes(row, min), max)
        return (zip(closed, row).map(-), zip(row, opened).map(-))
    }

    /// The way through rows, one place of each, on which the sum of values is greatest, less what its turns cost.
    static func path(_ rows: [[Double]], penalty: Double, reach: Int) -> [Int] {
        guard var best = rows.first, !best.isEmpty else { return [] }
        var steps: [[Int]] = []
        for row in rows.dropFirst() {
            var next = best
            var from = [Int](repeating: 0, count: row.count)
            for place in row.indices {
                var most = -Double.infinity
                for before in max(place - reach, 0)...min(place + reach, row.count - 1) {
                    let turn = Double(place - before)
                    let value = best[before] - penalty * turn * turn
                    if value > most { (most, from[place]) = (value, before) }
                }
                next[place] = most + row[place]
            }
            best = next
            steps.append(from)
        }
        var place = best.indices.max { best[$0] < best[$1] } ?? 0
        var path = [place]
        for from in steps.reversed() {
            place = from[place]
            path.append(place)
        }
        return path.reversed()
    }
}
