import Engine
import Imaging
import Seeing
import Testing

@Suite("A person mask")
struct PersonMaskTests {
    @Test("shows the astronaut where the float32 network does, to one part in a hundred")
    func astronaut() throws {
        let segmenter = try PersonSegmenter(model: Fixtures.model("seeing/person"))
        let mask = try segmenter.mask(of: .decode(Fixtures.astronaut))
        for (x, y) in [(5, 5), (250, 5), (20, 100), (200, 120)] { #expect(mask[x, y] < 10) }
        for (x, y) in [(112, 60), (128, 200)] { #expect(mask[x, y] > 245) }
        // By ONNX Runtime.
        let count = mask.bytes.count { $0 > 127 }
        #expect(abs(count - 35717) < 357)
    }

    @Test("is the same with all kernels and any number of threads", arguments: InstructionSet.available)
    func everywhere(_ set: InstructionSet) throws {
        let model = try Fixtures.model("seeing/person")
        let image = try RGBImage.decode(Fixtures.astronaut, longestSide: 256)
        let expected = try PersonSegmenter(model: model).mask(of: image)
        #expect(try PersonSegmenter(model: model, instructionSet: set, threads: 3).mask(of: image) == expected)
    }

    @Test("is made of pictures of any shape")
    func shapes() throws {
        let segmenter = try PersonSegmenter(model: Fixtures.model("seeing/person"))
        for (width, height) in [(1, 1), (3, 700), (700, 3)] {
            let mask = try segmenter.mask(of: RGBImage(width: width, height: height, red: 90, green: 120, blue: 200))
            #expect(mask.bytes.count == PersonMask.side * PersonMask.side)
        }
    }

    @Test("holds probabilities as bytes, and none where there is no number")
    func probabilities() {
        let mask = PersonMask(probabilities: [0, 1, 0.5, .nan, -3, 7, .infinity, -.infinity])
        #expect(mask.bytes == [0, 255, 128, 0, 0, 255, 255, 0])
    }

    @Test("a network that does something else is refused in a sentence")
    func otherNetwork() throws {
        let painting = try Fixtures.model("cute-s")
        let error = #expect(throws: SeeingError.self) { try PersonSegmenter(model: painting) }
        #expect(
            error?.description
                == "\(painting.path) is not a network that tells people from the rest: it has no output of 1 number for "
                + "each of 256x256 places")
    }
}
