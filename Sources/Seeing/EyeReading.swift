/// Where an eye looks, by the place of its iris between its corners, whatever the head does.
public struct Gaze: Equatable, Sendable {
    /// From -1, the iris's centre at the corner that is left in the picture of a face that stands upright, to 1, at the
    /// right one. Of somebody who looks straight ahead the mean of both eyes is 0.
    public var x: Double
    /// How far the iris's centre lies below the line between the corners, in halves of the eye's width, -1 to 1. Of somebody
    /// who looks straight ahead it is about ``straightY``: the iris lies above the corners.
    public var y: Double

    /// What ``y`` is of most people who look at a camera: the median of 300 faces.
    public static let straightY = -0.14

    /// Makes a gaze.
    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }

    /// The gaze of an eye whose corners lie `left` and `right` in the picture of a face that stands upright; nil when they
    /// are the same place.
    package init?(iris: PicturePoint, left: PicturePoint, right: PicturePoint) {
        let half = (right - left) * 0.5
        let square = half.x * half.x + half.y * half.y
        guard square > 0 else { return nil }
        let offset = iris - (left + right) * 0.5
        func limited(_ value: Double) -> Double { min(max(value, -1), 1) }
        x = limited((offset.x * half.x + offset.y * half.y) / square)
        y = limited((offset.y * half.x - offset.x * half.y) / square)
    }
}

/// What was seen of an eye: MediaPipe's iris network (A. Ablavatski et al., "Real-time Pupil Tracking from Monocular Video
/// for Digital Puppetry", 2020).
public struct EyeReading: Equatable, Sendable {
    /// Five places in the picture: the centre of the iris and four at its edge, of which the first and third, and the second
    /// and fourth, lie opposite each other.
    public let iris: [PicturePoint]
    /// Where it looks.
    public let gaze: Gaze

    /// The centre of the iris, in pixels of the picture.
    public var centre: PicturePoint { iris[0] }
    /// Half the mean distance of opposite edges of the iris, in pixels of the picture.
    public var radius: Double { ((iris[1] - iris[3]).length + (iris[2] - iris[4]).length) / 4 }

    init(iris: [PicturePoint], gaze: Gaze) {
        self.iris = iris
        self.gaze = gaze
    }
}

/// One of two eyes, and where the iris network and the mesh meet.
enum Eye: CaseIterable {
    case right
    case left

    /// Points on lids, around the eye and on the brow that the iris network makes.
    static let contourCount = 71
    /// Points on the iris that it makes.
    static let irisCount = 5

    /// The corners in a mesh: the one at the left of a face that looks at us, then the other.
    var corners: (left: Int, right: Int) {
        switch self {
        case .right: (FaceContour.rightEyeOuterCorner, FaceContour.rightEyeInnerCorner)
        case .left: (FaceContour.leftEyeInnerCorner, FaceContour.leftEyeOuterCorner)
        }
    }

    /// The points of a mesh that are the network's ``contourCount``: lower and upper lid, two rings around the eye, and the
    /// brow's lower and upper edge with what lies below it.
    var meshPoints: [Int] {
        switch self {
        case .right:
            [
                33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173, 130, 25, 110, 24, 23, 22,
                26,
                112, 243, 247, 30, 29, 27, 28, 56, 190, 226, 31, 228, 229, 230, 231, 232, 233, 244, 113, 225, 224, 223,
                222,
                221, 189, 35, 124, 46, 53, 52, 65, 143, 111, 117, 118, 119, 120, 121, 128, 245, 156, 70, 63, 105, 66,
                107,
                55, 193,
            ]
        case .left:
            [
                263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398, 359, 255, 339, 254, 253,
                252,
                256, 341, 463, 467, 260, 259, 257, 258, 286, 414, 446, 261, 448, 449, 450, 451, 452, 453, 464, 342, 445,
                444, 443, 442, 441, 413, 265, 353, 276, 283, 282, 295, 372, 340, 346, 347, 348, 349, 350, 357, 465, 383,
                300, 293, 334, 296, 336, 285, 417,
            ]
        }
    }

    /// What the iris network is shown: 2.3 times the eye's width, the left eye mirrored, as all eyes are right ones to it.
    func square(in mesh: FaceMesh) -> AlignedSquare? {
        let (left, right) = (mesh.points[corners.left].place, mesh.points[corners.right].place)
        return AlignedSquare(
            centre: (left + right) * 0.5, side: 2.3 * (right - left).length, along: right - left,
            isMirrored: self == .left)
    }
}

extension FaceMesh {
    /// Takes what the iris network says of an eye that it saw in `square`: its lids, what is around it, its brow and iris.
    /// What is no place changes nothing.
    mutating func take(_ eye: Eye, contour: [Float], iris: [Float], square: AlignedSquare) {
        let pixels = FaceMeshReader.eyePixels
        guard let contour = square.points(contour, count: Eye.contourCount, pixels: pixels),
            let iris = square.points(iris, count: Eye.irisCount, pixels: pixels)?.map(\.place)
        else { return }
        var refined = points
        // Depths stay: the network's are measured from the eye and not from the face.
        for (point, index) in zip(contour, eye.meshPoints) { refined[index].place = point.place }
        let corners = eye.corners
        guard let gaze = Gaze(iris: iris[0], left: refined[corners.left].place, right: refined[corners.right].place)
        else { return }
        points = refined
        let reading = EyeReading(iris: iris, gaze: gaze)
        switch eye {
        case .right: rightEye = reading
        case .left: leftEye = reading
        }
    }
}
