/// How a camera was held: the values of EXIF's orientation tag.
///
/// The name says what has to be done to the stored picture to show it upright.
public enum Orientation: Int, CaseIterable, Sendable {
    /// Nothing.
    case upright = 1
    /// Swap left and right.
    case mirrored = 2
    /// Turn by half a turn.
    case turnedAround = 3
    /// Swap top and bottom.
    case flipped = 4
    /// Swap rows and columns.
    case transposed = 5
    /// Turn a quarter clockwise.
    case turnedRight = 6
    /// Swap rows and columns along the other diagonal.
    case transversed = 7
    /// Turn a quarter counterclockwise.
    case turnedLeft = 8

    /// Whether stored rows become columns.
    public var swapsSides: Bool { rawValue >= 5 }

    /// Whether upright rows come from the stored rows one by one from the top.
    var keepsRowOrder: Bool { rawValue <= 2 }

    /// Whether an upright row runs against the direction of its stored row (1 to 4) or of its stored column (5 to 8).
    var reversesColumns: Bool {
        switch self {
        case .mirrored, .turnedAround, .turnedRight, .transversed: true
        case .upright, .flipped, .transposed, .turnedLeft: false
        }
    }

    /// Whether the upright top is the stored bottom (1 to 4) or the stored right side (5 to 8).
    var reversesRows: Bool {
        switch self {
        case .turnedAround, .flipped, .transversed, .turnedLeft: true
        case .upright, .mirrored, .transposed, .turnedRight: false
        }
    }
}
