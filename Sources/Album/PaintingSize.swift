/// How large an anime picture is wished.
public enum PaintingSize: Hashable, Sendable, CustomStringConvertible {
    /// The pixels of its longest side.
    case longestSide(Int)
    /// As large as the photo.
    case full

    /// Reads what ``description`` wrote, with or without a line's end; nil for everything else.
    public init?(_ text: some StringProtocol) {
        let word = text.prefix { $0 != "\n" }
        if word == "full" {
            self = .full
        } else if let side = Int(word), 1...65_535 ~= side {
            self = .longestSide(side)
        } else {
            return nil
        }
    }

    /// "1024" or "full".
    public var description: String {
        switch self {
        case .longestSide(let side): "\(side)"
        case .full: "full"
        }
    }
}
