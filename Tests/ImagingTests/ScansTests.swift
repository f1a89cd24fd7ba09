import CAllocationCount
import Imaging
import Testing

@Suite("Pictures in several scans, and in memory")
struct ScansTests {
    private func file(_ image: RGBImage, quality: Int = 92, isProgressive: Bool) throws -> [UInt8] {
        var options = JPEGWriter.Options(quality: quality)
        options.isProgressive = isProgressive
        return try image.jpeg(options)
    }

    /// Pictures whose coefficients are 0, small and large.
    private static let pictures = [
        gradient(333, 97), noise(160, 121), RGBImage(width: 75, height: 75, red: 200),
        RGBImage(width: 130, height: 70) { x, y in
            let level: UInt8 = (x / 3 + y / 5) % 2 == 0 ? 0 : 255
            return (level, 255 - level, x < 60 ? level : 0)
        },
    ]

    @Test("one scan or several give the same rows at every size", arguments: [50, 92, 100], 0..<4)
    func sameRows(_ quality: Int, _ picture: Int) throws {
        let image = Self.pictures[picture]
        let one = try file(image, quality: quality, isProgressive: false)
        let several = try file(image, quality: quality, isProgressive: true)
        for side in [nil, 60, 30, 10] {
            #expect(
                try RGBImage.decode(.bytes(one, name: "one"), longestSide: side)
                    == RGBImage.decode(.bytes(several, name: "several"), longestSide: side))
        }
    }

    @Test("coefficients of a photo are held in a quarter of their bytes")
    func packed() throws {
        let image = RGBImage(width: 800, height: 600) { x, y in
            let grain = UInt8(truncatingIfNeeded: (x &* 7919) ^ (y &* 104_729)) & 3
            return (UInt8(x / 4) + grain, UInt8(y / 3) + grain, UInt8((x + y) / 8) + grain)
        }
        let input = PictureInput.bytes(try file(image, quality: 85, isProgressive: true), name: "a")
        let needed = try JPEGReader(input).info.scanBytes
        #expect(needed == 800 * 600 * 2 + 2 * 400 * 304 * 2)
        let limits = PictureLimits(
            pixels: 1_000_000, side: 1000, scanBytes: needed, packedScanBytes: needed / 4, inputBytes: 0)
        #expect(failure(reading: input, limits: limits) == nil)
    }

    @Test("a picture whose coefficients do not fit packed is refused with what is allowed")
    func tooDetailed() throws {
        let limits = PictureLimits(
            pixels: 1_000_000, side: 1000, scanBytes: 10_000_000, packedScanBytes: 100_000, inputBytes: 0)
        for image in [noise(400, 400), noise(40, 40)] {
            let one = PictureInput.bytes(try file(image, isProgressive: false), name: "a.jpg")
            #expect(failure(reading: one, limits: limits) == nil)
            let several = PictureInput.bytes(try file(image, isProgressive: true), name: "a.jpg")
            let isRefused = image.width > 40
            #expect(
                (failure(reading: several, limits: limits)?.reason == .tooManyPackedBytes(limits: limits)) == isRefused)
        }
        var words = limits
        words.packedScanBytes = 8_000_000
        #expect(
            PictureError("a.jpg", .tooManyPackedBytes(limits: words)).description
                == "a.jpg is stored in several scans and needs more than the 8 MB that are allowed to decode it; a"
                + " baseline JPEG of this size needs far less.")
    }

    @Test("a file in memory is not copied to be decoded")
    func lent() throws {
        var bytes = try file(gradient(200, 100), isProgressive: false)
        // What follows the picture is never looked at.
        bytes += [UInt8](repeating: 0, count: 8_000_000)
        allocation_count_begin()
        let image = try RGBImage.decode(.bytes(bytes, name: "a"))
        _ = allocation_count_end()
        #expect(allocation_count_bytes() < 1_000_000)
        #expect(image.width == 200)
    }

    @Test("notes are added to a photo without copying its pixels")
    func pieces() throws {
        let photo = try file(gradient(200, 100), isProgressive: false) + [UInt8](repeating: 0, count: 8_000_000)
        let notes = PhotoNotes(number: 42, style: "cute")
        let whole = notes.added(toJPEG: photo)
        allocation_count_begin()
        let pieces = notes.pieces(ofJPEG: photo)
        _ = allocation_count_end()
        #expect(allocation_count_bytes() < 1_000_000)
        #expect(Array(pieces.joined()) == whole)
    }
}
