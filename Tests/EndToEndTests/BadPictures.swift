/// Photos that cannot be converted, and what is said about each.
enum BadPicture: CaseIterable {
    case missing, folder, empty, png, text, onlyMarker, truncatedHeader, truncatedHalf, truncatedEnd, huge, wide

    /// The bytes of the file; nil where there is none.
    func bytes() throws -> [UInt8]? {
        let whole = contents(Places.photo)
        switch self {
        case .missing, .folder: return nil
        case .empty: return []
        case .png: return Self.smallPNG
        case .text: return Array("Dear diary, today I took no photo.\n".utf8)
        case .onlyMarker: return [0xFF, 0xD8, 0xFF]
        case .truncatedHeader: return Array(whole.prefix(200))
        case .truncatedHalf: return Array(whole.prefix(whole.count / 2))
        case .truncatedEnd: return Array(whole.dropLast(2))
        case .huge: return claiming(65_500, 65_500, whole)
        case .wide: return claiming(40_000, 10, whole)
        }
    }

    /// The sentence's end, after the photo's name.
    var sentence: String {
        switch self {
        case .missing: "does not exist."
        case .folder: "has no pictures; files that end in .jpg or .jpeg are looked for."
        case .empty: "is empty: a JPEG file is expected."
        case .png: "is not a JPEG picture: it begins with a PNG signature; JPEG files are accepted."
        case .text: "is not a JPEG picture: it begins with text; JPEG files are accepted."
        case .onlyMarker, .truncatedHeader, .truncatedHalf, .truncatedEnd:
            "is cut off: the file ends before the picture does."
        case .huge:
            "claims 65500 x 65500 pixels; at most 100 megapixels and 32768 pixels a side are accepted."
        case .wide: "claims 40000 x 10 pixels; at most 100 megapixels and 32768 pixels a side are accepted."
        }
    }

    private func claiming(_ width: Int, _ height: Int, _ whole: [UInt8]) -> [UInt8]? {
        guard let frame = frame(whole) else { return nil }
        var bytes = whole
        bytes.replaceSubrange(
            frame + 5..<frame + 9,
            with: [UInt8(height >> 8), UInt8(height & 255), UInt8(width >> 8), UInt8(width & 255)])
        return bytes
    }

    /// Where the frame's marker is.
    private func frame(_ bytes: [UInt8]) -> Int? { bytes.firstRange(of: [0xFF, 0xC0])?.lowerBound }

    /// A picture of one red pixel.
    private static let smallPNG: [UInt8] = [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52,
        0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53,
        0xDE, 0x00, 0x00, 0x00, 0x0C, 0x49, 0x44, 0x41, 0x54, 0x08, 0xD7, 0x63, 0xF8, 0xCF, 0xC0, 0x00,
        0x00, 0x03, 0x01, 0x01, 0x00, 0x18, 0xDD, 0x8D, 0xB0, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E,
        0x44, 0xAE, 0x42, 0x60, 0x82,
    ]
}
