/// The nose: a small shadow and line below its tip, a light above it, and its bridge when the face is turned.
struct NosePen {
    let context: PenContext

    func draw(on canvas: inout PenCanvas) {
        let face = context.face
        let strength = context.lowerFace
        let (tip, base) = (face[4], face[2])
        // The shadow falls away from the light.
        let light = abs(context.tones.light) < 0.1 ? -0.1 : context.tones.light
        let wing = mix((tip + base) / 2, face[light > 0 ? 98 : 327], 0.66)
        let shadow = PenCurve.through(
            [
                mix(tip, wing, 0.1), mix(tip, wing, 0.55) - face.way(0, 0.01), mix(base, wing, 0.72),
                mix(base, wing, 0.05),
            ], count: 32, isClosed: true)
        canvas.fill(
            shadow, context.tones.shadow, opacity: 0.75 * strength, softness: 0.0025 * face.width)
        let (right, left) = (mix(base, face[98], 0.42), mix(base, face[327], 0.42))
        canvas.stroke(
            [right - face.way(0, 0.006), base + face.way(0, 0.006), left - face.way(0, 0.006)],
            widths: context.lineWidths([0.002, 0.007, 0.009, 0.007, 0.002]), context.line, opacity: 0.62 * strength)
        // The bridge is a line where the face is turned, on the side that is turned away.
        let turned = smooth(abs(face.turn), 0.2, 0.5)
        if turned > 0 {
            let aside = face.way(face.turn > 0 ? 0.026 : -0.026, 0)
            canvas.stroke(
                face[[197, 195, 5, 4]].map { $0 + aside }, widths: context.lineWidths([0.001, 0.006, 0.008, 0.003]),
                context.line, opacity: 0.55 * turned * strength)
        }
        let shine = tip - face.way(light > 0 ? -0.012 : 0.012, 0.035)
        canvas.fill(
            Circle.ellipse(shine, across: face.way(0.011, 0), down: face.way(0, 0.014)),
            context.tones.skin.brightened(1.25), opacity: 0.6 * strength,
            softness: 0.003 * face.width)
    }
}
