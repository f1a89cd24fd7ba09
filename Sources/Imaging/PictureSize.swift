/// Width and height in pixels.
public struct PictureSize: Encodable, Hashable, Sendable, CustomStringConvertible {
    /// Pixels in a row.
    public var width: Int
    /// Rows.
    public var height: Int

    /// Makes a size.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// "640 x 480".
    public var description: String { "\(width) x \(height)" }

    /// Width and height exchanged.
    public var transposed: PictureSize { PictureSize(width: height, height: width) }

    /// The size with the same proportions whose longest side is `side`; no side is shorter than 1 pixel.
    ///
    /// The shorter side is rounded to the nearest pixel, halves up.
    public func fitted(longestSide side: Int) -> PictureSize {
        let longest = max(width, height)
        func scaled(_ length: Int) -> Int { max(1, (2 * length * side + longest) / (2 * longest)) }
        return PictureSize(width: scaled(width), height: scaled(height))
    }

    /// The size with both sides rounded up to a multiple of `multiple`.
    public func padded(toMultiple multiple: Int) -> PictureSize {
        func raised(_ length: Int) -> Int { (length + multiple - 1) / multiple * multiple }
        return PictureSize(width: raised(width), height: raised(height))
    }
}
