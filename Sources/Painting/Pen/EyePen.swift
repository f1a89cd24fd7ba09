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

    /// The line of the upper lashes, that of the lower ones, and the lid's crease.
    private func drawLines(_ frame: EyeFrame, on canvas: inout PenCanvas) {
        let (line, steps, unit) = (context.line, frame.steps, frame.fullWidth)
        let width = unit * limited(context.style.line, 0.3, 2)
        let strength = limited(context.style.lashes, 0, 1.5)
        // Where brows are near the eyes, lashes have less room, too.
        let lashes = strength * (0.45 + 0.6 * context.face.measures.lashes) * (0.7 + 0.3 * frame.room)
        let open = min(frame.openness * 3, 1)
        // Thick towards the outer side, thin at both corners.
        let thickness = steps.map { t in
            let wide = 0.04 + 0.07 * smooth(t, 0.05, 0.72) * min(lashes, 1.2)
            return max(width * wide * (0.75 + 0.25 * frame.openness), 1.6) * smooth(t, -0.12, 0.1)
                * (1 - 0.55 * open * smooth(t, 0.8, 1))
        }
        let outer = frame.upperLid(lowered: thickness.map { -0.7 * $0 })
        let inner = frame.upperLid(lowered: thickness.map { 0.3 * $0 })
        canvas.fill(outer + inner.reversed(), line, opacity: 0.97)
        drawLashes(frame, outer: outer, thickness: thickness, lashes: lashes, on: &canvas)

        let below = frame.lower
        canvas.stroke(
            Array(below[1..<18]), widths: [0.004, 0.011, 0.008].map { $0 * width }, line, opacity: 0.4 * open)
        canvas.stroke(
            Array(below[15...]), widths: [0.004, 0.016, 0.024, 0.03, 0.026].map { $0 * width }, line,
            opacity: 0.85 * open * (0.5 + 0.5 * min(lashes, 1)))
        let crease = steps.indices.filter { steps[$0] > 0.16 && steps[$0] < 0.9 }.map { index in
            let gap = 0.085 * unit * (0.35 + 0.65 * frame.openness)
            return frame.place(
                (steps[index] - 0.5) * frame.width * 1.02, frame.height(upper: index) - 0.7 * thickness[index] - gap)
        }
        // In a small picture it would run into the line below it.
        canvas.stroke(
            crease, widths: [0.003, 0.018, 0.018, 0.003].map { $0 * width }, line,
            opacity: 0.55 * smooth(unit, 10, 30))
    }

    /// Two lashes that leave the upper line near the outer corner and taper.
    private func drawLashes(
        _ frame: EyeFrame, outer: [PenPoint], thickness: [Double], lashes: Double, on canvas: inout PenCanvas
    ) {
        let unit = frame.fullWidth
        let reach = unit * min(lashes, 1.3) * smooth(lashes, 0.1, 0.5)
        guard reach > 0 else { return }
        for (root, out, up, size) in [(24, 0.19, 0.01, 1.0), (20, 0.15, 0.055, 0.6)] {
            let middle = mix(outer[root], frame.upper[root], 0.5)
            let way = (outer[root] - outer[root - 4]).unit
            let start = mix(outer[root - 5], frame.upper[root - 5], 0.6)
            let tip = middle + (eye.outward * out - eye.down * up) * reach
            let bend = middle + way * (0.5 * (tip - middle).length)
            canvas.stroke(
                [start, middle, bend, tip],
                widths: [0.2, 0.95, 0.8, 0.45, 0].map { $0 * size * thickness[root - 2] }, context.line, opacity: 0.97)
        }
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
