/// The line from ear to ear below the face.
struct JawPen {
    let context: PenContext

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
        let line = side(-1).reversed() + [outline[chin]] + side(1)
        guard line.count > 5 else { return }
        canvas.stroke(
            Array(line), widths: context.lineWidths([0.003, 0.0112, 0.012, 0.0125, 0.012, 0.0112, 0.003]), context.line,
            opacity: 0.9 * context.lowerFace)
    }
}
