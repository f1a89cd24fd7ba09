import Imaging

/// How a picture gets its size: what the network sees, what it draws, and how often that is doubled.
///
/// A network draws best at one scale: lines and areas are then as wide and faces as strong as its style wants them. So a
/// larger picture is not a larger one to the network: it is enlarged afterwards, by powers of two, and what the network
/// sees stays within a factor of the square root of two of its native side.
public struct PictureScale: Equatable, Sendable {
    /// The longest side at which networks see best, unless they say otherwise.
    public static let nativeSide = 640
    /// More than two doublings draw nothing that a plain enlargement would not.
    public static let mostDoublings = 2

    /// What is handed out.
    public let finished: PictureSize
    /// What the network sees, without padding.
    public let seen: PictureSize
    /// The network's own scale: 1 or 2.
    public let scale: Int
    /// How often the enlarging network doubles what the painting network draws.
    public let doublings: Int

    /// The way to a finished size.
    ///
    /// - Parameters:
    ///   - finished: The size that is wanted, both sides 1 and more.
    ///   - scale: The painting network's: 1 or 2.
    ///   - nativeSide: The longest side at which it sees best.
    ///   - canEnlarge: Whether there is an enlarging network.
    ///   - allows: Whether the network may see so much, as far as memory goes. Where it may not, it sees less and the rest is
    ///     made by doubling; where that does not help either, it sees what it would have.
    public init(
        finished: PictureSize, scale: Int, nativeSide: Int = Self.nativeSide, canEnlarge: Bool,
        allows: (_ seen: PictureSize) -> Bool = { _ in true }
    ) {
        let longest = max(finished.width, finished.height)
        var doublings = 0
        // By how much the longest side is too long is compared with the square root of two, in squares.
        func isTooLong(_ doublings: Int) -> Bool {
            let native = nativeSide * scale << doublings
            return longest * longest > 2 * native * native
        }
        while canEnlarge, doublings < Self.mostDoublings, isTooLong(doublings) { doublings += 1 }
        func seen(_ doublings: Int) -> PictureSize {
            let factor = scale << doublings
            func part(_ length: Int) -> Int { (length + factor - 1) / factor }
            return PictureSize(width: part(finished.width), height: part(finished.height))
        }
        let most = canEnlarge ? Self.mostDoublings : doublings
        doublings = (doublings...most).first { allows(seen($0)) } ?? doublings
        self.finished = finished
        self.scale = scale
        self.doublings = doublings
        self.seen = seen(doublings)
    }

    /// The way to the square of a face, which the network always sees as large as it draws faces best.
    ///
    /// - Parameters:
    ///   - side: Of the square that is wanted.
    ///   - seen: Of the square that the network sees.
    ///   - scale: The painting network's: 1 or 2.
    ///   - canEnlarge: Whether there is an enlarging network.
    init(portraitOf side: Int, seen: Int, scale: Int, canEnlarge: Bool) {
        var doublings = 0
        while canEnlarge, doublings < Self.mostDoublings, 8 * side > 9 * (seen * scale << doublings) { doublings += 1 }
        finished = PictureSize(width: side, height: side)
        self.scale = scale
        self.doublings = doublings
        self.seen = PictureSize(width: seen, height: seen)
    }

    /// What the network draws, before it is doubled.
    public var drawn: PictureSize { PictureSize(width: scale * seen.width, height: scale * seen.height) }

    /// What comes of it by doubling: up to a few pixels more than what is handed out.
    public var doubled: PictureSize {
        PictureSize(width: drawn.width << doublings, height: drawn.height << doublings)
    }
}
