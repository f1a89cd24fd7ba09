import Imaging
import Seeing

/// One face as the pen sees it: where its features are on a tile, and how they look in the photo.
package struct PenFace: Sendable {
    /// The mesh's ``Seeing/FaceMesh/pointCount`` points, in pixels of the tile.
    package private(set) var points: [PenPoint]
    /// How far they lie behind the face's middle, in pixels of the tile.
    package private(set) var depths: [Double]
    /// What was measured in the photo: of nobody before ``look(at:)``.
    package private(set) var measures = FaceMeasures.unknown
    /// What is worn before the eyes.
    package private(set) var eyewear = Eyewear.none
    /// What of mouth and nose is seen.
    package private(set) var lowerFace = LowerFace()
    /// The eye at the left of a face that looks at us, the person's right one.
    private(set) var rightEye: EyePlace
    /// The other.
    private(set) var leftEye: EyePlace

    /// From the person's right eye to the left one, of length 1.
    private(set) var across = PenPoint(1, 0)
    /// From the brow to the chin, of length 1.
    private(set) var down = PenPoint(0, 1)
    /// The middle between the eyes.
    package private(set) var middle = PenPoint(0, 0)
    /// From ear to ear, however the face is turned, in pixels.
    package private(set) var width = 0.0
    /// From the top of the forehead to the chin, in pixels.
    package private(set) var height = 0.0
    /// The sine of how far it is turned: from -1, to the left of the picture, to 1.
    private(set) var turn = 0.0

    /// Both eyes.
    package var eyes: [EyePlace] { [rightEye, leftEye] }

    /// Takes a face.
    ///
    /// Nil where no face can be drawn: numbers that are none, places far outside, a mesh that collapsed or whose mouth is not
    /// below its eyes.
    ///
    /// - Parameters:
    ///   - mesh: In pixels of the photo.
    ///   - frame: The square of the photo that was cut out.
    ///   - side: The pixels of the cut-out's sides, in which the face then is.
    package init?(_ mesh: FaceMesh, frame: AlignedSquare, side: Int) {
        let scale = Double(side) / frame.side
        let (right, below) = (PenPoint(frame.direction.x, frame.direction.y), PenPoint(frame.down.x, frame.down.y))
        func place(_ point: PicturePoint) -> PenPoint {
            let way = PenPoint(point.x - frame.centre.x, point.y - frame.centre.y)
            let across = frame.isMirrored ? -way.dot(right) : way.dot(right)
            return PenPoint(across / frame.side + 0.5, way.dot(below) / frame.side + 0.5) * Double(side)
        }
        let readings = [mesh.rightEye, mesh.leftEye]
        self.init(
            points: mesh.points.map { place($0.place) }, depths: mesh.points.map { $0.z * scale },
            irises: readings.map { $0.map { place($0.centre) } }, radii: readings.map { $0.map { $0.radius * scale } },
            side: side)
    }

    /// Takes a face.
    ///
    /// Nil where no face can be drawn.
    ///
    /// - Parameters:
    ///   - points: The mesh's points in pixels of a cut-out.
    ///   - depths: How far they lie behind the face's middle.
    ///   - irises: The middle of the person's right iris and the left one; nil when an eye was not looked at.
    ///   - radii: How large these irises are.
    ///   - side: The pixels of the cut-out's sides.
    package init?(points: [PenPoint], depths: [Double], irises: [PenPoint?], radii: [Double?], side: Int) {
        let limit = 8 * Double(side)
        func isPlace(_ point: PenPoint) -> Bool { abs(point.x) < limit && abs(point.y) < limit }
        guard points.count == FaceMesh.pointCount, depths.count == points.count, irises.count == 2, radii.count == 2,
            points.allSatisfy(isPlace), irises.allSatisfy({ $0.map(isPlace) ?? true }),
            depths.allSatisfy({ abs($0) < limit })
        else { return nil }
        self.points = points
        self.depths = depths
        rightEye = EyePlace(.right, points: points, iris: irises[0], irisRadius: radii[0])
        leftEye = EyePlace(.left, points: points, iris: irises[1], irisRadius: radii[1])
        measure()
        guard isPlausible else { return nil }
    }

    /// Measures the features in the photo. It takes time, and is worth it when the face is drawn.
    ///
    /// - Parameter cutOut: What the face's places are pixels of, as the camera saw it.
    package mutating func look(at cutOut: RGBImage) {
        measures = FaceMeasures(of: self, in: cutOut)
        eyewear = Eyewear(of: self, in: cutOut)
        lowerFace = LowerFace(of: self, in: cutOut)
    }

    /// The face with every place moved by `map`, and depths `scale` times as large.
    func moved(scale: Double = 1, _ map: (PenPoint) -> PenPoint) -> PenFace {
        var face = self
        face.points = points.map(map)
        face.depths = depths.map { $0 * scale }
        face.eyewear.lenses = eyewear.lenses.map { $0.map(map) }
        face.rightEye = EyePlace(
            .right, points: face.points, iris: rightEye.iris.map(map),
            irisRadius: rightEye.irisRadius.map { $0 * scale })
        face.leftEye = EyePlace(
            .left, points: face.points, iris: leftEye.iris.map(map), irisRadius: leftEye.irisRadius.map { $0 * scale })
        face.measure()
        return face
    }

    /// The face on a tile that is `factor` times as large.
    package func scaled(by factor: Double) -> PenFace { moved(scale: factor) { $0 * factor } }

    /// The point of the mesh with the given number.
    package subscript(index: Int) -> PenPoint { points[index] }

    /// Points of the mesh.
    subscript(indices: [Int]) -> [PenPoint] { indices.map { points[$0] } }

    /// The mean of points of the mesh.
    package func mean(_ indices: [Int]) -> PenPoint {
        self[indices].reduce(PenPoint(0, 0), +) / Double(max(indices.count, 1))
    }

    /// A place in parts of the face's width and height from the middle between the eyes.
    func parts(_ place: PenPoint) -> PenPoint {
        PenPoint((place - middle).dot(across) / width, (place - middle).dot(down) / height)
    }

    /// A way of so many face widths across and down.
    func way(_ right: Double, _ below: Double) -> PenPoint { (across * right + down * below) * width }

    /// How sure its features may be drawn, 0...1: less when it looks aside, nothing of what is nearly a profile; less when
    /// it is small.
    ///
    /// - Parameter pixels: Its width in the finished picture.
    /// - Returns: How much of the features shows.
    func certainty(finishedWidth pixels: Double) -> Double {
        // The sines of 47 and 54 degrees.
        (1 - smooth(abs(turn), 0.7314, 0.8090)) * (1 - smooth(abs(noseAside), 0.5, 0.66)) * smooth(pixels, 22, 36)
    }

    /// How far the tip of the nose lies from the middle between the eyes, in parts of their distance: 0.5 is below an eye. From
    /// the side the mesh's depths say less of a turn than this does.
    private var noseAside: Double {
        let eyes = (leftEye.centre - rightEye.centre).length
        return eyes > 0 ? (points[4] - middle).dot(across) / eyes : 1
    }

    /// How wide the jaw is at the corners of the mouth, as part of the face's width: about 0.74.
    package var jaw: Double {
        func distance(_ one: Int, _ two: Int) -> Double { (points[one] - points[two]).length }
        let across = max(distance(Self.edges.right, Self.edges.left), 1e-6)
        return limited((distance(172, 397) + distance(136, 365)) / 2 / across, 0.5, 1)
    }

    /// The edges of the face: from the person's right to the left.
    static let edges = (right: 234, left: 454)

    private mutating func measure() {
        let (one, two) = (rightEye.centre, leftEye.centre)
        across = (two - one).unit
        down = across.quarterTurn
        middle = (one + two) / 2
        func distance(_ one: Int, _ two: Int) -> Double {
            let (way, depth) = (points[two] - points[one], depths[two] - depths[one])
            return (way.dot(way) + depth * depth).squareRoot()
        }
        width = distance(Self.edges.right, Self.edges.left)
        height = distance(10, 152)
        turn = width > 0 ? (depths[Self.edges.left] - depths[Self.edges.right]) / width : 0
        let eyeWidth = max(rightEye.width, leftEye.width)
        rightEye.measure(eyeWidth: eyeWidth)
        leftEye.measure(eyeWidth: eyeWidth)
        // Both are open as wide, but for a wink: what readings differ by is mostly chance. When one is shut and the other
        // nearly so, both are.
        let (right, left) = (rightEye.openness, leftEye.openness)
        let least = min(right, left)
        let common = mix(least, (right + left) / 2, smooth(least, 0.05, 0.3))
        let shared = 1 - smooth(abs(right - left), 0.5, 0.75)
        rightEye.open(mix(right, common, shared))
        leftEye.open(mix(left, common, shared))
        // Eyes look the same way; what the two readings differ by is mostly chance.
        let gaze = PenPoint((leftEye.gaze.x - rightEye.gaze.x) / 2, (leftEye.gaze.y + rightEye.gaze.y) / 2)
        rightEye.look(PenPoint(mix(-gaze.x, rightEye.gaze.x, 0.2), gaze.y))
        leftEye.look(PenPoint(mix(gaze.x, leftEye.gaze.x, 0.2), gaze.y))
    }

    private var isPlausible: Bool {
        guard width > 4, height > 0.5 * width, height < 3 * width else { return false }
        let mouth = parts(mean(MouthPen.outerLips))
        let nose = parts(points[4])
        let chin = parts(points[152])
        return (leftEye.centre - rightEye.centre).length > 0.12 * width && mouth.y > 0.12 && mouth.y < 1
            && nose.y > 0 && nose.y < mouth.y && chin.y > mouth.y && abs(mouth.x) < 0.6
            && max(rightEye.width, leftEye.width) < 0.5 * width && max(rightEye.width, leftEye.width) > 0.06 * width
    }
}

