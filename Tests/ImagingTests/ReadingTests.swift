import Imaging
import Testing

@Suite("Reading JPEG files")
struct ReadingTests {
    @Test("every kind of JPEG file becomes RGB", arguments: Kind.allCases)
    func kinds(_ kind: Kind) throws {
        let picture = gradient(75, 50)
        let read = try RGBImage.decode(.bytes(kind.file(picture), name: "a"))
        let expected =
            kind.isGrey
            ? RGBImage(width: 75, height: 50) { x, y in
                let green = picture[x, y].green
                return (green, green, green)
            } : picture
        #expect(difference(read, expected) < 1.5)
    }

    @Test("black ink darkens the other inks")
    func blackInk() throws {
        let writer = try JPEGWriter(width: 16, height: 16, options: Kind.cmyk.options)
        let row = (0..<16).flatMap { _ in [200, 100, 50, 128] as [UInt8] }
        for _ in 0..<16 { try writer.writeRow(row.span) }
        try writer.finish()
        let pixel = try RGBImage.decode(.bytes(writer.bytes, name: "a"))[8, 8]
        #expect(abs(Int(pixel.red) - 100) <= 2 && abs(Int(pixel.green) - 50) <= 2 && abs(Int(pixel.blue) - 25) <= 2)
    }

    @Test("inks are the other way round without Adobe's marker")
    func plainInks() throws {
        let file = try Kind.cmyk.file(RGBImage(width: 16, height: 16, red: 255, green: 155, blue: 55))
        // The marker is APP14, 14 bytes long: as a comment it says nothing.
        var plain = file
        let marker = try #require(file.indices.dropLast().first { file[$0] == 0xFF && file[$0 + 1] == 0xEE })
        plain[marker + 1] = 0xFE
        let dark = try RGBImage.decode(.bytes(plain, name: "a"))[8, 8]
        #expect(dark.red <= 2 && dark.green <= 2 && dark.blue <= 2)
    }

    @Test("the decoder shrinks to the smallest size that is not below the wanted one")
    func denominators() throws {
        let reader = try JPEGReader(.bytes(Kind.baseline.file(gradient(333, 200)), name: "a"))
        func step(_ width: Int, _ height: Int) -> Int {
            reader.denominator(for: PictureSize(width: width, height: height))
        }
        #expect(step(333, 200) == 1)
        #expect(step(168, 100) == 1)
        #expect(step(167, 100) == 2)
        #expect(step(84, 51) == 2)
        #expect(step(84, 50) == 4)
        #expect(step(42, 25) == 8)
        #expect(step(1, 1) == 8)
        #expect(step(400, 10) == 1)
    }

    @Test("a shrunken picture has its size rounded up", arguments: [1, 2, 4, 8])
    func shrunkenSizes(_ denominator: Int) throws {
        for kind in Kind.allCases {
            let reader = try JPEGReader(.bytes(kind.file(gradient(131, 61)), name: "a"))
            try reader.start(denominator: denominator)
            #expect(reader.width == (131 + denominator - 1) / denominator)
            #expect(reader.height == (61 + denominator - 1) / denominator)
            _ = try RGBImage(reading: reader)
        }
    }

    @Test("pictures keep their proportions at every wanted size", arguments: [1, 7, 64, 100, 257, 512])
    func proportions(_ side: Int) throws {
        let read = try RGBImage.decode(.bytes(Kind.baseline.file(gradient(300, 200)), name: "a"), longestSide: side)
        #expect(read.width == side)
        #expect(read.height == max(1, (side * 2 + 1) / 3))
        if side > 10 { #expect(difference(read, gradient(read.width, read.height)) < 2) }
    }

    @Test("a picture of a single pixel and a very narrow one are read")
    func extremes() throws {
        let dot = RGBImage(width: 1, height: 1, red: 90, green: 120, blue: 60)
        let one = try RGBImage.decode(.bytes(Kind.baseline.file(dot), name: "a"))
        #expect(one.width == 1 && one.height == 1 && difference(one, dot) < 3)
        let large = try RGBImage.decode(.bytes(Kind.baseline.file(dot), name: "a"), longestSide: 512)
        #expect(
            large == RGBImage(width: 512, height: 512, red: one[0, 0].red, green: one[0, 0].green, blue: one[0, 0].blue)
        )
        let narrow = try Kind.baseline.file(gradient(3, 2000))
        #expect(try RGBImage.decode(.bytes(narrow, name: "a")).height == 2000)
        let small = try RGBImage.decode(.bytes(narrow, name: "a"), longestSide: 512)
        #expect(small.width == 1 && small.height == 512)
    }

    @Test("a file and its bytes give the same rows")
    func fileAndBytes() throws {
        let folder = TemporaryFolder()
        let bytes = try Kind.baseline.file(noise(200, 90))
        let path = folder.add("a.jpg", bytes)
        #expect(try RGBImage.decode(.file(path: path)) == RGBImage.decode(.bytes(bytes, name: "a")))
    }

    @Test("bytes after the end of the picture do not matter")
    func trailingBytes() throws {
        let bytes = try Kind.baseline.file(gradient(40, 30))
        #expect(try RGBImage.decode(.bytes(bytes + [1, 2, 3], name: "a")) == RGBImage.decode(.bytes(bytes, name: "a")))
    }

    @Test("stray bytes before a marker, as webcams write them, do not matter")
    func strayBytes() throws {
        let bytes = try Kind.baseline.file(gradient(40, 30))
        let stray = bytes.prefix(2) + [0, 0] + bytes.dropFirst(2)
        #expect(try RGBImage.decode(.bytes(Array(stray), name: "a")) == RGBImage.decode(.bytes(bytes, name: "a")))
    }

    @Test(
        "decoded and resized rows are the same on every processor",
        arguments: [
            (500, 119_107_737_235_209_944), (333, 4_607_678_355_455_921_131), (160, 18_247_312_193_970_782_619),
            (80, 2_219_073_550_683_022_774), (40, 12_840_017_251_548_472_639),
        ] as [(Int, UInt64)])
    func sameEverywhere(_ side: Int, _ expected: UInt64) throws {
        let noisy = noise(333, 217)
        let smooth = gradient(333, 217)
        var bytes: [UInt8] = []
        for quality in [80, 95] {
            for picture in [noisy, smooth] {
                let file = try picture.jpeg(JPEGWriter.Options(quality: quality))
                bytes += try RGBImage.decode(.bytes(file, name: "a"), longestSide: side).bytes
            }
        }
        for kind in [Kind.progressive, .cmyk, .ycck, .grey] {
            bytes += try RGBImage.decode(.bytes(kind.file(noisy), name: "a"), longestSide: side).bytes
        }
        #expect(fingerprint(bytes) == expected)
    }
}
