import Imaging

/// The colours of a face as it was painted, and where its light comes from.
package struct PenTones: Equatable, Sendable {
    /// The skin in the light.
    package var skin: PenColour
    /// The skin in the shadow.
    package var shadow: PenColour
    /// The hair.
    package var hair: PenColour
    /// The side of the light: from -1, the left of the picture, to 1.
    package var light: Double

    package init(skin: PenColour, shadow: PenColour, hair: PenColour, light: Double) {
        self.skin = skin
        self.shadow = shadow
        self.hair = hair
        self.light = light
    }
}

/// What all pens of a face know.
package struct PenContext {
    let face: PenFace
    let fields: PenFields
    let style: DrawnStyle
    let tones: PenTones
    /// The colour of lines.
    let line: PenColour
    /// How bright white is in this light, 0...1.
    let white: Double
    /// How much of the lower face is there to be drawn on, 0...1: nothing under cloth or a hand.
    var lowerFace = 1.0

    package init(face: PenFace, fields: PenFields, style: DrawnStyle, tones: PenTones) {
        self.face = face
        self.fields = fields
        self.style = style
        self.tones = tones
        line = PenColour(red: style.lineColour.red, green: style.lineColour.green, blue: style.lineColour.blue)
        white = limited(0.62 + 0.43 * LabColour(tones.skin).lightness / 100, 0.76, 1)
    }

    /// A line's width in pixels, of parts of the face's width.
    func lineWidth(_ part: Double) -> Double { part * face.width * limited(style.line, 0.3, 2) }

    /// Widths of a line.
    func lineWidths(_ parts: [Double]) -> [Double] { parts.map(lineWidth) }
}

/// Draws a person's features: crisp at any size, where they are, open as wide and looking where the person does.
package enum FacePen {
    /// A face that is less sure gets nothing.
    package static let leastCertainty = 0.01

    /// Draws one face.
    ///
    /// Nothing is drawn of what is nearly a profile or very small; between that and what is drawn wholly features fade.
    ///
    /// - Parameters:
    ///   - face: In pixels of the tile.
    ///   - tile: A square picture of the face, underpainted.
    ///   - fields: What lies where on the tile.
    ///   - style: How it looks.
    ///   - tones: The face's colours.
    ///   - finishedWidth: How wide the face is in the finished picture, in pixels.
    package static func draw(
        _ face: PenFace, on tile: inout RGBImage, fields: PenFields, style: DrawnStyle, tones: PenTones,
        finishedWidth: Double
    ) {
        let certainty = face.certainty(finishedWidth: finishedWidth)
        guard certainty > leastCertainty, tile.width == tile.height else { return }
        var context = PenContext(face: face, fields: fields, style: style, tones: tones)
        guard let box = box(around: face, side: tile.width) else { return }
        let before = certainty < 1 ? tile.bytes : []
        var canvas = PenCanvas(taking: &tile)
        let visible = fields.visible(in: box, tile: canvas.side)
        canvas.visible = visible
        context.lowerFace = MouthPen(context: context).place(on: canvas)

        // What is known of the photo: something may lie over the mouth that was painted as skin.
        let (seen, place) = (face.lowerFace, context.lowerFace)
        context.lowerFace = place * (0.4 + 0.6 * seen.mouth)
        JawPen(context: context).draw(on: &canvas)
        BlushPen(context: context).draw(on: &canvas)
        context.lowerFace = place * seen.nose
        if context.lowerFace > 0.01 { NosePen(context: context).draw(on: &canvas) }
        context.lowerFace = place * seen.mouth
        if context.lowerFace > 0.01 { MouthPen(context: context).draw(on: &canvas) }
        for eye in face.eyes {
            let pen = EyePen(context: context, eye: eye)
            // Strands do not hide an eye; a fringe or a hand that lies over most of it does.
            let hidden = visible.map { 1 - $0.mean(in: canvas.coverage(pen.lids)) } ?? 0
            canvas.visible = visible?.opened(1 - smooth(hidden, 0.3, 0.6))
            if face.eyewear.shades < 0.99 { pen.draw(on: &canvas) }
        }
        canvas.visible = visible?.opened(0.45)
        for eye in face.eyes { BrowPen(context: context, eye: eye).draw(on: &canvas) }
        canvas.visible = visible
        EyewearPen(context: context).draw(on: &canvas)
        canvas.fade(from: before, certainty)
        canvas.give(to: &tile)
    }

    /// The columns and rows in which the face may be drawn.
    private static func box(around face: PenFace, side: Int) -> (columns: Range<Int>, rows: Range<Int>)? {
        let margin = 0.25 * face.width
        let (xs, ys) = (face.points.map(\.x), face.points.map(\.y))
        guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() else { return nil }
        func range(_ from: Double, _ to: Double) -> Range<Int> {
            let start = Int(limited(from - margin, 0, Double(side)))
            return start..<max(start, Int(limited(to + margin + 1, 0, Double(side))))
        }
        let box = (columns: range(left, right), rows: range(top, bottom))
        return box.columns.count > 7 && box.rows.count > 7 ? box : nil
    }
}

extension PenCoverage {
    /// The same, but what is hidden is seen by `part`, 0...1.
    func opened(_ part: Double) -> PenCoverage {
        let keep = UInt32(limited(1 - part, 0, 1) * 255 + 0.5)
        var result = self
        for index in bytes.indices { result.bytes[index] = UInt8(255 - divided((255 - UInt32(bytes[index])) * keep)) }
        return result
    }
}
