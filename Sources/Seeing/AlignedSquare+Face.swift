extension AlignedSquare {
    /// The distance of the eyes in the square in which a face is painted, as a part of its side.
    public static let eyeDistance = 0.19
    /// How far down the eyes lie in it, as a part of the side.
    public static let eyeHeight = 0.44

    /// The square in which a face is painted: the eyes are level, and the square is so large and so placed that they always
    /// lie in the same two places. It may reach out of the picture.
    ///
    /// The size follows from the eyes' distance or from their distance to the mouth, whichever tells the larger face: of a
    /// face that looks aside the eyes are close together (T. Karras et al., "A Style-Based Generator Architecture for
    /// Generative Adversarial Networks", 2019, cuts its faces out by the same rule). Nil when the landmarks lie upon each
    /// other.
    public init?(framing face: Face) {
        let eyes = (face.rightEye + face.leftEye) * 0.5
        let across = face.leftEye - face.rightEye
        let down = (face.rightMouthCorner + face.leftMouthCorner) * 0.5 - eyes
        // A quarter turn of what points down points to the right.
        let direction = PicturePoint(x: across.x + down.y, y: across.y - down.x)
        let side = max(across.length, 0.9 * down.length) / Self.eyeDistance
        guard direction.length > 0, side.isFinite else { return nil }
        let right = direction * (1 / direction.length)
        let toCentre = side * (0.5 - Self.eyeHeight)
        self.init(
            centre: PicturePoint(x: eyes.x - right.y * toCentre, y: eyes.y + right.x * toCentre), side: side,
            along: direction)
    }

    /// The direction of its left edge, from top to bottom.
    public var down: PicturePoint { PicturePoint(x: -direction.y, y: direction.x) }

    /// The smallest upright box around it: its least and its greatest coordinates.
    public var bounds: (least: PicturePoint, greatest: PicturePoint) {
        let corners = [(0.0, 0.0), (1, 0), (0, 1), (1, 1)].map { picturePoint($0.0, $0.1) }
        return (
            PicturePoint(x: corners.map(\.x).min() ?? 0, y: corners.map(\.y).min() ?? 0),
            PicturePoint(x: corners.map(\.x).max() ?? 0, y: corners.map(\.y).max() ?? 0)
        )
    }
}
