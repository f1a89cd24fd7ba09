import Imaging
import Painting
import Testing

@Suite("The pen's canvas")
struct PenCanvasTests {
    private func area(_ coverage: PenCoverage) -> Double { Double(coverage.bytes.reduce(0) { $0 + Int($1) }) / 255 }

    @Test("What is covered adds up to the shape's area, wherever it lies")
    func area() {
        for offset in [0.0, 0.13, 0.5, 0.77] {
            let square = [PenPoint(10, 12), PenPoint(30.5, 12), PenPoint(30.5, 25.25), PenPoint(10, 25.25)]
                .map { $0 + PenPoint(offset, offset) }
            #expect(abs(area(PenCoverage(square, side: 64)) - 20.5 * 13.25) < 3)
            let circle = Circle.ellipse(PenPoint(32 + offset, 31), across: PenPoint(15, 0), down: PenPoint(0, 9))
            #expect(abs(area(PenCoverage(circle, side: 64)) - 3.1416 * 15 * 9) < 3)
        }
    }

    @Test("A pixel that is half covered is half coloured, and its neighbours are not")
    func halfPixel() {
        let coverage = PenCoverage(
            [PenPoint(2, 2), PenPoint(3.5, 2), PenPoint(3.5, 3), PenPoint(2, 3)], side: 8)
        #expect(coverage.bytes.prefix(2) == [255, 128])
        var canvas = PenCanvas(RGBImage(width: 8, height: 8))
        canvas.fill(coverage, PenColour(white: 1))
        let image = canvas.image
        #expect(image[2, 2] == (255, 255, 255))
        #expect(image[3, 2] == (128, 128, 128))
        #expect(image.changes(from: RGBImage(width: 8, height: 8)) == 2)
    }

    @Test("Two shapes that share an edge leave no gap and cover nothing twice")
    func sharedEdge() {
        let edge = [PenPoint(20.3, 5), PenPoint(33.7, 41)]
        let one = PenCoverage([PenPoint(5, 5), edge[0], edge[1], PenPoint(5, 41)], side: 64)
        let two = PenCoverage([edge[0], PenPoint(60, 5), PenPoint(60, 41), edge[1]], side: 64)
        #expect(abs(area(one) + area(two) - 55 * 36) < 1)
    }

    @Test("A soft shape keeps its area")
    func softness() {
        let circle = Circle.ellipse(PenPoint(40, 40), across: PenPoint(12, 0), down: PenPoint(0, 12))
        for softness in [0.3, 1, 2.6, 5] {
            let soft = PenCoverage(circle, side: 80, softness: softness)
            #expect(abs(area(soft) - area(PenCoverage(circle, side: 80))) < 8, "\(softness)")
        }
    }

    @Test("Nothing is drawn through a clip, a hidden place, or by an opacity of 0")
    func limits() {
        let all = [PenPoint(0, 0), PenPoint(16, 0), PenPoint(16, 16), PenPoint(0, 16)]
        let left = [PenPoint(0, 0), PenPoint(8, 0), PenPoint(8, 16), PenPoint(0, 16)]
        let black = RGBImage(width: 16, height: 16)
        var canvas = PenCanvas(black)
        canvas.fill(all, PenColour(white: 1), opacity: 0)
        #expect(canvas.image == black)
        canvas.visible = PenCoverage(all, side: 16).subtracting(PenCoverage(left, side: 16))
        canvas.fill(all, PenColour(white: 1), clip: PenCoverage(left, side: 16))
        #expect(canvas.image == black)
        canvas.fill(all, PenColour(white: 1))
        #expect(canvas.image.changes(from: black) == 128)
    }

    @Test("Shapes that are no shapes cover nothing")
    func noShapes() {
        let places = [
            [], [PenPoint(1, 1)], [PenPoint(1, 1), PenPoint(5, 5)],
            [PenPoint(.nan, 1), PenPoint(5, 5), PenPoint(1, 9)],
            [PenPoint(.infinity, 1), PenPoint(5, 5), PenPoint(1, 9)],
            [PenPoint(1e300, 1), PenPoint(5, 5), PenPoint(1, 9)],
            [PenPoint(-50, -50), PenPoint(-40, -50), PenPoint(-40, -40)],
        ]
        for outline in places { #expect(area(PenCoverage(outline, side: 16)) == 0) }
    }

    @Test("Lab colours of sRGB come back as they were")
    func lab() {
        for red in stride(from: 0, through: 255, by: 17) {
            for green in stride(from: 0, through: 255, by: 51) {
                for blue in stride(from: 0, through: 255, by: 51) {
                    let colour = PenColour(red: UInt8(red), green: UInt8(green), blue: UInt8(blue))
                    #expect(LabColour(colour).colour == colour)
                }
            }
        }
        let red = LabColour(PenColour(red: 255, green: 0, blue: 0))
        #expect(abs(red.lightness - 53.24) < 0.05 && abs(red.a - 80.09) < 0.1 && abs(red.b - 67.2) < 0.1)
    }

    @Test("A line goes through all its points, at even steps")
    func curve() {
        let points = [PenPoint(0, 0), PenPoint(10, 4), PenPoint(13, 15), PenPoint(30, 18)]
        let line = PenCurve.through(points, count: 200)
        for point in points { #expect(line.map { ($0 - point).length }.min() ?? 9 < 0.2) }
        let steps = zip(line, line.dropFirst()).map { ($1 - $0).length }
        #expect((steps.max() ?? 9) < 2 * (steps.min() ?? 0))
    }
}
