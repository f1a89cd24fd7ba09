import Imaging
import TestSupport
import Testing

@Suite("Resize")
struct ResizeTests {
    @Test("a picture of one colour keeps it at every size")
    func constant() {
        let picture = RGBImage(width: 37, height: 23, red: 3, green: 128, blue: 255)
        for (width, height) in [(1, 1), (36, 22), (37, 24), (74, 5), (200, 300)] {
            let expected = RGBImage(width: width, height: height, red: 3, green: 128, blue: 255)
            #expect(picture.resized(width: width, height: height) == expected)
        }
    }

    @Test("the same size changes nothing")
    func identity() {
        let picture = noise(53, 31)
        #expect(picture.resized(width: 53, height: 31) == picture)
    }

    @Test("one side can stay while the other changes")
    func oneSide() {
        let columns = RGBImage(width: 40, height: 30) { x, _ in (UInt8(6 * x), 0, 255) }
        #expect(
            columns.resized(width: 40, height: 11) == RGBImage(width: 40, height: 11) { x, _ in (UInt8(6 * x), 0, 255) }
        )
        let rows = RGBImage(width: 40, height: 30) { _, y in (UInt8(6 * y), 0, 255) }
        #expect(
            rows.resized(width: 90, height: 30) == RGBImage(width: 90, height: 30) { _, y in (UInt8(6 * y), 0, 255) })
    }

    @Test("the mean brightness stays when a picture shrinks")
    func mean() {
        let picture = noise(300, 200)
        func mean(_ image: RGBImage) -> Double {
            Double(image.bytes.reduce(0) { $0 + Int($1) }) / Double(image.bytes.count)
        }
        for (width, height) in [(150, 100), (101, 67), (30, 20), (7, 3), (1, 1)] {
            #expect(abs(mean(picture.resized(width: width, height: height)) - mean(picture)) < 1.5)
        }
    }

    @Test("slow changes are kept when a picture shrinks and grows")
    func smooth() {
        let picture = gradient(120, 90)
        #expect(difference(picture.resized(width: 50, height: 37), gradient(50, 37)) < 1.5)
        #expect(difference(picture.resized(width: 333, height: 250), gradient(333, 250)) < 1.5)
    }

    @Test("mirroring and resizing can be exchanged")
    func symmetry() {
        let picture = noise(61, 47)
        func turned(_ image: RGBImage) -> RGBImage {
            RGBImage(width: image.width, height: image.height) { x, y in
                let pixel = image[image.width - 1 - x, image.height - 1 - y]
                return (pixel.red, pixel.green, pixel.blue)
            }
        }
        for (width, height) in [(30, 20), (100, 75)] {
            let one = turned(picture.resized(width: width, height: height))
            let other = turned(picture).resized(width: width, height: height)
            #expect(zip(one.bytes, other.bytes).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
        }
    }

    @Test("whole numbers stay within one step of the exact filter")
    func exactness() {
        // Black and white dots drive the filter to its extremes.
        var dice = SplitMix(seed: 5)
        let picture = RGBImage(width: 33, height: 29) { _, _ in
            let number = dice.next()
            return (number & 1 == 0 ? 0 : 255, number & 2 == 0 ? 0 : 255, number & 4 == 0 ? 0 : 255)
        }
        for (width, height) in [(32, 28), (20, 11), (9, 29), (5, 3), (34, 30), (80, 61), (33, 200), (1, 1)] {
            let resized = picture.resized(width: width, height: height)
            let exact = exactlyResized(picture, width: width, height: height)
            let worst = zip(resized.bytes, exact).map { abs(Double($0) - $1) }.max() ?? 0
            #expect(worst < 1.0, "\(width) x \(height)")
        }
    }

    @Test("sizes from 1 to 40 pixels turn into one another")
    func smallSizes() {
        for source in [1, 2, 3, 5, 8, 13, 40] {
            let picture = noise(source, 41 - source)
            for target in 1...40 {
                let resized = picture.resized(width: target, height: 41 - target)
                #expect(resized.width == target && resized.height == 41 - target)
            }
        }
    }

    /// Lanczos in real numbers, columns and rows at once.
    private func exactlyResized(_ image: RGBImage, width: Int, height: Int) -> [Double] {
        let columns = lines(from: image.width, to: width)
        let rows = lines(from: image.height, to: height)
        var result: [Double] = []
        for row in rows {
            for column in columns {
                for c in 0..<3 {
                    var sum = 0.0
                    for (y, down) in row {
                        for (x, across) in column {
                            sum += down * across * Double(image.bytes[3 * (y * image.width + x) + c])
                        }
                    }
                    result.append(min(max(sum, 0), 255))
                }
            }
        }
        return result
    }

    private func lines(from source: Int, to target: Int) -> [[(Int, Double)]] {
        let ratio = Double(source) / Double(target)
        let stretch = max(1, ratio)
        return (0..<target).map { index in
            let centre = (Double(index) + 0.5) * ratio - 0.5
            let weights = (0..<source).map { lanczos((Double($0) - centre) / stretch) }
            let sum = weights.reduce(0, +)
            return weights.enumerated().filter { $0.element != 0 }.map { ($0.offset, $0.element / sum) }
        }
    }

    private func lanczos(_ x: Double) -> Double {
        if abs(x) >= 3 { return 0 }
        return sinc(x) * sinc(x / 3)
    }

    /// sin(pi x) / (pi x) as Euler's product: sound enough here, and unlike the code under test.
    private func sinc(_ x: Double) -> Double {
        (1...20_000).reduce(1.0) { $0 * (1 - x * x / Double($1 * $1)) }
    }
}
