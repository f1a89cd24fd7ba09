import Imaging
import Seeing
import TestSupport
import Testing

@Suite("An aligned square")
struct AlignedSquareTests {
    private let image: RGBImage = {
        var random = SplitMix(seed: 9)
        return RGBImage(width: 8, height: 8) { _, _ in
            (UInt8(random.int(in: 0...255)), UInt8(random.int(in: 0...255)), UInt8(random.int(in: 0...255)))
        }
    }()

    private func picture(_ square: AlignedSquare, pixels: Int, of image: RGBImage) -> RGBImage {
        var bytes: [UInt8] = []
        var row = [UInt8](repeating: 0, count: 3 * pixels)
        for y in 0..<pixels {
            var span = row.mutableSpan
            square.fillRow(y, of: pixels, from: image, into: &span)
            bytes += row
        }
        return RGBImage(width: pixels, height: pixels, bytes: bytes)
    }

    private func square(
        _ x: Double = 4, _ y: Double = 4, side: Double = 8, along: (Double, Double) = (1, 0), isMirrored: Bool = false
    ) throws -> AlignedSquare {
        try #require(
            AlignedSquare(
                centre: PicturePoint(x: x, y: y), side: side, along: PicturePoint(x: along.0, y: along.1),
                isMirrored: isMirrored))
    }

    @Test("that is the picture shows it byte for byte, also mirrored and turned by a quarter")
    func whole() throws {
        #expect(try picture(square(), pixels: 8, of: image) == image)
        let mirrored = RGBImage(width: 8, height: 8) { x, y in
            let pixel = image[7 - x, y]
            return (pixel.red, pixel.green, pixel.blue)
        }
        #expect(try picture(square(isMirrored: true), pixels: 8, of: image) == mirrored)
        let turned = RGBImage(width: 8, height: 8) { x, y in
            let pixel = image[7 - y, x]
            return (pixel.red, pixel.green, pixel.blue)
        }
        #expect(try picture(square(along: (0, 30)), pixels: 8, of: image) == turned)
    }

    @Test("that is shown at a quarter of its size shows the mean of what lies there")
    func smaller() throws {
        let shown = try picture(square(), pixels: 2, of: image)
        for (x, y) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            var sum = 0
            for row in 0..<4 { for column in 0..<4 { sum += Int(image[4 * x + column, 4 * y + row].green) } }
            #expect(abs(Int(shown[x, y].green) - sum / 16) <= 1)
        }
    }

    @Test("outside the picture shows its nearest pixels, however far away it lies")
    func outside() throws {
        let shown = try picture(square(900_000, 4), pixels: 8, of: image)
        for y in 0..<8 { for x in 0..<8 { #expect(shown[x, y] == image[7, y]) } }
        let corner = try picture(square(-50, -50, side: 10), pixels: 4, of: image)
        #expect(corner == RGBImage(width: 4, height: 4) { _, _ in image[0, 0] })
        let dot = RGBImage(width: 1, height: 1, red: 7, green: 8, blue: 9)
        #expect(try picture(square(0.5, 0.5, side: 1), pixels: 3, of: dot).bytes == [7, 8, 9] * 9)
    }

    @Test("tells where its corners are in the picture")
    func corners() throws {
        let turned = try square(10, 20, side: 4, along: (3, 4))
        let corner = turned.picturePoint(0, 0)
        #expect(abs(corner.x - (10 - 1.2 + 1.6)) < 1e-12 && abs(corner.y - (20 - 1.6 - 1.2)) < 1e-12)
        #expect(turned.picturePoint(0.5, 0.5) == PicturePoint(x: 10, y: 20))
        let mirrored = try square(10, 20, side: 4, along: (3, 4), isMirrored: true)
        #expect(mirrored.picturePoint(1, 0) == corner)
    }

    @Test("has a place, a side and a direction, or does not exist")
    func nonsense() {
        let place = PicturePoint(x: 1, y: 1)
        for side in [0, -1, .nan, .infinity] {
            #expect(AlignedSquare(centre: place, side: side, along: place) == nil)
        }
        #expect(AlignedSquare(centre: place, side: 1, along: PicturePoint(x: 0, y: 0)) == nil)
        #expect(AlignedSquare(centre: place, side: 1, along: PicturePoint(x: .infinity, y: 0)) == nil)
        #expect(AlignedSquare(centre: PicturePoint(x: .nan, y: 0), side: 1, along: place) == nil)
    }
}

private func * (bytes: [UInt8], count: Int) -> [UInt8] { (0..<count).flatMap { _ in bytes } }
