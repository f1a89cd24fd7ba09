import Imaging
import Testing

@Suite("Orientation")
struct OrientationTests {
    /// The picture as it has to be stored to be shown as `upright`.
    private func stored(_ upright: RGBImage, _ orientation: Orientation) -> RGBImage {
        let (w, h) = (upright.width, upright.height)
        func pixel(_ x: Int, _ y: Int) -> (UInt8, UInt8, UInt8) {
            let p = upright[x, y]
            return (p.red, p.green, p.blue)
        }
        // As the EXIF standard puts it: where the stored row 0 and column 0 belong.
        return switch orientation {
        case .upright: upright
        case .mirrored: RGBImage(width: w, height: h) { x, y in pixel(w - 1 - x, y) }
        case .turnedAround: RGBImage(width: w, height: h) { x, y in pixel(w - 1 - x, h - 1 - y) }
        case .flipped: RGBImage(width: w, height: h) { x, y in pixel(x, h - 1 - y) }
        // Row 0 is the left side; column 0 is the top.
        case .transposed: RGBImage(width: h, height: w) { x, y in pixel(y, x) }
        // Row 0 is the right side; column 0 is the top.
        case .turnedRight: RGBImage(width: h, height: w) { x, y in pixel(w - 1 - y, x) }
        // Row 0 is the right side; column 0 is the bottom.
        case .transversed: RGBImage(width: h, height: w) { x, y in pixel(w - 1 - y, h - 1 - x) }
        // Row 0 is the left side; column 0 is the bottom.
        case .turnedLeft: RGBImage(width: h, height: w) { x, y in pixel(y, h - 1 - x) }
        }
    }

    @Test("a picture is shown upright however it is stored", arguments: Orientation.allCases)
    func upright(_ orientation: Orientation) throws {
        let picture = gradient(60, 35)
        let exif = ExifFixture(orientation: orientation.rawValue).block
        let file = try Kind.baseline.file(stored(picture, orientation), exif: exif)
        #expect(difference(try RGBImage.decode(.bytes(file, name: "a")), picture) < 1.5)
        let small = try RGBImage.decode(.bytes(file, name: "a"), longestSide: 24)
        #expect(small.width == 24 && small.height == 14)
        #expect(difference(small, gradient(24, 14)) < 2)
    }

    @Test("bands of any height give the same rows", arguments: Orientation.allCases)
    func bands(_ orientation: Orientation) throws {
        let exif = ExifFixture(orientation: orientation.rawValue).block
        let file = try Kind.progressive.file(noise(41, 29), exif: exif)
        let whole = try RGBImage.decode(.bytes(file, name: "a"))
        for bytes in [1, 300, 1000, 2000, 3000] {
            let reader = try PictureReader(.bytes(file, name: "a"), bandBytes: bytes)
            #expect(try RGBImage(reading: reader) == whole)
        }
    }

    @Test("an orientation that does not exist means upright", arguments: [0, 9, 65_535])
    func unknown(_ number: Int) {
        #expect(ExifSummary(parsing: ExifFixture(orientation: number).block).orientation == .upright)
    }
}
