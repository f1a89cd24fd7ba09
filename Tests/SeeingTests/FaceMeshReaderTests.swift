import Engine
import Imaging
import Seeing
import Testing

@Suite("The face mesh reader")
struct FaceMeshReaderTests {
    private func reader(_ change: (inout FaceMeshReader.Options) -> Void = { _ in }) throws -> FaceMeshReader {
        var options = FaceMeshReader.Options()
        change(&options)
        return try FaceMeshReader(
            mesh: Fixtures.model("seeing/face-mesh"), iris: Fixtures.model("seeing/iris"), options: options)
    }

    /// Pixels of the astronaut's photo in one of what the network sees.
    private static let scale = 165.6 / 192

    @Test(
        "reads the astronaut's face where the float32 networks do: points to a pixel and a half, eyes to half a pixel")
    func astronaut() throws {
        let reading = try reader().reading(of: Fixtures.face, in: RGBImage.decode(Fixtures.astronaut))
        #expect(reading.presence > 0.999)
        let mesh = try #require(reading.mesh)
        // By ONNX Runtime, with the same two looks.
        let expected: [(point: Int, x: Double, y: Double)] = [
            (1, 222.9, 131.6), (10, 227.5, 68.9), (152, 220.3, 177.5), (61, 201.0, 139.1), (291, 246.0, 142.0),
            (13, 222.9, 142.4), (234, 178.9, 110.9), (454, 271.8, 116.4),
        ]
        for (point, x, y) in expected {
            let off = mesh.points[point].place.distance(to: PicturePoint(x: x, y: y))
            #expect(off < 1.5 * Self.scale, "\(point)")
        }
        #expect(abs(mesh.points[1].z + 23) < 1.5 && abs(mesh.points[234].z - 41.6) < 1.5)
        let lids: [(point: Int, x: Double, y: Double)] = [
            (33, 195.6, 100.87), (133, 213.51, 103.95), (145, 204.13, 104.82), (159, 202.89, 97.47),
            (263, 255.45, 104.22), (362, 237.29, 105.12), (374, 246.5, 106.83), (386, 248.43, 100.07),
        ]
        for (point, x, y) in lids {
            let off = mesh.points[point].place.distance(to: PicturePoint(x: x, y: y))
            #expect(off < 0.5 * Self.scale, "\(point)")
        }
        let right = try #require(mesh.rightEye)
        let left = try #require(mesh.leftEye)
        #expect(right.centre.distance(to: PicturePoint(x: 203.66, y: 101.28)) < 0.5 * Self.scale)
        #expect(left.centre.distance(to: PicturePoint(x: 246.53, y: 103.46)) < 0.5 * Self.scale)
        #expect(abs(right.radius - 4) < 0.4 && abs(left.radius - 3.9) < 0.4)
        let gaze = try #require(mesh.gaze)
        #expect(abs(gaze.x) < 0.1 && abs(gaze.y - Gaze.straightY) < 0.1)
    }

    @Test("reads the same with all kernels and any number of threads", arguments: InstructionSet.available)
    func everywhere(_ set: InstructionSet) throws {
        let image = try RGBImage.decode(Fixtures.astronaut)
        let expected = try reader { $0.instructionSet = .best }.reading(of: Fixtures.face, in: image)
        let found = try reader { options in
            options.instructionSet = set
            options.threads = 3
        }.reading(of: Fixtures.face, in: image)
        #expect(found == expected)
    }

    @Test("reads a face that stands on its head as one that does not")
    func upsideDown() throws {
        let image = try RGBImage.decode(Fixtures.astronaut)
        let turned = RGBImage(width: 512, height: 512) { x, y in
            let pixel = image[511 - x, 511 - y]
            return (pixel.red, pixel.green, pixel.blue)
        }
        func moved(_ point: PicturePoint) -> PicturePoint { PicturePoint(x: 512 - point.x, y: 512 - point.y) }
        let face = Fixtures.face
        let upsideDown = Face(
            score: face.score,
            origin: moved(PicturePoint(x: face.origin.x + face.width, y: face.origin.y + face.height)),
            width: face.width, height: face.height, rightEye: moved(face.rightEye), leftEye: moved(face.leftEye),
            nose: moved(face.nose), rightMouthCorner: moved(face.rightMouthCorner),
            leftMouthCorner: moved(face.leftMouthCorner))
        let reader = try reader()
        let upright = try #require(try reader.reading(of: face, in: image).mesh)
        let found = try #require(try reader.reading(of: upsideDown, in: turned).mesh)
        for (one, other) in zip(upright.points, found.points) {
            #expect(moved(other.place).distance(to: one.place) < Self.scale)
        }
        #expect(abs((upright.gaze?.x ?? 9) - (found.gaze?.x ?? -9)) < 0.05)
    }

