import Imaging
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite("Bad input")
struct BadInputTests {
    @Test("a missing file is named")
    func missing() {
        #expect(failure(reading: .file(path: "/nowhere/a.jpg"))?.description == "/nowhere/a.jpg does not exist.")
    }

    @Test("a folder is not a picture")
    func folder() {
        let error = failure(reading: .file(path: "/tmp"))
        #expect(error?.description == "/tmp is a folder where a picture file is expected.")
    }

    @Test("an empty file is called empty")
    func empty() {
        let folder = TemporaryFolder()
        let path = folder.add("a.jpg", [])
        #expect(failure(reading: .file(path: path))?.reason == .empty)
        #expect(
            failure(reading: .bytes([], name: "a.jpg"))?.description == "a.jpg is empty: a JPEG file is expected.")
    }

    @Test(
        "other formats are named",
        arguments: [
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A], "a PNG signature"),
            (Array("GIF89a....".utf8), "a GIF signature"),
            (Array("RIFF0000WEBPVP8 ".utf8), "a WebP signature"),
            ([0, 0, 0, 24] + Array("ftypheic0000mif1".utf8), "a HEIC signature"),
            ([0, 0, 0, 24] + Array("ftypavif0000mif1".utf8), "an AVIF signature"),
            ([0, 0, 0, 24] + Array("ftypisom0000".utf8), "a video signature"),
            ([0x49, 0x49, 0x2A, 0, 8, 0, 0, 0], "a TIFF or raw camera signature"),
            (Array("hello, this is no picture\n".utf8), "text"),
            ([0, 1, 2, 3, 4, 5], "unknown data"),
        ] as [([UInt8], String)])
    func foreign(_ bytes: [UInt8], _ format: String) {
        #expect(
            failure(reading: .bytes(bytes, name: "photo.jpg"))?.description
                == "photo.jpg is not a JPEG picture: it begins with \(format); JPEG files are accepted.")
    }

    @Test("a JPEG cut off anywhere is refused with one sentence", arguments: Kind.allCases)
    func truncated(_ kind: Kind) throws {
        let bytes = try kind.file(gradient(40, 30), exif: ExifFixture(orientation: 6).block)
        for count in 1..<bytes.count {
            let error = failure(reading: .bytes(Array(bytes.prefix(count)), name: "a.jpg"))
            let reason = try #require(error?.reason, "\(count) of \(bytes.count) bytes were taken for a picture")
            if count > 2 { #expect(reason == .truncated, "\(count) of \(bytes.count) bytes") }
        }
    }

    @Test("a cut-off JPEG is refused at every size and orientation", arguments: Orientation.allCases)
    func truncatedAndResized(_ orientation: Orientation) throws {
        let exif = ExifFixture(orientation: orientation.rawValue).block
        let bytes = try Kind.baseline.file(noise(90, 70), exif: exif)
        for side in [5, 11, 23, 45, 60, 89, 90, 200] {
            for missing in [1, 2, 100, 3000] {
                let input = PictureInput.bytes(Array(bytes.dropLast(missing)), name: "a.jpg")
                #expect(throws: PictureError("a.jpg", .truncated)) {
                    _ = try RGBImage.decode(input, longestSide: side)
                }
            }
        }
    }

    @Test("a cut-off file on disk is refused too")
    func truncatedFile() throws {
        let folder = TemporaryFolder()
        let bytes = try Kind.baseline.file(noise(300, 300))
        for part in [40_000, 16_384, 1000] {
            let path = folder.add("a.jpg", Array(bytes.prefix(part)))
            let error = failure(reading: .file(path: path))
            #expect(error?.description == "\(path) is cut off: the file ends before the picture does.")
        }
    }

    @Test("a picture that claims 65500 x 65500 pixels is refused before memory is taken")
    func hugeClaim() throws {
        for kind in Kind.allCases {
            let bytes = try claiming(65_500, 65_500, kind.file(gradient(16, 16)))
            #expect(
                failure(reading: .bytes(bytes, name: "a.jpg"))?.description
                    == "a.jpg claims 65500 x 65500 pixels; at most 100 megapixels and 32768 pixels a side are accepted."
            )
        }
    }

    @Test("the limits hold for pixels, sides and scans")
    func limits() throws {
        let limits = PictureLimits(pixels: 1000, side: 100, scanBytes: 3000, inputBytes: 1000)
        let picture = try Kind.baseline.file(gradient(40, 25))
        #expect(failure(reading: .bytes(picture, name: "a"), limits: limits) == nil)
        let more = try Kind.baseline.file(gradient(40, 26))
        #expect(
            failure(reading: .bytes(more, name: "a"), limits: limits)?.reason
                == .tooLarge(width: 40, height: 26, limits: limits))
        let longer = try Kind.baseline.file(gradient(101, 2))
        #expect(
            failure(reading: .bytes(longer, name: "a"), limits: limits)?.reason
                == .tooLarge(width: 101, height: 2, limits: limits))
        let scans = try Kind.progressive.file(gradient(40, 25))
        #expect(
            failure(reading: .bytes(scans, name: "a"), limits: limits)?.reason
                == .tooManyScanBytes(needed: 5 * 4 * 3 * 128, limits: limits))
    }

    @Test("a picture with two components is refused as a rare kind")
    func oddColours() throws {
        var bytes = try Kind.grey.file(gradient(16, 16))
        let frame = try #require(frameStart(bytes))
        // One component of three bytes becomes two; the frame's length follows.
        bytes[frame + 3] += 3
        bytes[frame + 9] = 2
        bytes.insert(contentsOf: [2, 0x11, 0], at: frame + 13)
        let error = try #require(failure(reading: .bytes(bytes, name: "a.jpg")))
        #expect(
            error.description
                == "a.jpg is a JPEG file with an unknown set of colours; 8-bit greyscale, colour and CMYK JPEG files are"
                + " accepted.")
    }

    @Test("a picture of 12 bits a sample is refused as a rare kind")
    func precision() throws {
        var bytes = try Kind.baseline.file(gradient(16, 16))
        bytes[try #require(frameStart(bytes)) + 4] = 12
        let error = try #require(failure(reading: .bytes(bytes, name: "a.jpg")))
        guard case .unsupported = error.reason else {
            Issue.record("\(error)")
            return
        }
    }

    @Test("damaged files are decoded or refused, never more", arguments: Kind.allCases)
    func damaged(_ kind: Kind) throws {
        let exif = ExifFixture(orientation: 8, taken: "2024:02:29 23:59:59", offset: "-03:30").block
        let bytes = try kind.file(noise(24, 17), exif: exif)
        var dice = SplitMix(seed: 99)
        let limits = PictureLimits(pixels: 300_000, side: 4000, scanBytes: 2_000_000, inputBytes: 0)
        for _ in 0..<600 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &dice) {
                let place = Int.random(in: 2..<damaged.count, using: &dice)
                damaged[place] = UInt8.random(in: 0...255, using: &dice)
            }
            if let error = failure(reading: .bytes(damaged, name: "a.jpg"), limits: limits) {
                #expect(error.description.hasPrefix("a.jpg ") && error.description.hasSuffix("."))
            }
        }
    }

    @Test("too long an input is refused")
    func longInput() throws {
        let folder = TemporaryFolder()
        let path = folder.add("a", [UInt8](repeating: 1, count: 5000))
        let limits = PictureLimits(pixels: 1, side: 1, scanBytes: 1, inputBytes: 4999)
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        #expect(throws: PictureError("standard input", .tooLong(limits: limits))) {
            try PictureInput.reading(descriptor: descriptor, name: "standard input", limits: limits)
        }
    }

    /// The file with another size in its frame header.
    private func claiming(_ width: Int, _ height: Int, _ file: [UInt8]) throws -> [UInt8] {
        var file = file
        let frame = try #require(frameStart(file))
        file.replaceSubrange(
            frame + 5..<frame + 9,
            with: [UInt8(height >> 8), UInt8(height & 255), UInt8(width >> 8), UInt8(width & 255)])
        return file
    }

    /// Where the frame's marker is: SOF0 or SOF2.
    private func frameStart(_ file: [UInt8]) -> Int? {
        file.indices.dropLast().first { file[$0] == 0xFF && (file[$0 + 1] == 0xC0 || file[$0 + 1] == 0xC2) }
    }
}