/// Where one eye of a face is.
package struct EyePlace: Sendable {
    package enum Side: Sendable {
        case right
        case left

        /// Points of the mesh on the lids, from the inner to the outer corner.
        package var upperLid: [Int] {
            self == .right
                ? [133, 173, 157, 158, 159, 160, 161, 246, 33] : [362, 398, 384, 385, 386, 387, 388, 466, 263]
        }
        package var lowerLid: [Int] {
            self == .right
                ? [133, 155, 154, 153, 145, 144, 163, 7, 33] : [362, 382, 381, 380, 374, 373, 390, 249, 263]
        }
        /// The upper and lower edge of the brow, from its inner to its outer end.
        var brow: (upper: [Int], lower: [Int]) {
            self == .right
                ? ([107, 66, 105, 63, 70], [55, 65, 52, 53, 46])
                : ([336, 296, 334, 293, 300], [285, 295, 282, 283, 276])
        }
    }

    package let side: Side
    /// Lids from the inner to the outer corner, in pixels.
    package let upper: [PenPoint]
    package let lower: [PenPoint]
    /// The middle of the iris; nil when it was not looked at.
    package let iris: PenPoint?
    /// How large it is, in pixels; nil when it was not looked at.
    let irisRadius: Double?
    /// The middle of all points on the lids.
    package let centre: PenPoint
    /// From corner to corner, in pixels.
    package let width: Double
    /// From the inner to the outer corner, of length 1.
    let outward: PenPoint
    /// Downwards in the picture of an upright face, across ``outward``.
    let down: PenPoint
    /// From 0, closed, over 1, wide open, to 1.12.
    package private(set) var openness = 0.0
    /// How far the iris lies outward of the middle, and how far below where it is when the eye looks straight ahead, in
    /// halves of the eye's width.
    private(set) var gaze = PenPoint(0, 0)
    /// How much narrower the eye is seen than the other one, 0...1.
    private(set) var foreshortening = 1.0

    init(_ side: Side, points: [PenPoint], iris: PenPoint?, irisRadius: Double?) {
        self.side = side
        upper = side.upperLid.map { points[$0] }
        lower = side.lowerLid.map { points[$0] }
        self.iris = iris
        self.irisRadius = irisRadius
        centre = (upper + lower).reduce(PenPoint(0, 0), +) / Double(upper.count + lower.count)
        let way = upper[upper.count - 1] - upper[0]
        width = way.length
        outward = way.unit
        // Outward is to the left of the picture for the right eye.
        down = side == .right ? PenPoint(outward.y, -outward.x) : outward.quarterTurn
    }

    /// Opens it as wide as said.
    mutating func open(_ openness: Double) { self.openness = openness }

    /// Lets it look elsewhere.
    mutating func look(_ gaze: PenPoint) { self.gaze = gaze }

    mutating func measure(eyeWidth: Double) {
        guard width > 0, eyeWidth > 0 else { return }
        let gap = zip(upper, lower).map { ($1 - $0).dot(down) }.max() ?? 0
        let part = limited((gap / eyeWidth - 0.075) / 0.27, 0, 1.12)
        // People who smile narrow their eyes; drawn so narrow they would look mean. Closed ones are closed.
        openness = part < 1 ? part.squareRoot() * smooth(part, -0.02, 0.2) : part
        if let iris {
            let way = iris - (upper[0] + upper[upper.count - 1]) / 2
            gaze = PenPoint(
                limited(way.dot(outward) / (width / 2), -0.55, 0.55),
                limited(way.dot(down) / (eyeWidth / 2) - Gaze.straightY, -0.3, 0.3))
        }
        foreshortening = width / eyeWidth
    }
}
