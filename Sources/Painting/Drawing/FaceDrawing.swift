import Imaging

/// A face as it is drawn, without what the pen adds: see ``FacePen``.
package struct FaceDrawing {
    /// The square.
    package var image: RGBImage
    /// How much of each pixel is skin, and hair, 0...255.
    package var skin: [UInt8]
    var hair: [UInt8]
    /// How much of each pixel is a person, 0...255.
    var person: [UInt8]

    /// Draws an underpainted square.
    ///
    /// - Parameters:
    ///   - painting: What the network made of it.
    ///   - side: The pixels of the drawing's sides.
    ///   - tones: Of the face in it.
    ///   - style: What it is to look like.
    package init(_ painting: Underpainting, side: Int, tones: CelTones, style: DrawnStyle) {
        var source = SplineRows(painting, side: side)
        let painter = CelPainter(style: style, scale: Double(side) / 512, tones: tones)
        var finish = DrawnFinish(style, width: side)
        var window = (0..<3).map { _ in UnderpaintedRow(width: side) }
        var skin = [UInt8](repeating: 0, count: side * side)
        var hair = skin
        var person = skin
        var image = RGBImage(width: side, height: side)
        source.fill(&window[0], y: 0)
        var read = 1
        for y in 0..<side {
            while read < min(y + 2, side) {
                source.fill(&window[read % 3], y: read)
                read += 1
            }
            let rows = (
                above: window[max(y - 1, 0) % 3], row: window[y % 3], below: window[min(y + 1, side - 1) % 3]
            )
            painter.paint(rows, down: (Float(y) + 0.5) / Float(side)) { x, pixel in
                let fields = rows.row.fields[x]
                finish.take(pixel, sky: fields[UnderpaintedField.sky.rawValue], at: x)
                skin[y * side + x] = UInt8(min(max(pixel.skin, 0), 1) * 255)
                hair[y * side + x] = UInt8(min(max(pixel.hair, 0), 1) * 255)
                person[y * side + x] = UInt8(min(max(fields[UnderpaintedField.person.rawValue], 0), 1) * 255)
            }
            var bytes = image.bytes.mutableSpan
            var row = bytes._mutatingExtracting(3 * y * side..<3 * (y + 1) * side)
            finish.finish(fromTop: 0.5, into: &row)
        }
        self.image = image
        self.skin = skin
        self.hair = hair
        self.person = person
    }

    /// Brings back what the photo has on skin, as much lighter or darker as it is there than around: of a face whose features
    /// are not drawn.
    ///
    /// - Parameters:
    ///   - photo: The same square.
    ///   - part: How much of it, 0...1.
    package mutating func keepDetail(of photo: RGBImage, part: Float) {
        let side = image.width
        let photo = photo.resized(width: side, height: side)
        let cells = max(1, min(8, side))
        let around = photo.resized(width: cells, height: cells).resized(width: side, height: side)
        for at in 0..<side * side where skin[at] > 0 {
            func light(_ picture: RGBImage) -> Float {
                let sum =
                    77 * Int(picture.bytes[3 * at]) + 150 * Int(picture.bytes[3 * at + 1])
                    + 29 * Int(picture.bytes[3 * at + 2])
                return Float(sum >> 8)
            }
            let factor = min(max((light(photo) + 12) / (light(around) + 12), 0.3), 1.12)
            let strength = part * Float(skin[at]) * (1 / 255)
            let change = 1 + (factor - 1) * strength
            for channel in 3 * at..<3 * at + 3 {
                image.bytes[channel] = UInt8(min(max(Float(image.bytes[channel]) * change + 0.5, 0), 255))
            }
        }
    }

    /// How much of each pixel is laid over a scene, 0...255: people, and the surroundings of the middle, where the face of
    /// the scene may reach out from under the drawn one.
    var opacity: [UInt8] {
        let side = image.width
        var result = person
        for y in 0..<side {
            let down = ((Float(y) + 0.5) / Float(side) - 0.5) / 0.36
            for x in 0..<side {
                let across = ((Float(x) + 0.5) / Float(side) - 0.5) / 0.33
                let near = smooth((1 - (across * across + down * down)) * 2.5)
                result[y * side + x] = max(result[y * side + x], UInt8(near * 255))
            }
        }
        return result
    }
}
