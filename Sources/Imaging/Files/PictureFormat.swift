/// Tells what kind of file it is by the first bytes.
enum FileSignature {
    /// What a file that begins with `bytes` (64 of them where it has as many) looks like, as the end of the sentence
    /// "it begins with ..."; nil for the beginning of a JPEG file and for no bytes at all.
    static func foreignFormat(_ bytes: ArraySlice<UInt8>) -> String? {
        if bytes.isEmpty || bytes.starts(with: [0xFF, 0xD8]) { return nil }
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return "a PNG signature" }
        if bytes.starts(with: "GIF8".utf8) { return "a GIF signature" }
        if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) { return "a WebP signature" }
        if bytes.dropFirst(4).starts(with: "ftyp".utf8) { return containerFormat(bytes.dropFirst(8).prefix(4)) }
        if bytes.starts(with: [0xFF, 0x0A]) { return "a JPEG XL signature" }
        if bytes.starts(with: [0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20]) { return "a JPEG XL signature" }
        if bytes.starts(with: [0, 0, 0, 0x0C, 0x6A, 0x50]) { return "a JPEG 2000 signature" }
        if bytes.starts(with: [0x49, 0x49, 0x2A, 0]) || bytes.starts(with: [0x4D, 0x4D, 0, 0x2A]) {
            return "a TIFF or raw camera signature"
        }
        if bytes.starts(with: "BM".utf8) { return "a BMP signature" }
        if bytes.starts(with: "%PDF".utf8) { return "a PDF signature" }
        if bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }) { return "text" }
        return "unknown data"
    }

    private static func containerFormat(_ brand: ArraySlice<UInt8>) -> String {
        switch String(decoding: brand, as: UTF8.self) {
        case "heic", "heix", "heim", "heis", "hevc", "mif1", "msf1": "a HEIC signature"
        case "avif", "avis": "an AVIF signature"
        default: "a video signature"
        }
    }
}
