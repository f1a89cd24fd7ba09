/// What is taken over from a photo's EXIF block. Everything else, the place above all, is left behind.
public struct ExifSummary: Equatable, Sendable {
    /// How the camera was held; upright when the block does not say.
    public var orientation: Orientation = .upright
    /// When the photo was taken, by the camera's clock.
    public var taken: PictureTime?

    /// A photo about which nothing is known.
    public init() {}

    /// Reads a TIFF block (EXIF's content) of either byte order.
    ///
    /// Any bytes will do: what cannot be read is taken as not said.
    public init(parsing block: [UInt8]) {
        let bytes = TIFF.Reader(block)
        guard let first = bytes.firstDirectory else { return }
        let main = bytes.entries(at: first)
        if let entry = main.first(where: { $0.tag == ExifTag.orientation }),
            let value = bytes.number(entry), let orientation = Orientation(rawValue: value)
        {
            self.orientation = orientation
        }
        var exif: [TIFF.Reader.Entry] = []
        if let entry = main.first(where: { $0.tag == ExifTag.exifDirectory }), let offset = bytes.number(entry) {
            exif = bytes.entries(at: offset)
        }
        func text(_ tag: Int, in directory: [TIFF.Reader.Entry]) -> String? {
            directory.first { $0.tag == tag }.flatMap { bytes.text($0) }
        }
        let original = text(ExifTag.dateTimeOriginal, in: exif).flatMap {
            PictureTime(text: $0, offset: text(ExifTag.offsetTimeOriginal, in: exif))
        }
        let others = [text(ExifTag.dateTimeDigitized, in: exif), text(ExifTag.dateTime, in: main)]
        taken = original ?? others.compactMap { $0 }.compactMap { PictureTime(text: $0) }.first
    }
}

/// The tags that are read or written.
enum ExifTag {
    static let imageDescription = 0x010E
    static let orientation = 0x0112
    static let software = 0x0131
    static let dateTime = 0x0132
    static let exifDirectory = 0x8769
    static let exifVersion = 0x9000
    static let dateTimeOriginal = 0x9003
    static let dateTimeDigitized = 0x9004
    static let offsetTimeOriginal = 0x9011
    static let userComment = 0x9286
    static let colourSpace = 0xA001
    static let pixelWidth = 0xA002
    static let pixelHeight = 0xA003

    /// The value of `exifVersion`: 2.32.
    static let version = Array("0232".utf8)
}
