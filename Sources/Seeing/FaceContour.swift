/// The lines of a face, as points of a ``FaceMesh``. "Right" and "left" are the person's own.
public enum FaceContour: String, CaseIterable, Sendable {
    /// The outline, from the top of the forehead over the person's left ear and the chin.
    case oval
    /// The right eye's lids, from the outer corner along the lower lid.
    case rightEye
    /// The left eye's lids.
    case leftEye
    /// The right brow, from its outer end along its upper edge.
    case rightBrow
    /// The left brow.
    case leftBrow
    /// The outer edge of the lips, from the right corner along the lower lip.
    case outerLips
    /// The inner edge of the lips.
    case innerLips
    /// The ridge of the nose, from between the eyes to the tip.
    case noseRidge
    /// The lower edge of the nose, from the right to the left.
    case noseBase

    /// The outer corner of the right eye.
    public static let rightEyeOuterCorner = 33
    /// The inner corner of the right eye.
    public static let rightEyeInnerCorner = 133
    /// The outer corner of the left eye.
    public static let leftEyeOuterCorner = 263
    /// The inner corner of the left eye.
    public static let leftEyeInnerCorner = 362

    /// Whether the last point joins the first.
    public var isClosed: Bool { self != .noseRidge && self != .noseBase }

    /// Its points, as they follow each other.
    public var points: [Int] {
        switch self {
        case .oval:
            [
                10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
                152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
            ]
        case .rightEye: [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246]
        case .leftEye: [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466]
        case .rightBrow: [70, 63, 105, 66, 107, 55, 65, 52, 53, 46]
        case .leftBrow: [300, 293, 334, 296, 336, 285, 295, 282, 283, 276]
        case .outerLips:
            [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185]
        case .innerLips:
            [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191]
        case .noseRidge: [168, 6, 197, 195, 5, 4, 1]
        case .noseBase: [98, 97, 2, 326, 327]
        }
    }
}
