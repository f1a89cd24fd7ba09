/// A whole picture in memory: rows of packed RGB from the top, one byte a sample, no gaps.
public struct RGBImage: Equatable, Sendable {
    /// Pixels in a row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// `3 * width * height` samples.
    public var bytes: [UInt8]

    /// Makes a picture of `3 * width * height` samples.
    ///
    /// - Precondition: the sides are at least 1 and `bytes` has just that many entries.
    public init(width: Int, height: Int, bytes: [UInt8]) {
        precondition(width > 0 && height > 0 && bytes.count == 3 * width * height)
        self.width = width
        self.height = height
        self.bytes = bytes
    }

    /// Makes a picture of one colour.
    public init(width: Int, height: Int, red: UInt8 = 0, green: UInt8 = 0, blue: UInt8 = 0) {
        self.init(width: width, height: height) { _, _ in (red, green, blue) }
    }

    /// Makes a picture from a function of the pixel's column and row.
    public init(width: Int, height: Int, pixel: (_ x: Int, _ y: Int) -> (UInt8, UInt8, UInt8)) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(3 * width * height)
        for y in 0..<height {
            for x in 0..<width {
                let (red, green, blue) = pixel(x, y)
                bytes.append(red)
                bytes.append(green)
                bytes.append(blue)
            }
        }
        self.init(width: width, height: height, bytes: bytes)
    }

    /// Reads all rows of a source that no row was read from yet.
    public init(reading source: some RowSource) throws(PictureError) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(3 * source.width * source.height)
        var row = [UInt8](repeating: 0, count: 3 * source.width)
        for _ in 0..<source.height {
            try source.readRow(into: &row)
            bytes += row
        }
        self.init(width: source.width, height: source.height, bytes: bytes)
    }

    /// Decodes a JPEG picture upright, so that its longest side becomes `longestSide` pixels; nil keeps its size.
    ///
    /// - Throws: `PictureError` with one sentence about what is wrong with the input.
    public static func decode(
        _ input: PictureInput, longestSide: Int? = nil, limits: PictureLimits = .standard
    ) throws(PictureError) -> RGBImage {
        try RGBImage(reading: PictureReader(input, longestSide: longestSide, limits: limits))
    }

    /// Calls `body` with the `3 * width` bytes of row `y`.
    public func withRow<Result, Failure: Error>(
        _ y: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(bytes.span.extracting(y * 3 * width..<(y + 1) * 3 * width))
    }

    /// The three samples of a pixel.
    public subscript(x: Int, y: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
        let start = 3 * (y * width + x)
        return (bytes[start], bytes[start + 1], bytes[start + 2])
    }

    /// The picture resized to the given sides, at least 1 pixel each.
    public func resized(width: Int, height: Int) -> RGBImage {
        let source = ResizedRows(ImageRows(self), width: width, height: height)
        guard let image = try? RGBImage(reading: source) else {
            preconditionFailure("rows that come from memory do not fail")
        }
        return image
    }
}

/// The rows of a picture in memory.
public final class ImageRows: RowSource {
    /// The picture.
    public let image: RGBImage
    private var next = 0

    /// Pixels in a row.
    public var width: Int { image.width }
    /// Rows.
    public var height: Int { image.height }

    /// Begins at the top of a picture.
    public init(_ image: RGBImage) {
        self.image = image
    }

    /// Copies the next row.
    public func readRow(into row: inout MutableSpan<UInt8>) throws(PictureError) {
        precondition(next < height)
        copy(image.bytes, next * 3 * width..<(next + 1) * 3 * width, to: &row)
        next += 1
    }
}

/// Overwrites the first bytes of `row` with a part of `source`. A function and not a method, because Swift 6.2 does not
/// let spans be extended with mutating ones.
package func copy(_ source: [UInt8], _ range: Range<Int>, to row: inout MutableSpan<UInt8>) {
    let source = source.span.extracting(range)
    for i in source.indices { row[i] = source[i] }
}
