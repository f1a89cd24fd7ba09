import Engine
import Imaging
import Seeing
import Testing

@Suite("The face detector")
struct FaceDetectorTests {
    private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
    private let astronaut = PictureInput.file(path: root + "/Tests/Fixtures/astronaut.jpg")

    private func model(_ name: String = "seeing/yunet-n") throws -> ModelFile {
        try ModelFile(path: Self.root + "/weights/\(name).safetensors")
    }

    private func detector(_ change: (inout FaceDetector.Options) -> Void = { _ in }) throws -> FaceDetector {
        var options = FaceDetector.Options()
        change(&options)
        return try FaceDetector(model: model(), options: options)
    }

    @Test("finds the astronaut where the float32 network finds her, to two pixels of what it sees")
    func astronautIsFound() throws {
        let sighting = try detector().look(at: astronaut)
        #expect(sighting.photo == PictureSize(width: 512, height: 512) && !sighting.isTurned)
        #expect(sighting.faces.count == 1)
        let face = try #require(sighting.faces.first)
        // By ONNX Runtime on the same photo at 320; a pixel there is 1.6 here.
        let expected = [204.53, 105.19, 246.76, 105.05, 223.8, 128.43, 205.47, 145.16, 242.98, 145.13]
        let found = face.landmarks.flatMap { [$0.x, $0.y] }
        for (one, other) in zip(found, expected) { #expect(abs(one - other) < 2 * 1.6) }
        #expect(abs(face.width - 90.66) < 4 && abs(face.height - 118.34) < 8 && face.score > 0.85)
    }

    @Test("finds the same with all kernels and any number of threads", arguments: InstructionSet.available)
    func everywhere(_ set: InstructionSet) throws {
        let expected = try detector().look(at: astronaut)
        for threads in [1, 3] {
            let found = try detector { options in
                options.instructionSet = set
                options.threads = threads
            }.look(at: astronaut)
            #expect(found == expected)
        }
    }

    @Test("a photo that lies on its side without saying so is turned, and its faces told where they are")
    func turned() throws {
        let upright = try RGBImage.decode(astronaut)
        // A part that is higher than wide once it lies on its side.
        let lying = RGBImage(width: 300, height: 512) { x, y in
            let pixel = upright[y, x]
            return (pixel.red, pixel.green, pixel.blue)
        }
        let writer = try JPEGWriter(
            width: 300, height: 512, options: JPEGWriter.Options(), name: "a photo that lies on its side")
        for y in 0..<512 { try lying.withRow(y) { row throws in try writer.writeRow(row) } }
        try writer.finish()
        let sighting = try detector().look(at: .bytes(writer.bytes, name: "a photo that lies on its side"))
        #expect(sighting.isTurned)
        let face = try #require(sighting.faces.first)
        #expect(abs(face.nose.x - 128.43) < 6 && abs(face.nose.y - 223.8) < 6)
    }

    @Test("sees nobody where nobody is, in pictures of any shape")
    func nobody() throws {
        let detector = try detector()
        for (width, height) in [(640, 480), (1, 1), (3, 700), (700, 3), (33, 31)] {
            let writer = try JPEGWriter(width: width, height: height, options: JPEGWriter.Options(), name: "nobody")
            let image = RGBImage(width: width, height: height) { x, y in (UInt8(x % 256), UInt8(y % 256), 90) }
            for y in 0..<height { try image.withRow(y) { row throws in try writer.writeRow(row) } }
            try writer.finish()
            #expect(try detector.look(at: .bytes(writer.bytes, name: "nobody")).faces.isEmpty)
        }
    }

    @Test("a network that does something else is refused in a sentence")
    func otherNetwork() throws {
        let painting = try model("cute-s")
        let error = #expect(throws: SeeingError.self) { try FaceDetector(model: painting) }
        #expect(
            error?.description == "\(painting.path) is not a network that finds faces: it has no output 'cls_8'")
    }
}
