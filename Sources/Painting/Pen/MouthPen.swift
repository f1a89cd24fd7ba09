/// The mouth: lips in their own colour, a line, and when it is open what is inside, teeth and tongue.
package struct MouthPen {
    let context: PenContext

    /// Points of the mesh around the lips, from the person's right corner along the lower lip.
    package static let outerLips = [
        61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185,
    ]
    static let innerLips = [
        78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191,
    ]
    /// Inner edges from the person's right corner to the left one.
    static let upperInner = [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308]
    static let lowerInner = [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308]

    private var face: PenFace { context.face }
    private var centre: PenPoint { face.mean(Self.outerLips) }

    /// How much skin there is around the mouth, 0...1: where there is too little, something covers the lower face.
    func place(on canvas: PenCanvas) -> Double {
        func around(_ factor: Double) -> PenCoverage {
            canvas.coverage(face[Self.outerLips].map { centre + ($0 - centre) * factor })
        }
        let ring = around(1.75).subtracting(around(1.15))
        let seen = canvas.visible?.mean(in: ring) ?? 1
        return smooth(context.fields.skin(in: ring, tile: canvas.side), 0.25, 0.55) * smooth(seen, 0.25, 0.55)
    }

    /// Drawn mouths are a little smaller.
    private func placed(_ points: [PenPoint]) -> [PenPoint] {
        let lift = face.down * (0.012 * face.height)
        return points.map { centre + ($0 - centre) * 0.86 - lift }
    }

    func draw(on canvas: inout PenCanvas) {
        let (upper, lower) = (placed(face[Self.upperInner]), placed(face[Self.lowerInner]))
        let width = (upper[10] - upper[0]).length
        guard width > 0.02 * face.width else { return }
        let gap = (lower[5] - upper[5]).length / width
        let open = smooth(gap, 0.05, 0.14)
        let strength = context.lowerFace
        drawLips(on: &canvas)
        if open > 0 { drawInside(upper, lower, width: width, gap: gap, open: open, on: &canvas) }
        canvas.stroke(
            upper, widths: context.lineWidths([0.004, 0.012, 0.008, 0.01, 0.008, 0.012, 0.004]),
            context.line.mixed(with: LabColour(22, 20, 10).colour, 0.6), opacity: 0.92 * strength)
        let chin = placed(face[[84, 17, 314]]).map { $0 + face.down * (0.012 * face.height) }
        canvas.stroke(
            chin, widths: context.lineWidths([0.001, 0.008, 0.001]), context.line,
            opacity: 0.38 * (1 - 0.5 * open) * strength)
    }

    /// The redder lips are than the skin, the stronger their colour.
    private func drawLips(on canvas: inout PenCanvas) {
        let (lips, skin, base) = (face.measures.lips, face.measures.skin, LabColour(context.tones.skin))
        let redder = max(lips.a - skin.a, 0)
        let strength = limited(0.22 + (redder - 9) / 16, 0.2, 0.95)
        let darker = min(lips.lightness - skin.lightness, 0)
        let colour = LabColour(
            base.lightness * 0.88 + darker * 0.55 * strength - 3, base.a + min(redder * 1.05, 46) + 6,
            base.b + limited(lips.b - skin.b, -8, 20) * 0.6 + 1)
        let outline = placed(face[Self.outerLips].map { centre + ($0 - centre) * 0.9 })
        canvas.fill(
            PenCurve.through(outline, count: 64, isClosed: true), colour.colour,
            opacity: strength * context.lowerFace, softness: 0.0035 * face.width)
    }

    private func drawInside(
        _ upper: [PenPoint], _ lower: [PenPoint], width: Double, gap: Double, open: Double, on canvas: inout PenCanvas
    ) {
        let (above, below) = (PenCurve.through(upper, count: 30), PenCurve.through(lower, count: 30))
        /// What lies above a line that is `part` of the way down.
        func upTo(_ part: Double) -> [PenPoint] { above + zip(above, below).map { mix($0, $1, part) }.reversed() }
        let inside = canvas.coverage(above + below.reversed())
        let strength = open * context.lowerFace
        canvas.fill(inside, LabColour(26, 27, 14).colour, opacity: strength)
        let tongue = Circle.ellipse(
            (upper[5] + lower[5]) / 2 + face.down * (0.48 * gap * width), across: face.across * (0.3 * width),
            down: face.down * (0.42 * gap * width))
        canvas.fill(
            canvas.coverage(tongue, softness: 0.004 * face.width), LabColour(56, 38, 18).colour,
            opacity: smooth(gap, 0.18, 0.4) * strength, clip: inside)
        let teeth = smooth(face.measures.teeth, 0.22, 0.36)
        let white = PenColour(white: 0.967 * context.white)
        canvas.fill(canvas.coverage(upTo(0.45)), white, opacity: teeth * strength, clip: inside)
        canvas.fill(canvas.coverage(upTo(0.88)), white, opacity: smooth(teeth, 0.6, 1) * strength, clip: inside)
        canvas.stroke(
            lower, widths: context.lineWidths([0.002, 0.006, 0.009, 0.006, 0.002]), context.line,
            opacity: 0.75 * strength)
    }
}