    @Test("a face that the border cuts is read or told to be hidden, and one far outside is none")
    func border() throws {
        let image = try RGBImage.decode(Fixtures.astronaut)
        let reader = try reader()
        let whole = try #require(try reader.reading(of: Fixtures.face, in: image).mesh)
        // Without its right ear and cheek.
        let cut = RGBImage(width: 300, height: 300) { x, y in
            let pixel = image[x + 195, y]
            return (pixel.red, pixel.green, pixel.blue)
        }
        func shifted(by x: Double) -> Face {
            let face = Fixtures.face
            func moved(_ point: PicturePoint) -> PicturePoint { PicturePoint(x: point.x - x, y: point.y) }
            return Face(
                score: face.score, origin: moved(face.origin), width: face.width, height: face.height,
                rightEye: moved(face.rightEye), leftEye: moved(face.leftEye), nose: moved(face.nose),
                rightMouthCorner: moved(face.rightMouthCorner), leftMouthCorner: moved(face.leftMouthCorner))
        }
        let found = try #require(try reader.reading(of: shifted(by: 195), in: cut).mesh)
        let tip = whole.points[1].place
        #expect(found.points[1].place.distance(to: PicturePoint(x: tip.x - 195, y: tip.y)) < 5)
        let outside = try reader.reading(of: shifted(by: 5000), in: image)
        #expect(outside.presence < 0.5 && outside.mesh == nil)
        // What was read before leaves nothing behind.
        #expect(try reader.reading(of: Fixtures.face, in: image).mesh == whole)
    }

    @Test("a face without a size or of no numbers has no mesh")
    func nonsense() throws {
        let image = RGBImage(width: 16, height: 16)
        let reader = try reader()
        let nowhere = PicturePoint(x: .nan, y: 0)
        let here = PicturePoint(x: 3, y: 3)
        for (origin, width, eye) in [(here, 0.0, here), (nowhere, 9, here), (here, 9, here), (here, 9, nowhere)] {
            let face = Face(
                score: 1, origin: origin, width: width, height: width, rightEye: eye, leftEye: eye, nose: here,
                rightMouthCorner: here, leftMouthCorner: here)
            let reading = try reader.reading(of: face, in: image)
            #expect(reading.presence == 0 && reading.mesh == nil)
        }
        #expect(FaceMeshReader.probability(.nan) == 0)
        #expect(FaceMeshReader.probability(0) == 0.5)
        #expect(FaceMeshReader.probability(.infinity) > 0.999 && FaceMeshReader.probability(-.infinity) < 0.001)
    }

    @Test("meshes of all faces of a photo are told in its pixels, whatever size they were read at")
    func photo() throws {
        let detector = try FaceDetector(model: Fixtures.model("seeing/yunet-n"))
        let sighting = try detector.look(at: Fixtures.astronaut)
        #expect(sighting.side(toShowFacesAt: 192, atMost: 1280) == 512)
        #expect(sighting.side(toShowFacesAt: 192, atMost: 300) == 300)
        let side = sighting.side(toShowFacesAt: 56, atMost: 1280)
        #expect((250...262).contains(side))
        let reader = try FaceMeshReader(mesh: Fixtures.model("seeing/face-mesh"))
        let small = try reader.readings(of: sighting, in: .decode(Fixtures.astronaut, longestSide: side))
        let large = try reader.readings(of: sighting, in: .decode(Fixtures.astronaut))
        let (one, other) = (try #require(small.first?.mesh), try #require(large.first?.mesh))
        #expect(small.count == 1 && one.rightEye == nil && one.gaze == nil)
        for (one, other) in zip(one.points, other.points) { #expect(one.place.distance(to: other.place) < 4) }
    }

    @Test("a network that does something else is refused in a sentence")
    func otherNetworks() throws {
        let (painting, iris, mesh) = (
            try Fixtures.model("cute-s"), try Fixtures.model("seeing/iris"), try Fixtures.model("seeing/face-mesh")
        )
        let first = #expect(throws: SeeingError.self) { try FaceMeshReader(mesh: painting) }
        #expect(
            first?.description
                == "\(painting.path) is not a network that reads the mesh of a face: it has no output of 1404 numbers")
        #expect(throws: SeeingError.self) { try FaceMeshReader(mesh: iris) }
        let second = #expect(throws: SeeingError.self) { try FaceMeshReader(mesh: mesh, iris: mesh) }
        #expect(second?.description.hasPrefix("\(mesh.path) is not a network that reads an eye: ") == true)
    }
}
