import Imaging

/// The few colours that a face is painted with, measured in its underpainting: a network gets a colour right on the whole
/// and wrong in places, and a cel has one.
package struct CelTones {
    /// Skin in the light, 0...1; nil where there is no skin.
    package private(set) var base: SIMD4<Float>?
    /// Skin in the shade.
    var shadow = SIMD4<Float>()
    /// Hair between its dark and light clumps; nil where there is hardly any.
    var hair: SIMD4<Float>?
    /// A beard; nil where there is none.
    package private(set) var beard: SIMD4<Float>?
    /// By cell of a grid, row by row: hair there.
    private(set) var hairCells: [SIMD4<Float>] = []
    /// Where the light comes from: -1 the left of the picture, 1 the right.
    package var light: Float = 0

    /// Cells in a row of the grid.
    static let cells = 8

    /// Measures the face in the middle of a square.
    package init(_ painting: Underpainting) {
        measureSkin(painting)
        measureHair(painting)
    }

    /// Calls `body` for every second pixel in a row with how much it belongs to the face in the middle, 0...1.
    private func visit(_ painting: Underpainting, _ body: (SIMD4<Float>, SIMD8<Float>, Float, Int, Int) -> Void) {
        let side = painting.side
        var colours = [SIMD4<Float>](repeating: SIMD4(), count: side)
        var fields = [SIMD8<Float>](repeating: SIMD8(), count: side / 2)
        for y in stride(from: 0, to: side, by: 2) {
            painting.fill(&colours, y: y)
            painting.fill(&fields, y: y / 2)
            let down = (Float(y) / Float(side) - 0.5) / 0.42
            for x in stride(from: 0, to: side, by: 2) {
                let across = (Float(x) / Float(side) - 0.5) / 0.34
                let near = max(0, 1 - across * across - down * down)
                body(colours[x], fields[x / 2], near * near, x, y)
            }
        }
    }

    private mutating func measureSkin(_ painting: Underpainting) {
        var sums = (light: SIMD4<Float>(), shade: SIMD4<Float>())
        var shadeOnSides: (Float, Float) = (0, 0)
        func measure(around known: SIMD4<Float>?) {
            sums = (SIMD4(), SIMD4())
            shadeOnSides = (0, 0)
            visit(painting) { colour, fields, near, x, _ in
                let skin = max(0, 2 * fields[UnderpaintedField.skin.rawValue] - 1) * near
                guard skin > 0 else { return }
                let shade = fields[UnderpaintedField.shade.rawValue]
                var colour = colour
                colour[3] = 1
                if shade < 0.5 {
                    if let known {
                        let difference = colour - known
                        // Beards and what else lies on skin are not its colour.
                        if abs(difference[0]) + abs(difference[1]) + abs(difference[2]) > 0.25 { return }
                    }
                    sums.light += colour * (skin * (1 - 2 * shade))
                } else {
                    sums.shade += colour * (skin * (2 * shade - 1))
                    if 2 * x < painting.side { shadeOnSides.0 += skin } else { shadeOnSides.1 += skin }
                }
            }
        }
        let least = Float(painting.side * painting.side) * 2e-4
        measure(around: nil)
        for _ in 0..<2 where sums.light[3] > least { measure(around: sums.light / sums.light[3]) }
        guard sums.light[3] > least else { return }
        let base = sums.light / sums.light[3]
        self.base = base
        let usual = base * SIMD4(0.86, 0.74, 0.70, 1)
        shadow = sums.shade[3] > least ? sums.shade / sums.shade[3] : usual
        // A shadow that is hardly one would leave a face without form.
        shadow = shadow.clamped(lowerBound: SIMD4(), upperBound: base * SIMD4(0.93, 0.88, 0.87, 1))
        let all = shadeOnSides.0 + shadeOnSides.1
        if all > 0 { light = (shadeOnSides.0 - shadeOnSides.1) / all }
    }

    private mutating func measureHair(_ painting: Underpainting) {
        let count = Self.cells
        var cells = [SIMD4<Float>](repeating: SIMD4(), count: count * count)
        visit(painting) { colour, fields, _, x, y in
            let hair = max(0, 2 * fields[UnderpaintedField.hair.rawValue] - 1)
            guard hair > 0 else { return }
            var colour = colour
            colour[3] = 1
            cells[y * count / painting.side * count + x * count / painting.side] += colour * hair
        }
        let sum = cells.reduce(SIMD4()) { $0 + $1 }
        guard sum[3] > Float(painting.side * painting.side) * 7e-4 else { return }
        let mean = sum / sum[3]
        hair = mean
        // A cell with little hair leans on the others.
        let usual = mean * (sum[3] / Float(count * count) * 0.5)
        hairCells = cells.map { cell in
            let local = (cell + usual) / (cell[3] + usual[3])
            return local * 0.5 + mean * 0.5
        }
    }

    /// Finds a beard, and keeps skin about as light as in the photo: a network that has learned to light dark rooms makes faces
    /// pale by daylight, too, and brown in coloured light. What was taken in the dark may rise twice as far.
    ///
    /// - Parameters:
    ///   - photo: What the network saw, half as wide as the painting.
    ///   - painting: What it made of it.
    package mutating func compare(with photo: RGBImage, _ painting: Underpainting) {
        guard let base, photo.width == painting.side / 2, photo.height == photo.width else { return }
        let side = Float(painting.side)
        var sum = SIMD4<Float>()
        var histogram = [Int](repeating: 0, count: 65)
        var beards = (SIMD4<Float>(), SIMD4<Float>())
        visit(painting) { _, fields, near, x, y in
            let at = 3 * (y / 2 * photo.width + x / 2)
            var sample = SIMD4<Float>(
                Float(photo.bytes[at]), Float(photo.bytes[at + 1]), Float(photo.bytes[at + 2]), 0)
            sample *= 1 / 255
            histogram[Int(min(max(sample.light, 0), 1) * 64)] += 1
            let shade = fields[UnderpaintedField.shade.rawValue]
            let isSkin = max(0, 2 * fields[UnderpaintedField.skin.rawValue] - 1) * max(0, 1 - 2 * shade) * near
            sample[3] = 1
            sum += sample * isSkin
            let dark =
                max(0, 2 * shade - 1) * fields[UnderpaintedField.skin.rawValue] * Self.beard(down: Float(y) / side)
            if abs(Float(x) / side - 0.5) < 0.2 {
                if 2 * x < painting.side { beards.0 += sample * dark } else { beards.1 += sample * dark }
            }
        }
        guard sum[3] > 0 else { return }
        let skin = sum / sum[3]
        findBeard(beards, skin: skin, side: painting.side)
        let before = LabColour(PenColour(skin)).lightness
        let after = LabColour(PenColour(base)).lightness
        // A photo is dark where even its lightest parts are; people stand before black walls by daylight, too.
        var (brightest, left) = (64, histogram.reduce(0, +) / 20)
        while left > 0, brightest > 0 {
            left -= histogram[brightest]
            brightest -= 1
        }
        let darkness = Double(smooth((0.55 - Float(brightest) / 64) * (1 / 0.25)))
        let most = before + Self.mostLighter * (1 + darkness)
        let wanted = min(max(after, before - Self.mostDarker), most)
        guard wanted != after, after > 1 else { return }
        // The lightness of CIELAB is nearly in proportion to sRGB.
        let factor = Float(wanted / after)
        self.base = base * factor
        shadow *= factor
        beard = beard.map { $0 * factor }
    }

    /// A beard is a shade that both sides of the lower face have and that is darker than one.
    private mutating func findBeard(_ sides: (SIMD4<Float>, SIMD4<Float>), skin: SIMD4<Float>, side: Int) {
        let least = Float(side * side) * 5e-4
        guard let base, sides.0[3] > least, sides.1[3] > least, skin.light > 0.02 else { return }
        let (left, right) = (sides.0 / sides.0[3], sides.1 / sides.1[3])
        let darkness = smooth((0.66 - max(left.light, right.light) / skin.light) * (1 / 0.16))
        guard darkness > 0 else { return }
        // As light beside the skin as in the photo.
        let own: SIMD4<Float> = (left + right) * (0.5 * base.light / skin.light)
        beard = shadow + (own * 0.85 + base * 0.15 - shadow) * darkness
    }

    /// How much the place of a beard it is, by the part of the square's height: from the cheeks to the chin.
    static func beard(down: Float) -> Float {
        smooth((down - 0.5) * (1 / 0.06)) * (1 - smooth((down - 0.78) * (1 / 0.05)))
    }

    /// How much lighter and darker than in the photo skin may be, CIELAB.
    private static let mostLighter = 7.0
    private static let mostDarker = 3.0

    /// Hair at a place, in parts of the side.
    func hair(across: Float, down: Float) -> SIMD4<Float> {
        let count = Self.cells
        func cell(_ place: Float) -> (Int, Float) {
            let at = min(max(place * Float(count) - 0.5, 0), Float(count - 1))
            let whole = min(Int(at), count - 2)
            return (whole, at - Float(whole))
        }
        let ((x, fx), (y, fy)) = (cell(across), cell(down))
        let at = y * count + x
        let upper = hairCells[at] + (hairCells[at + 1] - hairCells[at]) * fx
        let lower = hairCells[at + count] + (hairCells[at + count + 1] - hairCells[at + count]) * fx
        return upper + (lower - upper) * fy
    }
}
