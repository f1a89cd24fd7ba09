/// Makes a drawing of an underpainting: areas of one tone with crisp edges, hair in clumps, ink.
///
/// Fields are level sets: divided by its slope, the difference from one half is the distance from the edge in pixels, so an
/// edge is as crisp as pixels allow and a line as wide as wished, however soft the field is (S. Osher, J. Sethian, "Fronts
/// propagating with curvature-dependent speed", 1988; for shapes from textures C. Green, "Improved Alpha-Tested Magnification
/// for Vector Textures and Special Effects", 2007). Only additions, multiplications, divisions and square roots, so that all
/// processors make the same numbers.
struct CelPainter {
    private let style: DrawnStyle
    /// Pixels of what is painted for one of a face's square of 512.
    private let scale: Float
    private let tones: CelTones?
    private let tint: SIMD4<Float>?

    /// - Parameters:
    ///   - style: What it is to look like.
    ///   - scale: Pixels of what is painted for one of the standard picture.
    ///   - tones: Of the face that is painted; nil for a scene, whose colours are the network's.
    init(style: DrawnStyle, scale: Double, tones: CelTones?) {
        self.style = style
        self.scale = Float(scale)
        self.tones = tones
        tint = style.hair.hairColour
    }

    /// What became of a pixel.
    struct Pixel {
        /// 0...1.
        var colour: SIMD4<Float>
        /// How much of it is skin and hair, 0...1.
        var skin: Float
        var hair: Float
    }

    /// Paints a row.
    ///
    /// - Parameters:
    ///   - rows: The row and its neighbours above and below; at a border the row itself.
    ///   - down: The row's place from the top, in parts of the height.
    ///   - take: Gets each pixel from the left.
    func paint(
        _ rows: (above: UnderpaintedRow, row: UnderpaintedRow, below: UnderpaintedRow), down: Float,
        _ take: (_ x: Int, _ pixel: Pixel) -> Void
    ) {
        let width = rows.row.colours.count
        let (above, row, below) = (rows.above.fields.span, rows.row.fields.span, rows.below.fields.span)
        let colours = rows.row.colours.span
        let lineHalf = SIMD8<Float>(1.0, 0.75, 0.9, 0, 0, 0, 0, 0) * max(scale * Float(style.line), 0.35)
        let backgroundLines = Float(style.backgroundLines)
        let inkStrength = min(1, Float(style.line) + 0.2)
        let lineColour =
            SIMD4<Float>(Float(style.lineColour.red), Float(style.lineColour.green), Float(style.lineColour.blue), 0)
            * (0.2 / 255)
        for x in 0..<width {
            let (left, right) = (max(x - 1, 0), min(x + 1, width - 1))
            let slope = Self.slope(above, row, below, (left, x, right))
            let values = row[x]
            let inverse: SIMD8<Float> = 1 / slope.within(0.008, 1)
            let distance: SIMD8<Float> = (values - 0.5) * inverse
            let cover: SIMD8<Float> = (distance * 0.77 + 0.5).within(0, 1)
            // Contours: where the edge is near, and an edge at all.
            let magnitude: SIMD8<Float> = distance.replacing(with: -distance, where: distance .< 0)
            let near: SIMD8<Float> = (lineHalf + 0.5 - magnitude).within(0, 1)
            let isEdge: SIMD8<Float> = ((slope * scale - 0.04) * 25).within(0, 1)
            let contour = near * isEdge
            var pixel = Pixel(
                colour: colours[x], skin: cover[UnderpaintedField.skin.rawValue],
                hair: cover[UnderpaintedField.hair.rawValue])
            let person = cover[UnderpaintedField.person.rawValue]
            // Dark things behind people are taken for hair more easily than for people.
            pixel.hair *= person
            pixel.skin *= 1 - pixel.hair
            if pixel.skin + pixel.hair < 1 {
                paintTones(&pixel, light: values[7], slope: slope[7], sky: values[UnderpaintedField.sky.rawValue])
            }
            if pixel.skin > 0 { paintSkin(&pixel, shade: cover[UnderpaintedField.shade.rawValue], down: down) }
            if pixel.hair > 0 {
                paintHair(
                    &pixel, tone: values[UnderpaintedField.tone.rawValue],
                    inverse: inverse[UnderpaintedField.tone.rawValue],
                    place: ((Float(x) + 0.5) / Float(width), down))
            }
            let lines = backgroundLines * (1 - person) + person
            // 0.39 and 0.56 of the network's output are 0.3 and 0.62 of its certainty.
            let ink =
                smooth((values[UnderpaintedField.ink.rawValue] - 0.39) * (1 / 0.17)) * lines * inkStrength
            // Where it is darker than around, beside an edge: a difference of Gaussians, as far as a spline is one.
            let around = above[x][7] + below[x][7] + row[left][7] + row[right][7]
            let hollow = (around - 4 * values[7]) * scale * scale
            let edge =
                smooth((hollow - Self.hollow) * (1 / (2 * Self.hollow))) * lines * inkStrength * (1 - pixel.skin)
            let line = max(ink * 0.92, edge * 0.75, contour[0] * 0.9, contour[1] * 0.8, contour[2] * 0.9)
            if line > 0 {
                let dark = pixel.colour * SIMD4(0.24, 0.19, 0.19, 0) + lineColour
                pixel.colour += (dark - pixel.colour) * line
            }
            take(x, pixel)
        }
    }

