import Appliance
import ArgumentParser
import Engine
import FoundationEssentials
import Imaging
import Painting
import Platform
import Seeing

struct FacesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faces",
        abstract: "Finds the faces in photos.",
        usage: "animesnap faces <photo> ... [<options>]",
        discussion: """
            Tells the box of each face, both eyes, nose and corners of the mouth, in pixels
            of the upright photo, and how sure it is. Nothing of it is kept anywhere.

              animesnap faces group.jpg
              animesnap faces group.jpg --draw found.jpg
            """)

    @Argument(help: ArgumentHelp("Photos, JPEG files.", valueName: "photo"))
    var photos: [String]

    @Option(
        help: ArgumentHelp(
            "The longest side in which faces are looked for, 64 to 2048: 640 finds smaller ones and takes four times as long.",
            valueName: "n"))
    var size = 320

    @Option(help: ArgumentHelp("Draws what was found in one photo into a JPEG file.", valueName: "file"))
    var draw: String?

    @Flag(help: "Print a line of JSON per photo.")
    var json = false

    @OptionGroup var kernels: KernelOptions

    func validate() throws {
        guard (64...2048).contains(size) else { throw ValidationError("--size is \(size); 64 to 2048 are possible") }
        guard draw == nil || photos.count == 1 else { throw ValidationError("--draw is for one photo") }
    }

    func run() throws {
        var options = FaceDetector.Options()
        options.longestSide = size
        options.instructionSet = try kernels.instructionSet()
        options.threads = kernels.threadCount
        let model = try ModelFile(path: ModelLibrary.standard.path(ofNetwork: "seeing/yunet-n"))
        let detector = try FaceDetector(model: model, options: options)
        var failures = 0
        for photo in photos {
            do {
                let sighting = try detector.look(at: .file(path: photo))
                try tell(json ? Self.line(photo, sighting) : Self.words(photo, sighting))
                if let draw { try Self.draw(sighting, of: photo, into: draw) }
            } catch {
                complain("\(error)")
                failures += 1
            }
        }
        if failures > 0 { throw ExitCode(1) }
    }

    private static func words(_ photo: String, _ sighting: FaceDetector.Sighting) -> String {
        let count = sighting.faces.count
        let head = "\(photo): \(count == 0 ? "no face" : count == 1 ? "1 face" : "\(count) faces")"
        return ([head + (sighting.isTurned ? ", after a quarter turn" : "")] + sighting.faces.map(words))
            .joined(separator: "\n")
    }

    private static func words(_ face: Face) -> String {
        func place(_ point: PicturePoint) -> String { "\(point.x.fixed(0)),\(point.y.fixed(0))" }
        return
            "  \(face.score.fixed(2))  \(face.width.fixed(0))x\(face.height.fixed(0)) at \(place(face.origin)), eyes "
            + "\(place(face.rightEye)) and \(place(face.leftEye))"
    }

    private struct Line: Encodable {
        struct Entry: Encodable {
            let score: Double
            /// Left, top, width, height.
            let box: [Double]
            /// Right eye, left eye, nose, right and left corner of the mouth: x and y.
            let landmarks: [[Double]]
        }

        let photo: String
        let width: Int
        let height: Int
        let turned: Bool
        let faces: [Entry]
    }

    private static func line(_ photo: String, _ sighting: FaceDetector.Sighting) throws -> String {
        func short(_ number: Double) -> Double { number.rounded(toDecimals: 2) }
        let faces = sighting.faces.map { face in
            Line.Entry(
                score: face.score.rounded(toDecimals: 3),
                box: [face.origin.x, face.origin.y, face.width, face.height].map(short),
                landmarks: face.landmarks.map { [short($0.x), short($0.y)] })
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = Line(
            photo: photo, width: sighting.photo.width, height: sighting.photo.height, turned: sighting.isTurned,
            faces: faces)
        return String(decoding: try encoder.encode(line), as: UTF8.self)
    }

    /// Boxes and landmarks upon the photo, at most 1280 pixels large.
    private static func draw(_ sighting: FaceDetector.Sighting, of photo: String, into path: String) throws {
        let side = min(max(sighting.photo.width, sighting.photo.height), 1280)
        var image = try RGBImage.decode(.file(path: photo), longestSide: side)
        let scale = Double(image.width) / Double(sighting.photo.width)
        for face in sighting.faces {
            let corner = PicturePoint(x: face.origin.x + face.width, y: face.origin.y + face.height)
            let (left, right) = (Int(face.origin.x * scale), Int(corner.x * scale))
            let (top, bottom) = (Int(face.origin.y * scale), Int(corner.y * scale))
            for x in left...max(left, right) {
                for y in [top, bottom] { image.dot(x, y, red: 0, green: 255, blue: 0) }
            }
            for y in top...max(top, bottom) { for x in [left, right] { image.dot(x, y, red: 0, green: 255, blue: 0) } }
            for point in face.landmarks {
                image.dot(Int(point.x * scale), Int(point.y * scale), red: 255, green: 0, blue: 0)
            }
        }
        let file = try AtomicFile(path: path)
        let writer = try JPEGWriter(width: image.width, height: image.height, options: JPEGWriter.Options(), to: file)
        for y in 0..<image.height { try image.withRow(y) { row throws in try writer.writeRow(row) } }
        try writer.finish()
        try file.commit()
    }
}

extension RGBImage {
    /// Colours the pixel and its neighbours, as far as they lie in the picture.
    fileprivate mutating func dot(_ x: Int, _ y: Int, red: UInt8, green: UInt8, blue: UInt8) {
        for row in y - 1...y + 1 where (0..<height).contains(row) {
            for column in x - 1...x + 1 where (0..<width).contains(column) {
                let at = 3 * (row * width + column)
                (bytes[at], bytes[at + 1], bytes[at + 2]) = (red, green, blue)
            }
        }
    }
}
