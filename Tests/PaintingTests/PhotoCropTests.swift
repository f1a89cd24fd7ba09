import Imaging
import Painting
import Seeing
import Testing

@Suite("A crop around faces")
struct PhotoCropTests {
    static let photo = PictureSize(width: 4000, height: 3000)

    private func framing(_ faces: [Face], _ shape: PhotoCrop.Shape, _ photo: PictureSize = Self.photo) -> PhotoCrop? {
        PhotoCrop(around: faces, in: photo, shape: shape)
    }

    @Test("has the shape that is asked for and lies in the photo, wherever the face is")
    func shape() throws {
        for x in stride(from: -100.0, through: 4000, by: 410) {
            for y in stride(from: -100.0, through: 3000, by: 310) {
                for height in [30.0, 300, 2900] {
                    for shape in [PhotoCrop.Shape.faces, .portrait, .square] {
                        guard let crop = framing([.at(x, y, height: height)], shape) else { continue }
                        #expect(crop.x >= 0 && crop.x + crop.size.width <= 4000)
                        #expect(crop.y >= 0 && crop.y + crop.size.height <= 3000)
                        let proportion = Double(crop.size.width) / Double(crop.size.height)
                        let wanted = shape == .faces ? 4.0 / 3 : shape == .portrait ? 0.8 : 1
                        #expect(abs(proportion - wanted) < 0.003)
                    }
                }
            }
        }
    }

    @Test("does not frame what has places that are no numbers, or none that a photo has")
    func noNumbers() {
        let changes: [(inout Face) -> Void] = [
            { $0.origin.x = .nan }, { $0.origin.y = -.infinity }, { $0.rightEye.y = .nan },
            { $0.leftEye.y = .infinity },
            { $0.width = .infinity }, { $0.height = .nan }, { $0.height = 1e300 },
        ]
        for change in changes {
            var face = Face.at(2000, 1400, height: 400)
            change(&face)
            for shape in PhotoCrop.Shape.allCases {
                #expect(framing([face], shape) == nil)
                let whole = Face.at(1000, 1000, height: 300)
                #expect(framing([face, whole], shape) == framing([whole], shape))
            }
        }
    }

    @Test("holds the face with its hair and shoulders, its eyes on the upper third")
    func thirds() throws {
        let face = Face.at(2000, 1400, height: 400)
        let crop = try #require(framing([face], .portrait))
        #expect(Double(crop.y) < face.origin.y - 100 && Double(crop.x) < face.origin.x)
        #expect(Double(crop.y + crop.size.height) > face.origin.y + 2 * face.height)
        let eyes = (face.rightEye.y - Double(crop.y)) / Double(crop.size.height)
        #expect((0.25...0.4).contains(eyes))
    }

    @Test("frames a group, but not those far behind")
    func group() throws {
        let group = [Face.at(800, 1000, height: 300), .at(2600, 1100, height: 280)]
        let behind = Face.at(3900, 900, height: 60)
        let framed = try #require(framing(group, .faces))
        #expect(Double(framed.x) < 800 && Double(framed.x + framed.size.width) > 2600 + 240)
        #expect(framing(group + [behind], .faces) == framed)
        #expect(framing(Array((group + [behind]).reversed()), .faces) == framed, "in whatever order they were found")
    }

    @Test("keeps the largest face where not all fit")
    func tooMany() throws {
        let large = Face.at(100, 1000, height: 800)
        let crop = try #require(framing([.at(3000, 1000, height: 500), large], .portrait))
        #expect(crop.x <= 100 && Double(crop.x + crop.size.width) > 100 + large.width)
    }

    @Test("is none without a face, and never smaller than a third of what the photo has")
    func limits() throws {
        #expect(framing([], .square) == nil)
        #expect(framing([.at(10, 10, height: 500)], .off) == nil)
        #expect(framing([.at(1, 1, height: .nan)], .square) == nil)
        #expect(framing([.at(500, 500, height: 12)], .square)?.size == PictureSize(width: 1000, height: 1000))
        #expect(framing([.at(0, 0, height: 2900)], .faces) == nil, "that is all of the photo")
        #expect(PhotoCrop(around: [.at(0, 0, height: 1)], in: PictureSize(width: 1, height: 1), shape: .square) == nil)
    }
}

extension Face {
    /// A face that looks at us, its box's top left corner at the given place, as high as is said and 0.8 times as wide,
    /// turned clockwise by quarters.
    static func at(_ x: Double, _ y: Double, height: Double, quarters: Int = 0) -> Face {
        let width = 0.8 * height
        func point(_ across: Double, _ down: Double) -> PicturePoint {
            var (u, v) = (across, down)
            for _ in 0..<quarters % 4 { (u, v) = (1 - v, u) }
            return PicturePoint(x: x + u * width, y: y + v * height)
        }
        return Face(
            score: 0.9, origin: PicturePoint(x: x, y: y), width: width, height: height, rightEye: point(0.28, 0.36),
            leftEye: point(0.72, 0.36), nose: point(0.5, 0.57), rightMouthCorner: point(0.32, 0.75),
            leftMouthCorner: point(0.68, 0.75))
    }
}
