import Imaging
import Painting
import Testing

@Suite("The caricature")
struct FaceWarpTests {
    @Test("The jaw becomes narrower and the chin higher, and eyes stay where they are")
    func shape() throws {
        let face = try #require(PenFixtures.face)
        let side = Double(PenFixtures.side)
        let moved = FaceWarp(face, side: side, style: DrawnStyle()).moved(face, side: side)
        #expect((moved[172] - moved[397]).length < 0.97 * (face[172] - face[397]).length)
        #expect(moved[152].y < face[152].y - 0.03 * face.height)
        for (one, other) in zip(moved.eyes, face.eyes) {
            #expect((one.centre - other.centre).length < 0.01 * face.width)
        }
    }

    @Test("Pictures and points are moved alike")
    func alike() throws {
        let face = try #require(PenFixtures.face)
        let warp = FaceWarp(face, side: 256, style: DrawnStyle())
        let moved = warp.moved(face, side: 256)
        for index in [152, 172, 397, 61, 291, 17, 50] {
            // A spot where the point was is a spot where it is.
            let spot = PenCoverage(
                Circle.ellipse(face[index], across: PenPoint(4, 0), down: PenPoint(0, 4)), side: 256)
            var canvas = PenCanvas(RGBImage(width: 256, height: 256))
            canvas.fill(spot, PenColour(white: 1))
            let image = warp.apply(to: canvas.image)
            var (sum, weight) = (PenPoint(0, 0), 0.0)
            for y in 0..<256 {
                for x in 0..<256 {
                    let light = Double(image[x, y].red)
                    sum += PenPoint(Double(x) + 0.5, Double(y) + 0.5) * light
                    weight += light
                }
            }
            #expect((sum / max(weight, 1) - moved[index]).length < 0.6, "\(index)")
        }
    }

    @Test("A style that leaves the jaw alone leaves the picture alone, and what lies outside of the face stays")
    func rest() throws {
        let seen = try #require(PenFixtures.seen)
        let face = try #require(PenFixtures.face)
        var style = DrawnStyle()
        let warped = FaceWarp(face, side: 256, style: style).apply(to: seen.cutOut)
        #expect(warped.changes(from: seen.cutOut) { _, y in Double(y) < face.middle.y } == 0)
        #expect(warped.changes(from: seen.cutOut) { x, _ in x < 16 || x > 240 } == 0)
        style.jaw = 0
        #expect(FaceWarp(face, side: 256, style: style).apply(to: seen.cutOut) == seen.cutOut)
    }

    @Test("The same picture gives the same bytes at any size", arguments: [1, 2, 17, 64, 300])
    func sizes(side: Int) throws {
        let face = try #require(PenFixtures.face)
        let warp = FaceWarp(face, side: 256, style: DrawnStyle())
        let image = RGBImage(width: side, height: side) { x, y in (UInt8(x & 255), UInt8(y & 255), 7) }
        #expect(warp.apply(to: image) == warp.apply(to: image))
    }
}
