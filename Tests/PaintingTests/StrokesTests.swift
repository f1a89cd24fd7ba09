import Imaging
import Testing

import Painting

@Suite("Strokes")
struct StrokesTests {
    /// A picture in strokes, 0...1, by rows.
    private func stroked(_ image: RGBImage, radius: Int) -> [[SIMD4<Float>]] {
        var strokes = Strokes(width: image.width, radius: radius)
        var result: [[SIMD4<Float>]] = []
        var row = [SIMD4<Float>](repeating: SIMD4(), count: image.width)
        for y in 0..<image.height + radius {
            if y < image.height {
                strokes.take(image.bytes.span.extracting(3 * y * image.width..<3 * (y + 1) * image.width))
            } else {
                strokes.repeatLast()
            }
            if y >= radius {
                strokes.fill(&row, y: y - radius)
                result.append(row)
            }
        }
        return result
    }

    private func image(_ width: Int, _ height: Int, _ light: (Int, Int) -> Int) -> RGBImage {
        RGBImage(
            width: width, height: height,
            bytes: (0..<height).flatMap { y in
                (0..<width).flatMap { x in [UInt8](repeating: UInt8(min(max(light(x, y), 0), 255)), count: 3) }
            })
    }

    @Test("leave a plain surface what it is, up to its borders", arguments: [0, 1, 4, 8])
    func plain(radius: Int) {
        for row in stroked(image(13, 11) { _, _ in 90 }, radius: radius) {
            for colour in row { #expect(abs(colour[0] * 255 - 90) < 0.01) }
        }
    }

    @Test("leave a picture what it is where they reach no pixel")
    func none() {
        let photo = image(9, 7) { x, y in (x * 37 + y * 91) % 256 }
        let made = stroked(photo, radius: 0)
        for y in 0..<7 {
            for x in 0..<9 { #expect(abs(made[y][x][1] * 255 - Float(photo.bytes[3 * (9 * y + x) + 1])) < 0.01) }
        }
    }

    @Test("make a soft edge crisp and smooth what is beside it", arguments: [3, 5])
    func crisp(radius: Int) {
        // A ramp of six pixels between two surfaces with some noise.
        let made = stroked(
            image(40, 24) { x, y in min(max(50 + (x - 17) * 25, 50), 200) + (x * 7 + y * 13) % 9 - 4 }, radius: radius)
        let middle = made[12].map { $0[0] * 255 }
        let between = middle.count { (75...175).contains($0) }
        #expect(between <= 3, "\(between) pixels of the edge are neither dark nor light")
        #expect(abs(middle[8] - middle[10]) < 4)
        #expect(middle[5] < 60 && middle[34] > 190)
    }
}

@Suite("What a network sees")
struct SeenRowsTests {
    private let photo = RGBImage(
        width: 20, height: 15,
        bytes: (0..<15).flatMap { y in
            (0..<20).flatMap { x in [UInt8](repeating: x == 10 && y == 7 ? 20 : 180, count: 3) }
        })

    private func read(_ source: any RowSource) throws -> [UInt8] {
        var row = [UInt8](repeating: 0, count: 3 * source.width)
        try source.readRow(into: &row)
        return row
    }

    @Test(
        "is the photo, and a dark place in it is darker than around, in whatever order both are read",
        arguments: [0, 3, 15])
    func detail(ahead: Int) throws {
        let seen = SeenRows(ImageRows(photo))
        var bytes: [UInt8] = []
        for _ in 0..<ahead { bytes += try read(seen) }
        var detail: [[Float]] = []
        var row = [Float](repeating: 0, count: 20)
        for _ in 0..<15 {
            try seen.readDetail(into: &row)
            detail.append(row)
        }
        for _ in ahead..<15 { bytes += try read(seen) }
        #expect(bytes == photo.bytes)
        #expect(detail[7][10] == detail.flatMap { $0 }.min())
        #expect(detail[7][10] < 0.3)
        // Beside it it is lighter than around, which counts for nothing.
        #expect(detail[7][9] == 1 && detail[0][0] == 1 && detail[14][19] == 1)
    }
}
