/// A little red on the cheeks.
struct BlushPen {
    let context: PenContext

    func draw(on canvas: inout PenCanvas) {
        let face = context.face
        let skin = LabColour(context.tones.skin)
        let colour = LabColour(skin.lightness - 4, skin.a + 13, skin.b + 2).colour
        // Less on dark skin.
        let strength = limited(context.style.blush, 0, 1) * (0.45 + 0.55 * smooth(skin.lightness, 45, 75))
        for (side, cheek) in zip([-1.0, 1], [[50, 205, 36, 101], [280, 425, 266, 330]]) {
            // The cheek that is turned away is hardly seen.
            let seen = 1 - smooth(side * face.turn, 0.25, 0.6)
            let glow = PenCoverage(
                glow: face.mean(cheek), across: face.across * (0.165 * face.width * (0.6 + 0.4 * seen)),
                down: face.down * (0.115 * face.width), side: canvas.side)
            canvas.fill(glow, colour, opacity: strength * seen)
        }
    }
}
