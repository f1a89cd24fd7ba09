/// A kind of file, told by its first bytes, and how it is decoded where it can be.
package struct PictureFormat: Sendable {
    /// Makes a decoder of a file, which has read its header.
    package typealias Opening = @Sendable (PictureInput, PictureLimits) throws(PictureError) -> any PictureDecoder

    /// What the file begins with, in words: "a PNG signature".
    let words: String
    private let matches: @Sendable (ArraySlice<UInt8>) -> Bool
    let open: Opening?

    /// A format.
    ///
    /// - Parameters:
    ///   - words: What its files begin with, as the end of the sentence "it begins with ...".
    ///   - matches: Whether a file that begins with these bytes, 64 of them where it has as many, is of the format.
    ///   - open: How it is decoded; nil when it cannot be.
    package init(
        _ words: String, where matches: @escaping @Sendable (ArraySlice<UInt8>) -> Bool, open: Opening? = nil
    ) {
        self.words = words
        self.matches = matches
        self.open = open
    }

    /// A format whose files begin with certain bytes, from an offset on.
    package init(_ words: String, _ signature: [UInt8], at offset: Int = 0, open: Opening? = nil) {
        self.init(words, where: { $0.dropFirst(offset).starts(with: signature) }, open: open)
    }

    /// Files of formats without a decoder are taken for one: its decoder says what is wrong with them.
    private static let jpeg = PictureFormat("a JPEG signature", [0xFF, 0xD8]) {
        (input, limits) throws(PictureError) in try JPEGReader(input, limits: limits)
    }

    /// All that are told apart; the first that matches counts. A format that can be decoded has an `open`.
    package static let all = [
        jpeg,
        PictureFormat("a PNG signature", [0x89, 0x50, 0x4E, 0x47]),
        PictureFormat("a GIF signature", Array("GIF8".utf8)),
        PictureFormat("a WebP signature") {
            $0.starts(with: "RIFF".utf8) && $0.dropFirst(8).starts(with: "WEBP".utf8)
        },
        PictureFormat("a HEIC signature") {
            isContainer($0, ["heic", "heix", "heim", "heis", "hevc", "mif1", "msf1"])
        },
        PictureFormat("an AVIF signature") { isContainer($0, ["avif", "avis"]) },
        PictureFormat("a video signature", Array("ftyp".utf8), at: 4),
        PictureFormat("a JPEG XL signature", [0xFF, 0x0A]),
        PictureFormat("a JPEG XL signature", [0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20]),
        PictureFormat("a JPEG 2000 signature", [0, 0, 0, 0x0C, 0x6A, 0x50]),
        PictureFormat("a TIFF or raw camera signature", [0x49, 0x49, 0x2A, 0]),
        PictureFormat("a TIFF or raw camera signature", [0x4D, 0x4D, 0, 0x2A]),
        PictureFormat("a BMP signature", Array("BM".utf8)),
        PictureFormat("a PDF signature", Array("%PDF".utf8)),
        PictureFormat("text") { $0.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) } },
        PictureFormat("unknown data", []),
    ]

    private static func isContainer(_ bytes: ArraySlice<UInt8>, _ brands: [String]) -> Bool {
        bytes.dropFirst(4).starts(with: "ftyp".utf8)
            && brands.contains(String(decoding: bytes.dropFirst(8).prefix(4), as: UTF8.self))
    }

    /// What a file that begins with `bytes` looks like, as the end of the sentence "it begins with ..."; nil for the
    /// beginning of a JPEG file and for no bytes at all.
    static func otherThanJPEG(_ bytes: ArraySlice<UInt8>) -> String? {
        if bytes.isEmpty || jpeg.matches(bytes) { return nil }
        return all.first { $0.matches(bytes) }?.words
    }

    /// Opens a picture with the decoder of its format.
    ///
    /// - Parameters:
    ///   - input: The file.
    ///   - limits: What it may ask for.
    ///   - formats: The formats that there are.
    /// - Returns: The decoder, which has read the header.
    /// - Throws: `PictureError` when there is no such file, its format cannot be decoded, or its decoder refuses it.
    package static func decoder(
        for input: PictureInput, limits: PictureLimits, among formats: [PictureFormat] = all
    ) throws(PictureError) -> any PictureDecoder {
        let bytes = try input.firstBytes
        guard !bytes.isEmpty, let open = formats.first(where: { $0.matches(bytes) })?.open else {
            return try JPEGReader(input, limits: limits)
        }
        return try open(input, limits)
    }
}
