/// How large a network is. A style may have one of each size: the larger paints better and takes longer.
public enum ModelSize: String, CaseIterable, Comparable, Sendable {
    case small = "s"
    case medium = "m"
    case large = "l"

    /// The size that a model's name ends with, as `cute-m` does; nil for a name without one.
    public init?(ofModel name: String) {
        guard let dash = name.lastIndex(of: "-"), dash != name.startIndex else { return nil }
        self.init(rawValue: String(name[name.index(after: dash)...]))
    }

    /// Whether a network of this size is the smaller one.
    public static func < (left: ModelSize, right: ModelSize) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .small: 0
        case .medium: 1
        case .large: 2
        }
    }
}
