/// The square of a picture in which a face is painted: turned so that the eyes are level, and so large and so placed that
/// they always lie in the same two places. It may reach out of the picture.
///
/// The size follows from the eyes' distance or from their distance to the mouth, whichever tells the larger face: of a
/// face that looks aside the eyes are close together (T. Karras et al., "A Style-Based Generator Architecture for
/// Generative Adversarial Networks", 2019, cuts its faces out by the same rule).
public struct FaceFrame: Equatable, Sendable {
    /// The distance of the eyes as a part of the side.
    public static let eyeDistance = 0.19
    /// How far down the eyes lie, as a part of the side.
    public static let eyeHeight = 0.44

    /// The top left corner in pixels.
    public var origin: PicturePoint
    /// The direction from left to right: a vector of length 1.
    public var right: PicturePoint
    /// The side in pixels.
    public var side: Double

    /// A frame at the given place.
    public init(origin: PicturePoint, right: PicturePoint, side: Double) {
        self.origin = origin
        self.right = right
        self.side = side
    }

    /// The frame of a face; nil when its landmarks lie upon each other.
    public init?(_ face: Face) {
        let eyes = PicturePoint(
            x: (face.rightEye.x + face.leftEye.x) / 2, y: (face.rightEye.y + face.leftEye.y) / 2)
        let across = PicturePoint(x: face.leftEye.x - face.rightEye.x, y: face.leftEye.y - face.rightEye.y)
        let down = PicturePoint(
            x: (face.rightMouthCorner.x + face.leftMouthCorner.x) / 2 - eyes.x,
            y: (face.rightMouthCorner.y + face.leftMouthCorner.y) / 2 - eyes.y)
        // A quarter turn of what points down points to the right.
        let direction = PicturePoint(x: across.x + down.y, y: across.y - down.x)
        let length = direction.length
        let distance = max(across.length, 0.9 * down.length)
        guard length > 0, distance > 0, length.isFinite, distance.isFinite else { return nil }
        right = PicturePoint(x: direction.x / length, y: direction.y / length)
        side = distance / Self.eyeDistance
        origin = PicturePoint(
            x: eyes.x - side * (0.5 * right.x - Self.eyeHeight * right.y),
            y: eyes.y - side * (0.5 * right.y + Self.eyeHeight * right.x))
    }

    /// The direction from top to bottom.
    public var down: PicturePoint { PicturePoint(x: -right.y, y: right.x) }

    /// Where a point of the frame lies in the picture.
    ///
    /// - Parameters:
    ///   - across: From the left edge to the right one, 0...1.
    ///   - down: From the top to the bottom, 0...1.
    public func point(across: Double, down: Double) -> PicturePoint {
        PicturePoint(
            x: origin.x + side * (across * right.x - down * right.y),
            y: origin.y + side * (across * right.y + down * right.x))
    }

    /// The frame in a picture that is `across` times as wide and `down` times as high; both are nearly the same.
    public func scaled(across: Double, down: Double) -> FaceFrame {
        FaceFrame(
            origin: PicturePoint(x: origin.x * across, y: origin.y * down), right: right,
            side: side * (across + down) / 2)
    }

    /// The smallest upright box around it: its least and its greatest coordinates.
    public var bounds: (least: PicturePoint, greatest: PicturePoint) {
        let corners = [(0.0, 0.0), (1, 0), (0, 1), (1, 1)].map { point(across: $0.0, down: $0.1) }
        return (
            PicturePoint(x: corners.map(\.x).min() ?? 0, y: corners.map(\.y).min() ?? 0),
            PicturePoint(x: corners.map(\.x).max() ?? 0, y: corners.map(\.y).max() ?? 0)
        )
    }
}

extension PicturePoint {
    /// The distance from the origin.
    fileprivate var length: Double { (x * x + y * y).squareRoot() }
}
