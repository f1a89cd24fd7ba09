import Engine
import Imaging
import Painting
import Seeing

/// The astronaut's face, cut out and read.
enum PenFixtures {
    static let side = 256

    struct Seen {
        let cutOut: RGBImage
        let mesh: FaceMesh
        let frame: AlignedSquare
    }

    static let seen: Seen? = try? {
        let photo = try RGBImage.decode(Checkout.photo)
        let face = Face(
            score: 0.9, origin: PicturePoint(x: 181.04, y: 63.88), width: 89.79, height: 112.29,
            rightEye: PicturePoint(x: 204.95, y: 104.42), leftEye: PicturePoint(x: 246.88, y: 105.93),
            nose: PicturePoint(x: 224.43, y: 127.1), rightMouthCorner: PicturePoint(x: 205.62, y: 142.84),
            leftMouthCorner: PicturePoint(x: 242.26, y: 144.57))
        func model(_ name: String) throws -> ModelFile {
            try ModelFile(path: Checkout.root + "/weights/seeing/\(name).safetensors")
        }
        let reader = try FaceMeshReader(mesh: model("face-mesh"), iris: model("iris"))
        guard let mesh = try reader.reading(of: face, in: photo).mesh, let frame = AlignedSquare(framing: face) else {
            return nil
        }
        var cutOut = RGBImage(width: side, height: side)
        var bytes: [UInt8] = []
        for y in 0..<side {
            var row = [UInt8](repeating: 0, count: 3 * side)
            var span = row.mutableSpan
            frame.fillRow(y, of: side, from: photo, into: &span)
            bytes += row
        }
        cutOut.bytes = bytes
        return Seen(cutOut: cutOut, mesh: mesh, frame: frame)
    }()

    static let face: PenFace? = seen.flatMap { seen in
        var face = PenFace(seen.mesh, frame: seen.frame, side: side)
        face?.look(at: seen.cutOut)
        return face
    }

    static let tones = PenTones(
        skin: PenColour(red: 240, green: 200, blue: 176), shadow: PenColour(red: 205, green: 150, blue: 130),
        hair: PenColour(red: 90, green: 60, blue: 40), light: 0.4)

    /// A tile of plain skin with the face drawn on it.
    static func drawn(
        _ face: PenFace, side: Int = side, fields: PenFields = PenFields(side: 1), style: DrawnStyle = DrawnStyle(),
        finishedWidth: Double = 200
    ) -> RGBImage {
        var tile = plain(side)
        FacePen.draw(face, on: &tile, fields: fields, style: style, tones: tones, finishedWidth: finishedWidth)
        return tile
    }

    static func plain(_ side: Int) -> RGBImage { RGBImage(width: side, height: side, red: 240, green: 200, blue: 176) }

    /// The face with other points or depths.
    static func changed(
        _ face: PenFace, points: ([PenPoint]) -> [PenPoint] = { $0 }, depths: ([Double]) -> [Double] = { $0 }
    ) -> PenFace? {
        var face = PenFace(
            points: points(face.points), depths: depths(face.depths), irises: face.eyes.map(\.iris), radii: [6, 6],
            side: side)
        face?.look(at: plain(side))
        return face
    }
}

extension RGBImage {
    /// How many pixels of a region are another colour than in `other`.
    func changes(from other: RGBImage, where isCounted: (_ x: Int, _ y: Int) -> Bool = { _, _ in true }) -> Int {
        var count = 0
        for y in 0..<height {
            for x in 0..<width where isCounted(x, y) && self[x, y] != other[x, y] { count += 1 }
        }
        return count
    }

    /// How many pixels of a box around a place are nearly white.
    func whites(around place: PenPoint, radius: Double) -> Int {
        var count = 0
        for y in max(Int(place.y - radius), 0)..<min(Int(place.y + radius), height) {
            for x in max(Int(place.x - radius), 0)..<min(Int(place.x + radius), width) {
                let pixel = self[x, y]
                if min(pixel.red, pixel.green, pixel.blue) > 215 { count += 1 }
            }
        }
        return count
    }
}
