import Imaging

/// The last word on colours: a scene's become luminous and clear, skin stays as it was painted.
struct DrawnFinish {
    private let table: LookTable
    private let style: DrawnStyle
    private var plain: [UInt8]
    private var graded: [UInt8]
    private var kept: [SIMD2<Float>]

    /// For rows of `width` pixels.
    init(_ style: DrawnStyle, width: Int) {
        self.style = style
        table = LookTable { Self.graded($0, style) }
        plain = [UInt8](repeating: 0, count: 3 * width)
        graded = plain
        kept = [SIMD2<Float>](repeating: SIMD2(), count: width)
    }

    /// Takes a pixel of a row.
    ///
    /// - Parameters:
    ///   - pixel: What was painted.
    ///   - sky: How much it is sky, 0...1.
    ///   - x: Its column.
    mutating func take(_ pixel: CelPainter.Pixel, sky: Float, at x: Int) {
        (plain[3 * x], plain[3 * x + 1], plain[3 * x + 2]) = (pixel.colour * 255).bytes
        kept[x] = SIMD2(0.85 * max(pixel.skin, 0.55 * pixel.hair), max(0, 2 * sky - 1))
    }

    /// The row that was taken, finished.
    ///
    /// - Parameters:
    ///   - fromTop: Its place, in parts of the height.
    ///   - row: Gets its samples.
    mutating func finish(fromTop: Float, into row: inout MutableSpan<UInt8>) {
        var graded: [UInt8] = []
        swap(&graded, &self.graded)
        defer { swap(&graded, &self.graded) }
        table.apply(plain.span, to: &graded)
        let top = 1 - smooth(fromTop * (1 / 0.55))
        let strength = Float(style.background)
        // Deeper above, lighter towards the horizon.
        let deeper = SIMD4<Float>(-14, -3, 17, 0) * (strength * (0.6 + 0.4 * top))
        let lighter = SIMD4<Float>(5, 6, 5, 0) * (strength * (1 - top))
        for x in kept.indices {
            let (keep, sky) = (kept[x][0], kept[x][1])
            let own = SIMD4<Float>(Float(plain[3 * x]), Float(plain[3 * x + 1]), Float(plain[3 * x + 2]), 0)
            var scene = SIMD4<Float>(Float(graded[3 * x]), Float(graded[3 * x + 1]), Float(graded[3 * x + 2]), 0)
            if sky > 0 {
                let blue = min(1, max(0, scene[2] - scene[0]) * (3.0 / 255))
                scene += deeper * (sky * blue) + lighter * sky
            }
            let colour = (scene + (own - scene) * keep).bytes
            row[3 * x] = colour.0
            row[3 * x + 1] = colour.1
            row[3 * x + 2] = colour.2
        }
    }

    /// Colours away from grey, by their hue: greens become luminous, blues clear, shade cool, light a little warm.
    private static func graded(_ colour: SIMD3<Float>, _ style: DrawnStyle) -> SIMD3<Float> {
        let strength = Float(style.background)
        let luma = 0.299 * colour.x + 0.587 * colour.y + 0.114 * colour.z
        let (least, most) = (colour.min(), colour.max())
        let chroma = most - least
        let green = max(0, colour.y - max(colour.x, colour.z))
        let yellow = max(0, min(colour.x, colour.y) - colour.z)
        let blue = max(0, colour.z - max(colour.x, colour.y) * 0.9)
        // What is vivid already gains little.
        let room = 1 - smooth((chroma - 0.3) * (1 / 0.5)) * 0.85
        let gain =
            Float(style.saturation)
            * (1 + strength * (0.28 + 0.6 * min(green + 0.4 * yellow, 0.3) + 0.6 * min(blue, 0.3)) * room)
        let grey = SIMD3<Float>(repeating: luma)
        var result = grey + (colour - grey) * gain
        let shade = (1 - smooth((luma - 0.05) * (1 / 0.45))) * strength
        let light = smooth((luma - 0.5) * (1 / 0.4)) * strength
        result += shade * SIMD3(0.004, 0.008, 0.034)
        result += light * SIMD3(0.014, 0.006, -0.010) * (1 - min(1, blue * 5))
        result += green * strength * SIMD3(0.22, 0.18, 0.02) * (0.35 + luma)
        let dark = 1 - luma
        result += strength * 0.035 * (dark * dark * dark)
        return result
    }
}
