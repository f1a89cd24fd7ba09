import Imaging
import Platform
import Seeing

extension SeenFaces {
    /// Writes the photo as a JPEG file with boxes, landmarks and the lines of meshes upon it.
    func draw(into path: String) throws {
        let longest = max(sighting.photo.width, sighting.photo.height)
        var image = try RGBImage.decode(.file(path: photo), longestSide: min(longest, Self.longestSide))
        let scale = Double(image.width) / Double(sighting.photo.width)
        for face in sighting.faces { image.draw(face, scale: scale) }
        for mesh in (readings ?? []).compactMap(\.mesh) { image.draw(mesh.scaled(x: scale, y: scale)) }
        let file = try AtomicFile(path: path)
        let writer = try JPEGWriter(width: image.width, height: image.height, options: JPEGWriter.Options(), to: file)
        for y in 0..<image.height { try image.withRow(y) { row throws in try writer.writeRow(row) } }
        try writer.finish()
        try file.commit()
    }
}

extension RGBImage {
    private typealias Colour = (red: UInt8, green: UInt8, blue: UInt8)

    fileprivate mutating func draw(_ face: Face, scale: Double) {
        let corner = PicturePoint(x: face.origin.x + face.width, y: face.origin.y + face.height)
        let (left, right) = (Int(face.origin.x * scale), Int(corner.x * scale))
        let (top, bottom) = (Int(face.origin.y * scale), Int(corner.y * scale))
        let green: Colour = (0, 255, 0)
        for x in left...max(left, right) { for y in [top, bottom] { dot(x, y, green) } }
        for y in top...max(top, bottom) { for x in [left, right] { dot(x, y, green) } }
        for point in face.landmarks { dot(Int(point.x * scale), Int(point.y * scale), (255, 0, 0)) }
    }

    /// The contours and irises of a mesh in the picture's pixels.
    fileprivate mutating func draw(_ mesh: FaceMesh) {
        for contour in FaceContour.allCases {
            let places = contour.points.map { mesh.points[$0].place }
            line(places + (contour.isClosed ? places.prefix(1) : []), (0, 255, 255))
        }
        for eye in [mesh.rightEye, mesh.leftEye].compactMap({ $0 }) {
            line(Array(eye.iris[1...]) + [eye.iris[1]], (255, 255, 0))
            pixel(Int(eye.centre.x), Int(eye.centre.y), (255, 255, 0))
        }
    }

    /// One pixel wide, from place to place.
    private mutating func line(_ places: [PicturePoint], _ colour: Colour) {
        for (from, to) in zip(places, places.dropFirst()) {
            let steps = Int(max(abs(to.x - from.x), abs(to.y - from.y)).rounded(.up))
            for step in 0...steps {
                let part = Double(step) / Double(max(steps, 1))
                pixel(Int(from.x + (to.x - from.x) * part), Int(from.y + (to.y - from.y) * part), colour)
            }
        }
    }

    /// Colours the pixel and its neighbours, as far as they lie in the picture.
    private mutating func dot(_ x: Int, _ y: Int, _ colour: Colour) {
        for row in y - 1...y + 1 { for column in x - 1...x + 1 { pixel(column, row, colour) } }
    }

    private mutating func pixel(_ x: Int, _ y: Int, _ colour: Colour) {
        guard (0..<width).contains(x), (0..<height).contains(y) else { return }
        let at = 3 * (y * width + x)
        (bytes[at], bytes[at + 1], bytes[at + 2]) = colour
    }
}
