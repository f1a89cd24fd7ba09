/// What a picture may ask for before any memory that grows with it is taken.
///
/// The limits hold for the size that the file claims, not for the size it is decoded to: a file of a few hundred
/// bytes can claim 65500 x 65500 pixels, which would cost 12.9 GB at full size.
public struct PictureLimits: Equatable, Sendable {
    /// The most pixels, width times height.
    public var pixels: Int
    /// The longest side in pixels.
    public var side: Int
    /// The most bytes of coefficients of a picture that comes in several scans ("progressive"), which all have to be
    /// kept until its last scan: 3 bytes a pixel for the usual halved colour, 6 without halving.
    public var scanBytes: Int
    /// The most bytes that such coefficients may take as they are held, packed: about a fifth of `scanBytes` for a
    /// photo, more than them for noise.
    public var packedScanBytes: Int
    /// The most bytes taken from an input that has to be kept whole, such as standard input.
    public var inputBytes: Int

    /// 100 megapixels, 32768 pixels a side, 160 MB of scans, 128 MB of input.
    public static let standard = PictureLimits(
        pixels: 100_000_000, side: 32_768, scanBytes: 160_000_000, inputBytes: 128_000_000)

    /// Makes limits; see the properties for their units. `packedScanBytes` is `scanBytes` where it is nil.
    public init(pixels: Int, side: Int, scanBytes: Int, packedScanBytes: Int? = nil, inputBytes: Int) {
        self.pixels = pixels
        self.side = side
        self.scanBytes = scanBytes
        self.packedScanBytes = packedScanBytes ?? scanBytes
        self.inputBytes = inputBytes
    }
}
