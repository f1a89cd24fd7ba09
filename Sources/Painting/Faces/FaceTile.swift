import Imaging
import Seeing

/// A face that was painted by itself, ready to be laid over the rows of a picture.
struct FaceTile {
    /// Where it belongs, in pixels of the picture that it is laid over.
    let frame: AlignedSquare
    /// A square.
    let image: RGBImage
    /// What gives it the tone of the scene; nil where the network sees both at one scale.
    let tone: FaceTone?
    /// How much of each pixel may show, 0...255, beside what ``FaceMask`` says; nil for all of it.
    let opacity: [UInt8]?
}

/// How much of a tile shows, by the place in it: all of the face and its hair, then less and less, and nothing at the
/// tile's edge. Also how much one tile counts beside another one, where several lie: the nearer to its middle, the more.
package enum FaceMask {
    /// The middle of the oval, as parts of the side.
    static let centre = (across: 0.5, down: 0.47)
    /// Half of the oval's width and height, where nothing shows any more.
    static let radius = (across: 0.42, down: 0.46)
    /// The part of the radius up to which all shows.
    static let core = 0.62

    /// By the square of the distance in 1/256: how much shows, 0...256.
    package static let opacity: [Int32] = squares.map { square in
        let part = min(max((1 - square.squareRoot()) / (1 - core), 0), 1)
        return Int32((part * part * (3 - 2 * part) * 256).rounded())
    }

    /// By the square of the distance in 1/256: how much it counts beside others, 1...262144. It falls all the way to where
    /// nothing shows any more: with equal weights there the edge of one tile would be seen in the other one. Weighted
    /// colours of 32 tiles fit 32 bits.
    package static let weight: [Int32] = squares.map { square in
        let part = (1 - square) * (1 - square)
        return max(1, Int32((part * part * part * 262_144).rounded()))
    }

    private static let squares = (0..<256).map { (Double($0) + 0.5) / 256 }
}
