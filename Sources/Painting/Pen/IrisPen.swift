/// An iris: dark above and light below, a pupil, and the light that it mirrors.
struct IrisPen {
    let context: PenContext
    let eye: EyePlace
    let frame: EyeFrame

    func draw(in opening: PenCoverage, on canvas: inout PenCanvas) {
        let face = context.face
        let colour = IrisColour.of(context)
        let (across, down) = (face.across, face.down)
        let wide = 0.315 * frame.fullWidth * (0.4 + 0.6 * min(eye.foreshortening, 1))
        let high = max(1.2 * wide, 0.55 * frame.fullHeight)
        let offset = PenPoint(
            (0.85 * eye.gaze.x - 0.03) * frame.width / 2,
            frame.middleHeight + (0.2 * eye.gaze.y - 0.04) * frame.fullHeight)
        let centre = frame.place(offset.x, offset.y)
        func ellipse(_ x: Double, _ y: Double, _ width: Double, _ height: Double, softness: Double = 0) -> PenCoverage {
            canvas.coverage(
                Circle.ellipse(
                    centre + across * (x * wide) + down * (y * high), across: across * (width * wide),
                    down: down * (height * high)), softness: softness * frame.fullWidth)
        }
        let white = context.white
        let (top, bottom) = (colour.top.colour.brightened(white), colour.bottom.colour.brightened(white))
        let middle = colour.middle.colour.brightened(white)
        let iris = ellipse(0, 0, 1, 1).intersected(with: opening)
        canvas.fill(
            iris,
            PenGradient(centre: centre, half: down * high) { place in
                top.mixed(with: middle, smooth(place, -0.75, 0.15)).mixed(with: bottom, smooth(place, 0.05, 0.85))
            })
        let inner = ellipse(0, 0, 0.86, 0.88, softness: 0.006)
        canvas.fill(iris.subtracting(inner), colour.ring.colour.brightened(white), opacity: 0.85)
        let glow = ellipse(0, 0.48, 0.55, 0.3, softness: 0.02).intersected(with: inner)
        canvas.fill(glow, bottom.mixed(with: PenColour(white: 1), 0.25), opacity: 0.45, clip: iris)
        canvas.fill(ellipse(0, -0.05, 0.42, 0.44, softness: 0.004), colour.pupil.colour, opacity: 0.94, clip: opening)
        let shade = frame.upper + frame.upperLid(lowered: 0.17 * frame.fullHeight).reversed()
        canvas.fill(
            canvas.coverage(shade, softness: 0.01 * frame.fullWidth), LabColour(6, 2, -2).colour, opacity: 0.55,
            clip: iris)
        // Both eyes mirror the same light.
        let side = context.tones.light > 0.5 ? 1.0 : -1.0
        let lit = smooth(eye.openness, 0.15, 0.4)
        // Of a narrowed eye the lid hides where the light would be: it comes lower and is smaller.
        let size = 0.7 + 0.3 * smooth(eye.openness, 0.45, 0.9)
        let lid = (frame.height(upper: 16) + 0.1 * frame.fullHeight - offset.y) / high
        let height = min(max(-0.4, lid + 0.24 * size), 0.1)
        canvas.fill(
            ellipse(0.36 * side, height, 0.3 * size, 0.24 * size), PenColour(white: min(1, 1.04 * white)), opacity: lit,
            clip: opening)
        canvas.fill(
            ellipse(-0.4 * side, max(0.4, height + 0.4) * (0.5 + 0.5 * size), 0.15 * size, 0.12 * size),
            PenColour(white: white), opacity: 0.9 * lit, clip: opening)
    }
}

/// The colours of an iris.
package struct IrisColour {
    package let middle: LabColour

    var top: LabColour { LabColour(middle.lightness * 0.42, middle.a * 0.7, middle.b * 0.5) }
    var bottom: LabColour { LabColour(min(middle.lightness + 24, 78), middle.a * 1.15, middle.b * 1.25) }
    var ring: LabColour { LabColour(middle.lightness * 0.3, middle.a * 0.6, middle.b * 0.4) }
    var pupil: LabColour { LabColour(7, middle.a * 0.2, middle.b * 0.2) }

    /// The colour that the style asks for, or the photo's.
    package static func of(_ context: PenContext) -> IrisColour {
        IrisColour(middle: own(context.style.irises) ?? clear(context.face.measures.iris))
    }

    private static let brown = LabColour(30, 15, 25)

    private static func own(_ tint: DrawnStyle.Tint) -> LabColour? {
        switch tint {
        case .photo: nil
        case .black: LabColour(18, 2, -4)
        case .brown: LabColour(31, 16, 27)
        case .blond: LabColour(52, 14, 48)
        case .red: LabColour(38, 52, 28)
        case .pink: LabColour(52, 46, -2)
        case .violet: LabColour(38, 34, -40)
        case .blue: LabColour(42, 4, -42)
        case .teal: LabColour(46, -26, -14)
        case .green: LabColour(44, -32, 26)
        case .silver: LabColour(56, -1, -7)
        }
    }

    /// What was seen as a clear colour: the small samples of a photo are greyer than the eye. What is not surely blue,
    /// green or amber is brown, as most eyes are.
    static func clear(_ seen: LabColour?) -> LabColour {
        guard var seen else { return brown }
        let chroma = seen.chroma
        let blue = smooth(-seen.b, -3, 3) * smooth(seen.lightness, 20, 36)
        let green = smooth(-seen.a, -2.5, 2.5) * smooth(seen.lightness, 22, 36) * smooth(chroma, 0, 5)
        let sure = max(blue, green, 0.6 * smooth(chroma, 9, 20))
        if green > 0.3, seen.b > 0 { seen.a -= 5 }
        // Of grey eyes the hue is chance: it is not made stronger.
        let wanted = mix(6, limited(chroma * 1.9, 26, 46), smooth(chroma, 1.5, 5))
        let way = PenPoint(seen.a, seen.b).unit * wanted
        var colour = brown.mixed(with: LabColour(limited(seen.lightness + 8, 26, 52), way.x, way.y), sure)
        let grey = smooth(seen.lightness, 32, 44) * (1 - smooth(chroma, 2, 4.5))
        colour = colour.mixed(with: LabColour(colour.lightness, -3, -9), 0.8 * grey)
        // Nobody's are violet; what lies between blue and brown is grey.
        colour.a = min(colour.a, max(0.9 * colour.b, -0.1 * colour.b) + 1.5)
        return colour
    }
}
