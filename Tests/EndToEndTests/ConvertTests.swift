import Imaging
import Testing

@Suite("convert")
struct ConvertTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Converts a photo with some more arguments and returns the result.
    private func convert(_ photo: [UInt8], _ arguments: String...) throws -> RGBImage {
        let input = try folder.add("photo.jpg", photo)
        let outcome = try animesnap(["convert", input, "-o", folder("anime.jpg")] + arguments)
        expectSuccess(outcome)
        return try decode(folder.bytes("anime.jpg"))
    }

    @Test("paints the photo: the same scene, visibly another picture", arguments: Places.models)
    func paints(_ model: String) throws {
        let outcome = try animesnap(
            "convert", Places.photo, folder("anime.jpg"), "--model", model, "--size", "\(Places.size)")
        expectSuccess(outcome)
        let anime = try decode(folder.bytes("anime.jpg"))
        let photo = try RGBImage.decode(.file(path: Places.photo), longestSide: Places.size)
        #expect((anime.width, anime.height) == (Places.size, Places.size))
        let change = difference(anime, photo)
        #expect(change > 4 && change < 50, "samples differ by \(change) on average")
        // Another scene would differ as much as the photo does from its mirror image.
        let mirrored = RGBImage(width: photo.width, height: photo.height) { photo[photo.width - 1 - $0, $1] }
        #expect(change < difference(mirrored, photo) * 0.6, "samples differ by \(change) on average")
    }

    @Test("paints differently in each style")
    func styles() throws {
        let pictures = try Places.models.map { try convert(photo(90, 60), "--model", $0, "--size", "96") }
        #expect(difference(pictures[0], pictures[1]) > 2)
    }

    @Test("grades the colours with each look on top of the style")
    func looks() throws {
        let plain = try convert(photo(90, 60), "--size", "96")
        let graded = try Look.allCases.map { try convert(photo(90, 60), "--size", "96", "--look", $0.rawValue) }
        for (index, picture) in graded.enumerated() {
            #expect(difference(picture, plain) > 2)
            if index > 0 { #expect(difference(picture, graded[index - 1]) > 2) }
        }
    }

    @Test("tells the result, its size and the time in a line")
    func line() throws {
        let input = try folder.add("photo.jpg", photo(60, 40))
        let outcome = try animesnap("convert", input, "-o", folder("anime.jpg"), "--size", "48")
        #expect(try #/.*/anime\.jpg \(48x32, \d+ ms\)\n/#.wholeMatch(in: outcome.text) != nil, "\(outcome.text)")
    }

    @Test(
        "keeps the photo's proportions at any size",
        arguments: [
            ("16", 16, 11), ("61", 61, 41), ("64", 64, 43), ("90", 90, 60), ("200", 200, 133), ("full", 90, 60),
        ])
    func proportions(_ size: String, _ width: Int, _ height: Int) throws {
        let anime = try convert(photo(90, 60), "--size", size)
        #expect((anime.width, anime.height) == (width, height))
    }

    @Test("fits the longest side of an upright photo too")
    func upright() throws {
        let anime = try convert(photo(60, 90), "--size", "45")
        #expect((anime.width, anime.height) == (30, 45))
    }

    @Test(
        "takes pictures of extreme shapes",
        arguments: [
            (1, 1, "full", 1, 1), (1, 1, "64", 64, 64), (3, 2000, "full", 3, 2000), (3, 2000, "512", 1, 512),
            (2000, 3, "full", 2000, 3), (2000, 3, "512", 512, 1), (9, 7, "full", 9, 7),
        ])
    func shapes(_ photoWidth: Int, _ photoHeight: Int, _ size: String, _ width: Int, _ height: Int) throws {
        let anime = try convert(photo(photoWidth, photoHeight), "--size", size)
        #expect((anime.width, anime.height) == (width, height))
    }

    @Test("paints a size that is no multiple of the network's as the part of a larger picture")
    func padding() throws {
        // The padding mirrors the photo; where the photo is mirrored already, the result is the same but for the JPEG.
        let small = try RGBImage.decode(.file(path: Places.photo), longestSide: 60)
        let period = 2 * 59
        let large = RGBImage(width: 64, height: 64) { x, y in
            small[x < 60 ? x : period - x, y < 60 ? y : period - y]
        }
        let cropped = try convert(jpeg(small), "--size", "full", "--quality", "100")
        let whole = try convert(jpeg(large), "--size", "full", "--quality", "100")
        let part = RGBImage(width: 60, height: 60) { whole[$0, $1] }
        #expect(difference(cropped, part) < 4)
    }

    @Test("takes progressive, grey and CMYK photos as it takes the common kind")
    func kinds() throws {
        let grey = RGBImage(width: 60, height: 40) { x, y in
            let level = UInt8((x * 3 + y * 2) % 256)
            return (level, level, level)
        }
        func stored(_ change: (inout JPEGWriter.Options) -> Void, _ samples: (UInt8) -> [UInt8]) throws -> [UInt8] {
            var options = JPEGWriter.Options(quality: 98)
            change(&options)
            let writer = try JPEGWriter(width: grey.width, height: grey.height, options: options)
            for y in 0..<grey.height {
                let row = (0..<grey.width).flatMap { samples(grey[$0, y].green) }
                try writer.writeRow(row.span)
            }
            try writer.finish()
            return writer.bytes
        }
        let expected = try convert(stored({ _ in }, { [$0, $0, $0] }), "--size", "full")
        for photo in [
            try stored({ $0.isProgressive = true }, { [$0, $0, $0] }), try stored({ $0.colour = .grey }, { [$0] }),
            try stored({ $0.colour = .cmyk }, { [$0, $0, $0, 255] }),
        ] {
            #expect(try difference(convert(photo, "--size", "full"), expected) < 2)
        }
    }

    @Test("encodes with the quality that is asked for")
    func quality() throws {
        let counts = try ["1", "50", "92", "100"].map { quality in
            _ = try convert(photo(90, 60), "--size", "96", "--quality", quality)
            return folder.bytes("anime.jpg").count
        }
        #expect(counts == counts.sorted() && counts[0] * 2 < counts[3], "\(counts)")
    }

    @Test("takes a model by its style, its name or its path")
    func modelNames() throws {
        let input = try folder.add("photo.jpg", photo(60, 40))
        let results = try ["cute", "cute-m", Places.weights + "/cute-m.safetensors"].map { model in
            expectSuccess(try animesnap("convert", input, "-o", folder("a.jpg"), "--size", "48", "--model", model))
            return folder.bytes("a.jpg")
        }
        #expect(results[0] == results[1] && results[1] == results[2])
    }
}
