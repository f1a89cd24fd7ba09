import Engine
import Imaging
import Seeing

/// Draws faces, one at a time: warped, underpainted by a network, painted in tones, and their features drawn by the pen.
final class FaceArtist {
    private let network: PaintingNetwork
    private let executors: Executors
    private let style: DrawnStyle
    private let reader: FaceMeshReader?

    init(_ network: PaintingNetwork, _ executors: Executors, _ options: Painter.Options) throws {
        self.network = network
        self.executors = executors
        style = options.drawnStyle ?? DrawnStyle()
        let library = options.library
        let iris = options.irisNetwork ?? library?.network("seeing/iris") { $0.graph.outputs.count == 2 }
        let mesh = options.meshNetwork ?? library?.network("seeing/face-mesh") { $0.graph.outputs.count == 2 }
        reader = try mesh.map { mesh in
            var choices = FaceMeshReader.Options()
            choices.instructionSet = options.instructionSet
            choices.threads = options.threads
            // The detector is sure of these faces; what is blurred has features all the same.
            choices.minimumPresence = 0.45
            return try FaceMeshReader(mesh: mesh, iris: iris, options: choices)
        }
    }

    /// Draws a face.
    ///
    /// - Parameters:
    ///   - cut: The face's frame as the camera saw it.
    ///   - side: The pixels of the drawing's sides.
    ///   - finishedSide: The pixels that it will have in the finished picture.
    /// - Returns: The drawing, and how much of each pixel may show, 0...255.
    /// - Throws: `EngineError`, `PictureError`.
    func draw(_ cut: RGBImage, side: Int, finishedSide: Double) throws -> (image: RGBImage, opacity: [UInt8]) {
        var face = try read(cut)
        var cut = cut
        let finished = finishedSide / Double(cut.width)
        func certainty(_ face: PenFace?) -> Double {
            face.map { $0.certainty(finishedWidth: $0.width * finished) } ?? 0
        }
        // What will not be drawn is not measured.
        if certainty(face) > FacePen.leastCertainty { face?.look(at: cut) }
        if let known = face {
            let warp = FaceWarp(known, side: Double(cut.width), style: style)
            cut = warp.apply(to: cut)
            face = warp.moved(known, side: Double(cut.width))
        }
        let seen = max(16, cut.width / network.scale)
        let photo = cut.resized(width: seen, height: seen)
        let rows = try executors.underpaintedRows(.face, network, of: ImageRows(photo))
        let painting = try Underpainting(
            reading: rows, strokes: style.strokeRadius(scale: Double(rows.width) / 512))
        var tones = CelTones(painting)
        tones.compare(with: photo, painting)
        var drawing = FaceDrawing(painting, side: side, tones: tones, style: style)
        let scale = Double(side) / Double(cut.width)
        let sure = certainty(face)
        if sure < 1 { drawing.keepDetail(of: cut, part: Float(1 - sure)) }
        if let face, let skin = tones.base {
            let pen = PenTones(
                skin: PenColour(skin), shadow: PenColour(tones.shadow),
                hair: PenColour(style.hair.hairColour ?? tones.hair ?? skin * 0.3),
                light: Double(tones.light))
            FacePen.draw(
                face.scaled(by: scale), on: &drawing.image,
                fields: PenFields(
                    side: side, skin: drawing.skin, hair: drawing.hair,
                    // What is no person lies before or behind the face: nothing is drawn on it.
                    cover: drawing.person.map { 255 - $0 }),
                style: style, tones: pen, finishedWidth: face.width * finished)
        }
        return (drawing.image, drawing.opacity)
    }

    /// Where the features are, in pixels of a cut-out; nil where nobody can tell.
    private func read(_ cut: RGBImage) throws -> PenFace? {
        let side = Double(cut.width)
        let centre = PicturePoint(x: side / 2, y: side / 2)
        guard let reader,
            let square = AlignedSquare(centre: centre, side: side, along: PicturePoint(x: 1, y: 0)),
            let mesh = try reader.reading(of: .framed(side: side), in: cut).mesh
        else { return nil }
        return PenFace(mesh, frame: square, side: cut.width)
    }
}

extension Face {
    /// A face as frames show it, in pixels of the frame: see `AlignedSquare.init(framing:)`.
    fileprivate static func framed(side: Double) -> Face {
        func place(_ across: Double, _ down: Double) -> PicturePoint { PicturePoint(x: across * side, y: down * side) }
        return Face(
            score: 1, origin: place(0.29, 0.26), width: 0.42 * side, height: 0.5 * side, rightEye: place(0.405, 0.44),
            leftEye: place(0.595, 0.44), nose: place(0.5, 0.55), rightMouthCorner: place(0.42, 0.65),
            leftMouthCorner: place(0.58, 0.65))
    }
}