    /// How steep the fields are at a pixel, by the filter of H. Scharr.
    @inline(__always)
    private static func slope(
        _ above: Span<SIMD8<Float>>, _ row: Span<SIMD8<Float>>, _ below: Span<SIMD8<Float>>, _ at: (Int, Int, Int)
    ) -> SIMD8<Float> {
        let (left, middle, right) = at
        var across: SIMD8<Float> = above[right] - above[left]
        across += below[right] - below[left]
        across *= 0.3
        across += row[right] - row[left]
        var down: SIMD8<Float> = below[left] - above[left]
        down += below[right] - above[right]
        down *= 0.3
        down += below[middle] - above[middle]
        let squares: SIMD8<Float> = across * across + down * down
        return squares.squareRoot() * 0.3125
    }

    /// Light falls in steps on what is neither skin nor hair, with crisp edges, where it changes at all: walls and skies stay
    /// smooth (H. Winnemöller et al., "Real-Time Video Abstraction", 2006).
    private func paintTones(_ pixel: inout Pixel, light: Float, slope: Float, sky: Float) {
        let steepness = slope * scale
        let strength = smooth((steepness - 0.002) * (1 / 0.005)) * min(1, 0.8 * Float(style.background)) * (1 - sky)
        guard strength > 0, light > 0.02 else { return }
        let steps = light * (1 / Self.toneStep)
        let floor = steps.rounded(.down)
        let width = min(max(slope * (1.3 / Self.toneStep), 0.04), 0.5)
        let stepped = (floor + smooth((steps - floor - 0.5) / (2 * width) + 0.5)) * Self.toneStep
        let wanted = light + (stepped - light) * strength
        pixel.colour *= min(max(wanted / light, 0.6), 1.5)
    }

    /// From where on a place that is darker than around is a line.
    private static let hollow: Float = 0.005

    /// How far the tones of backgrounds and clothes lie apart.
    private static let toneStep: Float = 0.12

    /// One tone in the light, one in the shade, and a beard's; what else is on the skin stays.
    private func paintSkin(_ pixel: inout Pixel, shade: Float, down: Float) {
        guard let tones, let base = tones.base else { return }
        var shadow = base + (tones.shadow - base) * Float(style.shadow)
        if let beard = tones.beard { shadow += (beard - shadow) * CelTones.beard(down: down) }
        let flat = base + (shadow - base) * shade
        func distance(_ other: SIMD4<Float>) -> Float {
            let difference = (pixel.colour - other) * SIMD4(1, 1, 1, 0)
            return (difference * difference).sum().squareRoot()
        }
        let other = smooth((min(distance(base), distance(tones.shadow)) - 0.17) * (1 / 0.15))
        pixel.colour += (flat - pixel.colour) * (pixel.skin * (1 - other))
    }

    /// Dark and light clumps and a shine around the hair's own colour, or the one that was wished for.
    private func paintHair(_ pixel: inout Pixel, tone: Float, inverse: Float, place: (Float, Float)) {
        func above(_ level: Float) -> Float { min(max((tone - level) * inverse * 0.9 + 0.5, 0), 1) }
        let (dark, light, shine) = (1 - above(0.225), above(0.52), above(0.72))
        var base = pixel.colour
        var isFace = false
        if let tones, tones.hair != nil {
            base = tones.hair(across: place.0, down: place.1)
            isFace = true
        }
        let luma = 0.3 * base[0] + 0.59 * base[1] + 0.11 * base[2]
        if let tint { base = tinted(base, luma: luma, tint) }
        // Of a scene's hair the network has painted the tones already, if softly.
        let strength = (0.16 + 0.1 * smooth((luma - 0.1) * (1 / 0.3))) * Float(style.hairTones) * (isFace ? 1 : 0.5)
        var colour = base * (1 - dark * strength * 1.5)
        let room = SIMD4<Float>(1, 1, 1, 0) - colour
        colour += room * (base * (0.5 / (luma + 0.15)) + 0.35) * (light * strength * 0.42)
        colour += (SIMD4<Float>(1, 1, 1, 0) - colour) * (shine * strength * 0.75)
        pixel.colour += (colour - pixel.colour) * pixel.hair
    }

    /// The wished colour, lighter or darker as the hair is.
    private func tinted(_ base: SIMD4<Float>, luma: Float, _ tint: SIMD4<Float>) -> SIMD4<Float> {
        let own = 0.3 * tint[0] + 0.59 * tint[1] + 0.11 * tint[2]
        let wanted = own * 0.75 + luma * 0.25
        let factor = wanted / max(own, 0.02)
        let lifted = tint * min(factor, 1) + (SIMD4<Float>(1, 1, 1, 0) - tint) * max(0, (factor - 1) * 0.5)
        return lifted
    }
}

extension DrawnStyle.Tint {
    /// What hair of this colour has between its light and its dark, 0...1; nil for the photo's own.
    var hairColour: SIMD4<Float>? {
        let bytes: (Float, Float, Float)
        switch self {
        case .photo: return nil
        case .black: bytes = (40, 38, 50)
        case .brown: bytes = (110, 70, 48)
        case .blond: bytes = (226, 188, 112)
        case .red: bytes = (178, 62, 44)
        case .pink: bytes = (240, 150, 182)
        case .violet: bytes = (138, 98, 186)
        case .blue: bytes = (74, 112, 196)
        case .teal: bytes = (70, 168, 168)
        case .green: bytes = (104, 164, 92)
        case .silver: bytes = (196, 200, 212)
        }
        return SIMD4(bytes.0, bytes.1, bytes.2, 0) / 255
    }
}
