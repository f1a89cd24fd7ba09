import Imaging
import Testing

import Painting

@Suite("A drawing")
struct DrawingTests {
    /// An underpainting of a disc of one kind in the middle of a square, whose edge is as soft as wished.
    private func disc(
        side: Int = 64, radius: Float = 0.3, softness: Float, _ fields: [UnderpaintedField],
        colour: SIMD4<Float> = SIMD4(0.8, 0.6, 0.5, 0)
    ) -> [UnderpaintedRow] {
        (0..<side).map { y in
            var row = UnderpaintedRow(width: side)
            for x in 0..<side {
                let (dx, dy) = (Float(x) + 0.5 - Float(side) / 2, Float(y) + 0.5 - Float(side) / 2)
                let inside = radius * Float(side) - (dx * dx + dy * dy).squareRoot()
                let level = min(max(0.5 + inside / (2 * softness), 0), 1)
                row.colours[x] = SIMD4(0.2, 0.3, 0.4, 0) + (colour - SIMD4(0.2, 0.3, 0.4, 0)) * level
                for field in fields { row.fields[x][field.rawValue] = level }
                row.fields[x][UnderpaintedField.tone.rawValue] = 0.35
            }
            return row
        }
    }

    private func drawing(_ rows: [UnderpaintedRow], side: Int, _ style: DrawnStyle = DrawnStyle()) -> FaceDrawing {
        let painting = Underpainting(rows: rows)
        return FaceDrawing(painting, side: side, tones: CelTones(painting), style: style)
    }

    @Test(
        "has a beard where both sides of the lower face are far darker than skin, and none in a shadow on one of them")
    func beard() {
        func beard(light: UInt8, isOnBothSides: Bool) -> SIMD4<Float>? {
            var rows = disc(softness: 1, [.person, .skin])
            var photo = RGBImage(width: 32, height: 32)
            for y in 0..<64 {
                for x in 0..<64 {
                    let isShade = y > 36 && y < 50 && (isOnBothSides || x < 32)
                    if isShade { rows[y].fields[x][UnderpaintedField.shade.rawValue] = 1 }
                    for channel in 0..<3 { photo.bytes[3 * (32 * (y / 2) + x / 2) + channel] = isShade ? light : 170 }
                }
            }
            let painting = Underpainting(rows: rows)
            var tones = CelTones(painting)
            tones.compare(with: photo, painting)
            return tones.beard
        }
        #expect(beard(light: 120, isOnBothSides: true) == nil)
        #expect(beard(light: 40, isOnBothSides: false) == nil)
        #expect((beard(light: 40, isOnBothSides: true)?[0] ?? 1) < 0.4)
    }

    @Test("has skin hardly lighter than in the photo, a little more so where it was dark")
    func lightness() {
        let painting = Underpainting(rows: disc(softness: 1, [.person, .skin], colour: SIMD4(0.9, 0.75, 0.7, 0)))
        func base(skin: UInt8, around: UInt8) -> Float? {
            var photo = RGBImage(width: 32, height: 32)
            for y in 0..<32 {
                for x in 0..<32 {
                    let inside = (x - 16) * (x - 16) + (y - 16) * (y - 16) < 90
                    for channel in 0..<3 { photo.bytes[3 * (32 * y + x) + channel] = inside ? skin : around }
                }
            }
            var tones = CelTones(painting)
            tones.compare(with: photo, painting)
            return tones.base?[0]
        }
        // What the network made is (0.9, 0.75, 0.7), which is 80 of 100 light, on a ground of 0.29.
        #expect(base(skin: 190, around: 190) == CelTones(painting).base?[0])
        #expect((base(skin: 120, around: 190) ?? 1) < 0.75)
        #expect((base(skin: 250, around: 250) ?? 0) > 0.95)
        let (byDay, inTheDark) = (base(skin: 60, around: 190) ?? 1, base(skin: 60, around: 20) ?? 0)
        #expect(inTheDark > byDay + 0.04 && inTheDark < byDay + 0.2)
    }

    @Test("has crisp edges, however soft what it is drawn of is")
    func crisp() {
        for softness: Float in [0.7, 2, 6] {
            let drawn = drawing(disc(softness: softness, [.person, .skin]), side: 256)
            let between = drawn.skin.count { (26...229).contains($0) }
            // The disc's edge is 483 pixels long.
            #expect(between < 1100, "softness \(softness): \(between) pixels are neither skin nor none")
            let area = drawn.skin.reduce(0) { $0 + Int($1) } / 255
            #expect((17_000...20_000).contains(area), "softness \(softness): the disc has \(area) pixels, not 18,530")
        }
    }

