/// Sunglasses and the frames of spectacles.
struct EyewearPen {
    let context: PenContext

    private var face: PenFace { context.face }

    func draw(on canvas: inout PenCanvas) {
        let eyewear = face.eyewear
        if eyewear.shades > 0.01, eyewear.lenses.allSatisfy({ $0.count > 8 }), eyewear.lenses.count == 2 {
            drawShades(eyewear, on: &canvas)
        } else if eyewear.frame > 0.05 {
            drawFrame(eyewear, on: &canvas)
        }
    }

    /// Lenses in their own tint, darker above, with slanted lights; rims and bridge.
    private func drawShades(_ eyewear: Eyewear, on canvas: inout PenCanvas) {
        let opacity = eyewear.shades
        let tint = smooth(eyewear.lensColour.chroma, 9, 29)
        let colour = LabColour(
            limited(eyewear.lensColour.lightness * 0.72, 9, 20 + 24 * tint),
            eyewear.lensColour.a * (0.5 + 0.7 * tint), eyewear.lensColour.b * (0.5 + 0.7 * tint))
        let top = LabColour(colour.lightness * 0.75, colour.a, colour.b).colour
        let bottom = LabColour(colour.lightness + 9 + 8 * tint, colour.a * 1.15, colour.b * 1.15).colour
        let rim = LabColour(8, 2, 0).colour
        func ends(_ lens: [PenPoint]) -> (least: PenPoint, most: PenPoint) {
            let places = lens.map { face.across.dot($0 - face.middle) }
            let least = places.indices.min { places[$0] < places[$1] } ?? 0
            let most = places.indices.max { places[$0] < places[$1] } ?? 0
            return (lens[least], lens[most])
        }
        let up = face.down * (-0.03 * face.height)
        let (one, two) = (ends(eyewear.lenses[0]).most + up * 0.6, ends(eyewear.lenses[1]).least + up * 0.6)
        canvas.stroke(
            [one, (one + two) / 2 + up * 0.9, two], widths: context.lineWidths([0.02, 0.016, 0.02]), rim,
            opacity: 0.97 * opacity)
        for lens in eyewear.lenses {
            let centre = lens.reduce(PenPoint(0, 0), +) / Double(lens.count)
            func scaled(_ factor: Double) -> [PenPoint] { lens.map { centre + ($0 - centre) * factor } }
            let wide = lens.map { abs(face.across.dot($0 - centre)) }.max() ?? 1
            let high = lens.map { abs(face.down.dot($0 - centre)) }.max() ?? 1
            canvas.fill(scaled(1.07), rim, opacity: opacity)
            let glass = canvas.coverage(lens)
            canvas.fill(
                glass,
                PenGradient(centre: centre, half: face.down * max(high, 1)) { place in
                    top.mixed(with: bottom, smooth(place, -0.7, 0.9))
                }, opacity: opacity)
            let inner = canvas.coverage(scaled(0.88))
            for (start, width, light) in [(-0.5, 0.26, 0.5), (-0.1, 0.08, 0.4)] {
                func corner(_ across: Double, _ down: Double) -> PenPoint {
                    centre + face.across * (across * wide) + face.down * (down * high)
                }
                canvas.fill(
                    [
                        corner(start + 0.45, -1), corner(start + 0.45 + width, -1),
                        corner(start - 0.1 + width, 0.35), corner(start - 0.1, 0.35),
                    ], PenColour(red: 237, green: 245, blue: 255), opacity: light * opacity,
                    softness: 0.004 * face.width, clip: inner)
            }
        }
    }

    /// One rounded rim for each eye, the same size on both sides, a bridge and the beginning of temples.
    private func drawFrame(_ eyewear: Eyewear, on canvas: inout PenCanvas) {
        let opacity = smooth(eyewear.frame, 0.05, 0.5)
        let seen = eyewear.frameColour
        let dark = 1 - smooth(seen.lightness, 28, 55)
        let colour = LabColour(limited(seen.lightness * 0.62, 8, 42), seen.a * 0.9, seen.b * 0.9).colour
        // Light frames are thin ones, mostly.
        let width = max((0.008 + 0.01 * dark) * face.width, 1.1)
        let rim = eyewear.rim
        func place(_ eye: EyePlace, _ outward: Double, _ below: Double) -> PenPoint {
            eye.centre + face.way(eye.side == .right ? -outward : outward, below)
        }
        for eye in face.eyes {
            func outline(_ grown: Double) -> [PenPoint] {
                Circle.places.map { direction in
                    let (x, y) = (Self.squarer(direction.x), Self.squarer(direction.y))
                    let part = grown / face.width
                    return place(
                        eye, x * ((x > 0 ? rim.outer : rim.inner) + part), y * ((y > 0 ? rim.lower : rim.upper) + part))
                }
            }
            let glass = canvas.coverage(outline(-width / 2))
            canvas.fill(glass, PenColour(red: 240, green: 247, blue: 255), opacity: 0.07 * opacity)
            // The light that a lens mirrors falls slantwise over its outer upper part.
            let light = [(0.15, -1.0), (0.5, -1), (0.12, 1), (-0.23, 1)].map { across, down in
                eye.centre + face.way(across * rim.outer, down * (down > 0 ? rim.lower : rim.upper))
            }
            canvas.fill(
                canvas.coverage(light, softness: 0.006 * face.width), PenColour(red: 246, green: 250, blue: 255),
                opacity: 0.13 * opacity, clip: glass)
            canvas.fill(canvas.coverage(outline(width / 2)).subtracting(glass), colour, opacity: 0.95 * opacity)
            let turned = 1 - smooth(abs(face.turn), 0.26, 0.5)
            canvas.stroke(
                [
                    place(eye, rim.outer, -0.35 * rim.upper), place(eye, rim.outer + 0.05, -0.4 * rim.upper),
                    place(eye, rim.outer + 0.09, -0.42 * rim.upper),
                ], widths: [1.1 * width, width, 0.5 * width], colour, opacity: 0.9 * turned * opacity)
        }
        let one = place(face.eyes[0], -rim.inner, -0.3 * rim.upper)
        let two = place(face.eyes[1], -rim.inner, -0.3 * rim.upper)
        canvas.stroke(
            [one, (one + two) / 2 - face.way(0, 0.022), two], widths: [width, 0.9 * width, width], colour,
            opacity: 0.95 * opacity)
    }

    /// A circle's coordinate as that of a rounded square: to the power of two thirds, nearly.
    private static func squarer(_ value: Double) -> Double {
        let size = abs(value)
        let power = size > 0.001 ? LabColour.root(size, 3) : 0
        return value < 0 ? -power * power : power * power
    }
}
