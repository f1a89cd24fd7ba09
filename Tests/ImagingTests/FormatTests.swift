import Imaging
import Testing

/// A toy: binary portable pixmaps (PPM, "P6") of one byte a sample, without comments.
private final class PixmapReader: PictureDecoder {
    static let format = PictureFormat("a PPM signature", Array("P6".utf8)) {
        (input, limits) throws(PictureError) in try PixmapReader(input, limits: limits)
    }

    let facts: PictureFacts
    var time: Duration { .zero }
    var width: Int { facts.size.width }
    var height: Int { facts.size.height }
    private let name: String
    private var rest: ArraySlice<UInt8>

    init(_ input: PictureInput, limits: PictureLimits) throws(PictureError) {
        name = input.name
        guard case .bytes(let bytes, _) = input else { throw PictureError(input.name, .missing) }
        let words = bytes.split(separator: 10, maxSplits: 3, omittingEmptySubsequences: false)
        let numbers = words.dropFirst().first.map { String(decoding: $0, as: UTF8.self).split(separator: " ") } ?? []
        guard words.count == 4, numbers.count == 2, let width = Int(numbers[0]), let height = Int(numbers[1]) else {
            throw PictureError(input.name, .truncated)
        }
        guard width * height <= limits.pixels else {
            throw PictureError(input.name, .tooLarge(width: width, height: height, limits: limits))
        }
        facts = PictureFacts(size: PictureSize(width: width, height: height))
        rest = words[3]
    }

    func readRow(into row: inout MutableSpan<UInt8>) throws(PictureError) {
        guard rest.count >= 3 * width else { throw PictureError(name, .truncated) }
        for (i, sample) in rest.prefix(3 * width).enumerated() { row[i] = sample }
        rest = rest.dropFirst(3 * width)
    }
}

@Suite("Formats of picture files")
struct FormatTests {
    private static let formats = [PixmapReader.format] + PictureFormat.all

    private func pixmap(_ image: RGBImage) -> PictureInput {
        .bytes(Array("P6\n\(image.width) \(image.height)\n255\n".utf8) + image.bytes, name: "a.ppm")
    }

    private func decode(_ input: PictureInput, longestSide: Int? = nil) throws -> RGBImage {
        try RGBImage(
            reading: PictureReader(
                input, limits: .standard, bandBytes: 1 << 20, formats: Self.formats,
                size: { longestSide.map($0.fitted(longestSide:)) ?? $0 }))
    }

    @Test("one line in the table adds a format to all that reads pictures")
    func added() throws {
        let image = gradient(90, 40)
        #expect(try decode(pixmap(image)) == image)
        #expect(try decode(pixmap(image), longestSide: 45) == image.resized(width: 45, height: 20))
        // The others are told apart as before.
        let jpeg = try image.jpeg()
        #expect(try decode(.bytes(jpeg, name: "a")) == RGBImage.decode(.bytes(jpeg, name: "a")))
    }

    @Test("a decoder's refusals are those of the picture")
    func refusals() throws {
        guard case .bytes(let bytes, let name) = pixmap(gradient(20, 20)) else { return }
        #expect(throws: PictureError(name, .truncated)) { try decode(.bytes(Array(bytes.dropLast()), name: name)) }
        #expect(throws: PictureError(name, .notJPEG(is: "text"))) {
            try RGBImage.decode(.bytes(Array(bytes.prefix(12)), name: name))
        }
    }
}
