/// What the header of a picture file says.
public struct PictureFacts: Equatable, Sendable {
    /// The stored size.
    public let size: PictureSize
    /// What the camera noted.
    public let exif: ExifSummary

    /// The size once the picture is turned upright.
    public var uprightSize: PictureSize { exif.orientation.swapsSides ? size.transposed : size }

    /// Makes facts.
    public init(size: PictureSize, exif: ExifSummary = ExifSummary()) {
        self.size = size
        self.exif = exif
    }
}

/// Decodes a picture file of one format row by row, as it is stored: not turned upright, and resized only by what the
/// format offers by itself.
///
/// A decoder reads the header when it is made, and takes memory that grows with the picture when it is started. It
/// refuses what exceeds the limits that it was made with, and what is damaged, at the latest with the last row.
public protocol PictureDecoder: RowSource {
    /// What the file's header says.
    var facts: PictureFacts { get }
    /// Time spent in the decoder so far.
    var time: Duration { get }

    /// The largest whole number by which the decoder can divide the sides, rounding them up, without making one shorter
    /// than is wanted.
    func denominator(for wanted: PictureSize) -> Int

    /// Begins to decode; `width` and `height` are then the stored size divided by `denominator`, rounded up.
    ///
    /// - Parameter denominator: What `denominator(for:)` gave.
    /// - Throws: `PictureError` when there is no memory, or the file is damaged.
    func start(denominator: Int) throws(PictureError)
}

extension PictureDecoder {
    /// Formats that cannot be decoded at a part of their size.
    public func denominator(for wanted: PictureSize) -> Int { 1 }

    /// Formats that need no preparation.
    public func start(denominator: Int) throws(PictureError) {}
}