    @Test("gives skin one tone, and another one in the shade")
    func tones() {
        var painting = disc(softness: 1, [.person, .skin])
        painting = painting.enumerated().map { y, row in
            var row = row
            for x in 0..<painting.count where row.fields[x][UnderpaintedField.skin.rawValue] > 0 {
                // A light that falls off, which no cel has, and a shadow on the right.
                row.colours[x] *= 1 - 0.1 * Float(y) / Float(painting.count)
                if x > 40 {
                    row.fields[x][UnderpaintedField.shade.rawValue] = 1
                    row.colours[x] *= 0.75
                }
            }
            return row
        }
        let drawn = drawing(painting, side: 128)
        func colour(_ x: Int, _ y: Int) -> [UInt8] {
            Array(drawn.image.bytes[3 * (y * 128 + x)..<3 * (y * 128 + x) + 3])
        }
        #expect(colour(60, 45) == colour(60, 85))
        #expect(colour(92, 60) == colour(92, 70))
        #expect(Int(colour(92, 64)[0]) < Int(colour(60, 64)[0]) - 20)
        #expect(CelTones(Underpainting(rows: painting)).light < -0.5, "the light comes from the left")
    }

    @Test("gives hair the colour that was wished, in light and dark clumps")
    func tinted() {
        var painting = disc(softness: 1, [.person, .hair], colour: SIMD4(0.2, 0.15, 0.1, 0))
        painting = painting.map { row in
            var row = row
            for x in 0..<painting.count {
                row.fields[x][UnderpaintedField.tone.rawValue] = x < 26 ? 0.1 : x < 38 ? 0.35 : 0.6
            }
            return row
        }
        var style = DrawnStyle()
        style.hair = .blue
        let drawn = drawing(painting, side: 128, style)
        func colour(_ x: Int) -> [Int] {
            drawn.image.bytes[3 * (64 * 128 + x)..<3 * (64 * 128 + x) + 3].map { Int($0) }
        }
        for x in [45, 64, 82] { #expect(colour(x)[2] > colour(x)[0] + 25, "\(colour(x))") }
        #expect(colour(45)[2] < colour(64)[2] && colour(64)[2] < colour(82)[2])
    }

    @Test("outlines what it draws with lines as wide as the style says")
    func outlined() {
        func outlined(_ line: Double) -> RGBImage {
            var style = DrawnStyle()
            style.line = line
            return drawing(disc(side: 256, softness: 1, [.person]), side: 256, style).image
        }
        let hairline = outlined(0.3)
        func darker(_ line: Double) -> Int {
            let image = outlined(line)
            return (0..<256 * 256).reduce(0) { $0 + max(0, Int(hairline.bytes[3 * $1]) - Int(image.bytes[3 * $1])) }
        }
        let (thin, wide) = (darker(1), darker(2))
        #expect(thin > 1000 && wide > 2 * thin, "\(thin) and \(wide)")
    }

    @Test("is the same of the same at every size, and of a square of any side")
    func sizes() {
        let painting = disc(softness: 2, [.person, .skin])
        for side in [1, 2, 16, 63, 64, 65, 500] {
            let drawn = drawing(painting, side: side)
            #expect(drawn.image.width == side && drawn.skin.count == side * side)
            #expect(drawn.image == drawing(painting, side: side).image)
        }
    }

    @Test("keeps what the photo shows on skin, where features are not drawn")
    func detail() {
        var drawn = drawing(disc(softness: 1, [.person, .skin]), side: 64)
        let before = drawn.image
        // A dark eye on light skin.
        let photo = RGBImage(width: 64, height: 64) { x, y in
            (28..<36).contains(x) && (30..<34).contains(y) ? (40, 40, 40) : (200, 170, 150)
        }
        drawn.keepDetail(of: photo, part: 1)
        #expect(drawn.image[32, 32].green < before[32, 32].green / 2 + 10)
        #expect(abs(Int(drawn.image[24, 44].green) - Int(before[24, 44].green)) < 12)
        #expect(drawn.image[2, 2] == before[2, 2])
    }
}
