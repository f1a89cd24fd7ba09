/// A place in a picture, in pixels from its top left corner; the centre of the first pixel lies at one half.
public struct PicturePoint: Equatable, Sendable {
    /// Pixels to the right.
    public var x: Double
    /// Pixels down.
    public var y: Double

    /// The place `x` pixels to the right and `y` down.
    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}

/// A face that was found, in pixels of the upright picture. It may lie partly outside.
public struct Face: Equatable, Sendable {
    /// How sure it is, 0 to 1.
    public var score: Double
    /// The top left corner of the box from the forehead to the chin and from ear to ear.
    public var origin: PicturePoint
    /// The box's width in pixels.
    public var width: Double
    /// The box's height in pixels.
    public var height: Double
    /// The centre of the right eye, which is the left one in the picture of a face that looks at us.
    public var rightEye: PicturePoint
    /// The centre of the left eye.
    public var leftEye: PicturePoint
    /// The tip of the nose.
    public var nose: PicturePoint
    /// The right corner of the mouth.
    public var rightMouthCorner: PicturePoint
    /// The left corner of the mouth.
    public var leftMouthCorner: PicturePoint

    /// Makes a face; see the properties.
    public init(
        score: Double, origin: PicturePoint, width: Double, height: Double, rightEye: PicturePoint,
        leftEye: PicturePoint, nose: PicturePoint, rightMouthCorner: PicturePoint, leftMouthCorner: PicturePoint
    ) {
        self.score = score
        self.origin = origin
        self.width = width
        self.height = height
        self.rightEye = rightEye
        self.leftEye = leftEye
        self.nose = nose
        self.rightMouthCorner = rightMouthCorner
        self.leftMouthCorner = leftMouthCorner
    }

    /// The five landmarks in the order of the properties.
    public var landmarks: [PicturePoint] { [rightEye, leftEye, nose, rightMouthCorner, leftMouthCorner] }

    /// The face with every place moved by `map`, which keeps boxes upright.
    func moved(_ map: (PicturePoint) -> PicturePoint) -> Face {
        let corners = [origin, PicturePoint(x: origin.x + width, y: origin.y + height)].map(map)
        return Face(
            score: score,
            origin: PicturePoint(x: min(corners[0].x, corners[1].x), y: min(corners[0].y, corners[1].y)),
            width: abs(corners[1].x - corners[0].x), height: abs(corners[1].y - corners[0].y),
            rightEye: map(rightEye), leftEye: map(leftEye), nose: map(nose),
            rightMouthCorner: map(rightMouthCorner), leftMouthCorner: map(leftMouthCorner))
    }

    /// How much two boxes share: their intersection over their union, 0 to 1.
    package func overlap(with other: Face) -> Double {
        let across = min(origin.x + width, other.origin.x + other.width) - max(origin.x, other.origin.x)
        let down = min(origin.y + height, other.origin.y + other.height) - max(origin.y, other.origin.y)
        let shared = max(across, 0) * max(down, 0)
        let all = width * height + other.width * other.height - shared
        return all > 0 ? shared / all : 0
    }
}

extension [Face] {
    /// Of faces that lie upon each other the surest: greedy non-maximum suppression.
    ///
    /// - Parameter most: Boxes that share more than this part of their union are one face.
    /// - Returns: The faces that stay, the surest first; of equally sure ones the upper, then the left one.
    package func withoutDoubles(sharing most: Double) -> [Face] {
        let ordered = sorted { ($1.score, $0.origin.y, $0.origin.x) < ($0.score, $1.origin.y, $1.origin.x) }
        var kept: [Face] = []
        for face in ordered where !kept.contains(where: { $0.overlap(with: face) > most }) { kept.append(face) }
        return kept
    }
}
