/// A brow: as thick as it is, in the hair's colour, but darker.
struct BrowPen {
    let context: PenContext
    let eye: EyePlace

    func draw(on canvas: inout PenCanvas) {
        let face = context.face
        let brow = eye.side.brow
        let hair = LabColour(context.tones.hair)
        let colour = LabColour(limited(hair.lightness * 0.55, 9, 42), hair.a * 0.8 + 2, hair.b * 0.8 + 1).colour
        // Thin brows leave more room for the eye than thick ones.
        let thickness = smooth(face.measures.browThickness, 0.035, 0.085)
        let lift = face.down * ((0.04 - 0.016 * thickness) * face.height)
        let line = zip(face[brow.upper], face[brow.lower]).map { mix($0, $1, 0.45) - lift }
        let scale = (0.75 + 0.6 * thickness) * limited(context.style.brows, 0, 1.5) * face.width
        guard scale > 0 else { return }
        canvas.stroke(
            line, widths: [0.011, 0.025, 0.026, 0.021, 0.012, 0.002].map { $0 * scale }, colour,
            opacity: 0.92 * limited(context.style.brows * 2, 0, 1))
    }
}
