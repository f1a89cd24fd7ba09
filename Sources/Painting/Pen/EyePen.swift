/// An eye: its white, the lid's shadow, the iris, and the lines of lashes and lid. A closed one is an arc.
struct EyePen {
    let context: PenContext
    let eye: EyePlace

    /// Where both lids are in the mesh.
    var lids: [PenPoint] { eye.upper + eye.lower.dropFirst().dropLast().reversed() }

    func draw(on canvas: inout PenCanvas) {
        let frame = EyeFrame(context: context, eye: eye)
        guard frame.width > 2 else { return }
        if frame.openness > 0.02 {
            let opening = canvas.coverage(frame.upper + frame.lower.reversed())
            drawWhite(frame, opening, on: &canvas)
            IrisPen(context: context, eye: eye, frame: frame).draw(in: opening, on: &canvas)
        }
        drawLines(frame, on: &canvas)
    }

    private func drawWhite(_ frame: EyeFrame, _ opening: PenCoverage, on canvas: inout PenCanvas) {
        canvas.fill(opening, PenColour(white: 0.968 * context.white))
        let shade = frame.upper + frame.upperLid(lowered: 0.2 * frame.fullHeight).reversed()
        canvas.fill(
            canvas.coverage(shade, softness: 0.012 * frame.fullWidth),
            PenColour(red: 178, green: 184, blue: 212).brightened(context.white), opacity: 0.75, clip: opening)
    }

    /// The line of the upper lashes, thick towards the outer corner, that of the lower ones, and the lid's crease.
    private func drawLines(_ frame: EyeFrame, on canvas: inout PenCanvas) {
        let line = context.line
        let strength = limited(context.style.lashes, 0, 1.5)
        // Where brows are near the eyes, lashes have less room, too.
        let lashes = strength * (0.45 + 0.6 * context.face.measures.lashes) * (0.7 + 0.3 * frame.room)
        let unit = frame.fullWidth
        let thickness = frame.steps.map { t in
            let wide = unit * (0.04 + 0.072 * smooth(t, 0.05, 0.75) * min(lashes, 1.2)) * (0.75 + 0.25 * frame.openness)
            return max(wide * limited(context.style.line, 0.3, 2), 1.6) * smooth(t, -0.12, 0.1)
        }
        let outer = frame.upperLid(lowered: thickness.map { -0.7 * $0 })
        let inner = frame.upperLid(lowered: thickness.map { 0.3 * $0 })
        // The wing at the outer corner.
        let corner = frame.height(upper: frame.steps.count - 1)
        let wing = frame.place((0.5 + 0.085 * lashes) * frame.width, corner - 0.075 * unit * lashes)
        canvas.fill(outer.dropLast() + [wing] + inner.reversed(), line, opacity: 0.97)
        // One lash that stands out.
        let root = frame.steps.count - 7
        let tip = outer[root] + (eye.outward * 0.045 - eye.down * 0.075) * (unit * lashes)
        canvas.fill([outer[root - 2], tip, outer[root + 2]], line, opacity: 0.95 * smooth(lashes, 0.3, 0.8))
        let open = min(frame.openness * 3, 1)
        let below = frame.steps.indices.filter { frame.steps[$0] > 0.38 }.map { frame.lower[$0] }
        let width = unit * limited(context.style.line, 0.3, 2)
        canvas.stroke(
            below, widths: [0.004, 0.018, 0.026, 0.022].map { $0 * width * min(lashes, 1) }, line,
            opacity: 0.8 * open * min(strength, 1))
        let crease = frame.steps.indices.filter { frame.steps[$0] > 0.16 && frame.steps[$0] < 0.9 }
        canvas.stroke(
            crease.map { index in
                let gap = 0.085 * unit * (0.35 + 0.65 * frame.openness)
                return frame.place(
                    (frame.steps[index] - 0.5) * frame.width * 1.02,
                    frame.height(upper: index) - 0.7 * thickness[index] - gap)
            }, widths: [0.003, 0.018, 0.018, 0.003].map { $0 * width }, line, opacity: 0.55)
    }
}

/// The shape of a drawn eye: larger than the person's, open as far.
package struct EyeFrame {
    private let centre: PenPoint
    private let eye: EyePlace
    /// From corner to corner in pixels.
    let width: Double
    /// The same for an eye that is not seen aslant.
    let fullWidth: Double
    /// The height of a wide open eye.
    let fullHeight: Double
    /// 0, closed, to 1.12.
    let openness: Double
    /// How much room there is between brow and eye, 0...1.
    let room: Double
    /// From the inner corner, 0, to the outer one, 1: closer together near the corners.
    let steps: [Double]
    /// Lids at these steps.
    package private(set) var upper: [PenPoint] = []
    package private(set) var lower: [PenPoint] = []
    private var heights: [(upper: Double, lower: Double)] = []

    package init(context: PenContext, eye: EyePlace) {
        self.eye = eye
        let face = context.face
        openness = eye.openness
        // Where brows are near the eyes there is less room for large ones.
        room = smooth(face.measures.browGap, 0.055, 0.1)
        let wider = max(1, limited(context.style.eyes, 0.8, 2) * (0.88 + 0.12 * room))
        let higher = limited(context.style.eyeHeight, 0.3, 1) * (0.9 + 0.1 * room)
        width = eye.width * wider
        fullWidth = eye.width / max(eye.foreshortening, 0.3) * wider
        fullHeight = fullWidth * higher
        let closed = 1 - limited(openness, 0, 1)
        let corners = (eye.upper[0] + eye.upper[eye.upper.count - 1]) / 2
        centre =
            corners + eye.down * (fullHeight * (0.04 + 0.1 * closed))
            + eye.outward * (0.1125 * eye.width * (wider - 1))
        steps = (0...32).map { (1 - Circle.places[$0].x) / 2 }
        let height = fullHeight * openness
        for (index, t) in steps.enumerated() {
            // Half ellipses: the upper one fuller towards the inner corner, the lower one flat at its ends.
            let round = Circle.arc(Double(index) / 32)
            // The inner corner lies lower, the outer one higher; a closed lid sags.
            let lean = height * (0.07 * (1 - t) - 0.08 * t)
            let sag = 0.1 * fullWidth * Circle.arc(t) * closed * closed
            let above = lean - 0.58 * height * round * (1 + 0.08 * (0.5 - t)) + sag
            heights.append((above, lean + 0.4 * height * round * round.squareRoot() + sag))
        }
        upper = upperLid(lowered: 0)
        lower = zip(steps, heights).map { place(($0 - 0.5) * width, $1.lower) }
    }

    /// A place so many pixels outward of the middle and below it.
    func place(_ outward: Double, _ below: Double) -> PenPoint { centre + eye.outward * outward + eye.down * below }

    /// How far below the middle the upper lid is at a step, in pixels.
    func height(upper index: Int) -> Double { heights[index].upper }

    /// The middle between the lids above and below the eye's middle.
    var middleHeight: Double { (heights[16].upper + heights[16].lower) / 2 }

    func upperLid(lowered by: Double) -> [PenPoint] { upperLid(lowered: steps.map { _ in by }) }

    func upperLid(lowered by: [Double]) -> [PenPoint] {
        steps.indices.map { place((steps[$0] - 0.5) * width, heights[$0].upper + by[$0]) }
    }
}
