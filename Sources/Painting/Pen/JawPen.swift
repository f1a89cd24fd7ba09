/// The line of the chin over the neck.
///
/// Where skin ends beside the face, its outline is drawn already, and exactly there; the mesh knows only nearly where that is,
/// and a second line would run beside the first. So this one tapers to nothing there.
struct JawPen {
    let context: PenContext

    /// How far outside of the line and inside of it skin is looked for, in parts of the face's width.
    private static let (outside, inside) = ([0.025, 0.045, 0.065, 0.085], [-0.02, -0.04])

    func draw(on canvas: inout PenCanvas) {
        let face = context.face
        let outline = PenCurve.rounded(PenCurve.hull(face.points), count: 72, times: 2)
        let parts = outline.map(face.parts)
        guard outline.count > 6, let chin = parts.indices.max(by: { parts[$0].y < parts[$1].y }) else { return }
        // From the chin both ways, as far as the eyes' height.
        func side(_ step: Int) -> [PenPoint] {
            var places: [PenPoint] = []
            for distance in 1..<outline.count / 2 {
                let index = (chin + step * distance + outline.count * 2) % outline.count
                if parts[index].y < 0.02 { break }
                places.append(outline[index])
            }
            return places
        }
        let line = Array(side(-1).reversed() + [outline[chin]] + side(1))
        guard line.count > 5 else { return }
        let lies = between(line, tile: canvas.side)
        let places = PenCurve.through(line, count: 3 * line.count)
        let full = context.lineWidths([0.003, 0.0112, 0.012, 0.0125, 0.012, 0.0112, 0.003])
        let scale = max(1, canvas.leastWidth / max(full.max() ?? 1, 1e-6))
        let widths = places.indices.map { index in
            let part = Double(index) / Double(places.count - 1)
            return interpolated(full, part) * interpolated(lies, part) * scale
        }
        canvas.fill(
            PenCurve.stroke(places, widths: widths), context.line, opacity: 0.9 * context.lowerFace)
    }

    /// How surely skin lies on both sides of the line at each of its places, 0...1.
    func between(_ line: [PenPoint], tile: Int) -> [Double] {
        let face = context.face
        var result = line.indices.map { index in
            let way = (line[min(index + 1, line.count - 1)] - line[max(index - 1, 0)]).unit.quarterTurn
            // The line runs around the middle of the face one way or the other.
            let out = way.dot(line[index] - face.middle) < 0 ? way * -face.width : way * face.width
            func least(_ distances: [Double]) -> Double {
                distances.map { context.fields.skin(at: line[index] + out * $0, tile: tile) }.min() ?? 1
            }
            return smooth(least(Self.outside), 0.25, 0.75) * smooth(least(Self.inside), 0.1, 0.5)
        }
        // A drawn line tapers, it does not break off.
        for _ in 0..<3 {
            let before = result
            for index in result.indices {
                let (one, two) = (before[max(index - 1, 0)], before[min(index + 1, before.count - 1)])
                result[index] = (one + two) / 4 + before[index] / 2
            }
        }
        return result
    }
}
