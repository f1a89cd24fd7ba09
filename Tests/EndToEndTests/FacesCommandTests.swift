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
        let outcome = try animesnap("faces", Places.photo, "--json", "--draw", folder("found.jpg"))
        expectSuccess(outcome)
        let line = try JSONDecoder().decode(Line.self, from: Data(outcome.text.utf8))
        #expect(line.width == 512 && line.height == 512 && !line.turned)
        let face = try #require(line.faces.first)
        #expect(line.faces.count == 1 && face.box.count == 4 && face.landmarks.count == 5)
        let drawn = try RGBImage.decode(.file(path: folder("found.jpg")))
        // A corner of the box is green.
        let corner = drawn[Int(face.box[0]), Int(face.box[1])]
        #expect(corner.green > 200 && corner.red < 120)
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
