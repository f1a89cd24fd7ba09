import FoundationEssentials
import Imaging
import Testing

@Suite("faces", .onRealProcessors)
struct FacesCommandTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private struct Line: Decodable {
        struct Entry: Decodable {
            let score: Double
            let box: [Double]
            let landmarks: [[Double]]
            let presence: Double?
            let mesh: [[Double]]?
            let rightEye: Eye?
            let leftEye: Eye?
        }

        struct Eye: Decodable {
            let iris: [[Double]]
            let gaze: [Double]
        }

        let width: Int
        let height: Int
        let turned: Bool
        let faces: [Entry]
    }

    @Test("tells where the astronaut's face is, in words and as JSON, and draws it")
    func astronaut() throws {
        let words = try animesnap("faces", Places.photo)
        expectSuccess(words)
        #expect(words.text.hasPrefix("\(Places.photo): 1 face\n  0.9"))
        #expect(words.text.hasSuffix(", looks straight ahead\n"))
        let outcome = try animesnap("faces", Places.photo, "--json", "--draw", folder("found.jpg"))
        expectSuccess(outcome)
        let line = try JSONDecoder().decode(Line.self, from: Data(outcome.text.utf8))
        #expect(line.width == 512 && line.height == 512 && !line.turned)
        let face = try #require(line.faces.first)
        #expect(line.faces.count == 1 && face.box.count == 4 && face.landmarks.count == 5)
        let mesh = try #require(face.mesh)
        #expect(mesh.count == 468 && mesh.allSatisfy { $0.count == 3 } && face.presence == 1)
        let eye = try #require(face.rightEye)
        #expect(eye.iris.count == 5 && eye.gaze.count == 2 && face.leftEye != nil)
        let drawn = try RGBImage.decode(.file(path: folder("found.jpg")))
        // A corner of the box is green.
        let corner = drawn[Int(face.box[0]), Int(face.box[1])]
        #expect(corner.green > 200 && corner.red < 120)
        // The centre of the iris, which is dark, is yellow, as far as a JPEG file keeps it.
        let (x, y) = (Int(eye.iris[0][0]), Int(eye.iris[0][1]))
        let (iris, before) = (drawn[x, y], try RGBImage.decode(.file(path: Places.photo))[x, y])
        #expect(Int(iris.red) > Int(before.red) + 50 && Int(iris.red) > Int(iris.blue) + 50)
    }

    @Test("of a face of some 20 pixels nobody is told where it looks")
    func small() throws {
        let image = try RGBImage.decode(.file(path: Places.photo), longestSide: 112)
        try folder.write(image, to: "small.jpg")
        let words = try animesnap("faces", folder("small.jpg"))
        expectSuccess(words)
        #expect(words.text.hasSuffix(", eyes too small to tell where they look\n"))
    }

    @Test("without meshes tells faces as ever")
    func noMesh() throws {
        let words = try animesnap("faces", Places.photo, "--no-mesh")
        expectSuccess(words)
        #expect(!words.text.contains("looks") && !words.text.contains("mesh"))
        let outcome = try animesnap("faces", Places.photo, "--no-mesh", "--json")
        let face = try JSONDecoder().decode(Line.self, from: Data(outcome.text.utf8)).faces[0]
        #expect(face.mesh == nil && face.presence == nil && face.rightEye == nil)
    }

    @Test("reads all of a hundred faces in one photo")
    func hundred() throws {
        let head = try RGBImage.decode(.file(path: Places.photo))
        let crowd = RGBImage(width: 1280, height: 1280) { x, y in
            let pixel = head[160 + x % 128, 50 + y % 128]
            return (pixel.red, pixel.green, pixel.blue)
        }
        try folder.write(crowd, to: "crowd.jpg")
        let words = try animesnap("faces", folder("crowd.jpg"), "--size", "1280")
        #expect(words.text.contains(", looks "))
        let outcome = try animesnap("faces", folder("crowd.jpg"), "--size", "1280", "--json")
        expectSuccess(outcome)
        let line = try JSONDecoder().decode(Line.self, from: Data(outcome.text.utf8))
        #expect(line.faces.count >= 100 && line.faces.count { $0.mesh != nil } >= 100)
    }

    @Test("a photo that cannot be read does not stop the others")
    func unreadable() throws {
        let outcome = try animesnap("faces", folder("missing.jpg"), Places.photo)
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("missing.jpg"))
        #expect(outcome.text.contains("1 face"))
    }

    @Test("what is out of range is refused, and nothing is drawn")
    func refusals() throws {
        let size = try animesnap("faces", Places.photo, "--size", "63")
        #expect(size.code == 64 && size.errors.contains("64 to 2048 are possible"))
        let draw = try animesnap("faces", Places.photo, Places.photo, "--draw", folder("x.jpg"))
        #expect(draw.code == 64 && draw.errors.contains("--draw is for one photo"))
        #expect(folder.bytes("x.jpg").isEmpty)
    }
}

extension TemporaryFolder {
    /// Writes a picture as a JPEG file.
    fileprivate func write(_ image: RGBImage, to name: String) throws {
        let writer = try JPEGWriter(width: image.width, height: image.height, options: JPEGWriter.Options(), name: name)
        for y in 0..<image.height { try image.withRow(y) { row throws in try writer.writeRow(row) } }
        try writer.finish()
        try Data(writer.bytes).write(to: URL(filePath: self(name)))
    }
}
