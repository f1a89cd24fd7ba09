import Imaging
import TestSupport
import Testing

@Suite("EXIF")
struct ExifTests {
    @Test("orientation and time are read in either byte order", arguments: [false, true])
    func reading(_ isBigEndian: Bool) {
        let fixture = ExifFixture(
            isBigEndian: isBigEndian, orientation: 6, taken: "2025:06:01 18:30:05", offset: "+02:00", latitude: "N")
        let summary = ExifSummary(parsing: fixture.block)
        #expect(summary.orientation == .turnedRight)
        #expect(summary.taken?.text == "2025:06:01 18:30:05")
        #expect(summary.taken?.offset == "+02:00")
    }

    @Test(
        "what is not a time is taken as unknown", arguments: ["0000:00:00 00:00:00", "    :  :     :  :  ", "soon", ""])
    func noTime(_ text: String) {
        #expect(ExifSummary(parsing: ExifFixture(taken: text).block).taken == nil)
    }

    @Test("a time has its parts within their ranges")
    func times() {
        #expect(PictureTime(year: 2025, month: 6, day: 1, hour: 8, minute: 3, second: 9)?.text == "2025:06:01 08:03:09")
        #expect(PictureTime(year: 2025, month: 13, day: 1, hour: 8, minute: 3, second: 9) == nil)
        #expect(PictureTime(year: -1, month: 1, day: 1, hour: 8, minute: 3, second: 9) == nil)
        #expect(PictureTime(text: "2025:06:01 18:30:05", offset: "CEST")?.offset == nil)
    }

    @Test("any bytes can stand for EXIF without harm")
    func hostile() {
        let block = ExifFixture(orientation: 3, taken: "2025:06:01 18:30:05", offset: "+02:00", latitude: "N").block
        var dice = SplitMix(seed: 17)
        for count in 0...block.count {
            _ = ExifSummary(parsing: Array(block.prefix(count)))
        }
        for _ in 0..<20_000 {
            var damaged = block
            for _ in 0..<Int.random(in: 1...6, using: &dice) {
                let extremes: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &dice)]
                damaged[Int.random(in: damaged.indices, using: &dice)] = extremes.randomElement(using: &dice) ?? 0
            }
            _ = ExifSummary(parsing: damaged)
        }
        for _ in 0..<2000 {
            let count = Int.random(in: 0...200, using: &dice)
            let random = (0..<count).map { _ in UInt8.random(in: 0...255, using: &dice) }
            _ = ExifSummary(parsing: Array("MM\0*".utf8) + random)
        }
    }

    @Test("written notes are read back, upright")
    func roundTrip() throws {
        let taken = PictureTime(text: "2025:06:01 18:30:05", offset: "+02:00")
        let notes = PictureNotes(taken: taken, software: "AnimeSnap 1.0", description: "chalk-m (chalk)")
        let file = try gradient(20, 10).jpeg(JPEGWriter.Options(notes: notes))
        let exif = try JPEGReader(.bytes(file, name: "a")).info.exif
        #expect(exif.taken == taken)
        #expect(exif.orientation == .upright)
        #expect(contains(file, Array("AnimeSnap 1.0\0".utf8)))
        #expect(contains(file, Array("chalk-m (chalk)\0".utf8)))
    }

    @Test("the time of making stands where EXIF has the time of change")
    func made() throws {
        let notes = PictureNotes(made: PictureTime(text: "2025:06:02 07:00:00"))
        let file = try gradient(20, 10).jpeg(JPEGWriter.Options(notes: notes))
        #expect(try JPEGReader(.bytes(file, name: "a")).info.exif.taken?.text == "2025:06:02 07:00:00")
    }

    @Test("long texts are cut and empty ones left out")
    func texts() throws {
        let long = PictureNotes(software: "", description: String(repeating: "x", count: 70_000))
        let file = try gradient(20, 10).jpeg(JPEGWriter.Options(notes: long))
        #expect(file.count < 3000)
        #expect(failure(reading: .bytes(file, name: "a")) == nil)
    }

    @Test("the place where a photo was taken is not carried over")
    func noPlace() throws {
        let exif = ExifFixture(orientation: 1, taken: "2025:06:01 18:30:05", latitude: "N")
        let photo = try Kind.baseline.file(gradient(20, 10), exif: exif.block)
        let gpsTag: [UInt8] = [0x25, 0x88]
        #expect(contains(photo, gpsTag))
        let reader = try PictureReader(.bytes(photo, name: "a"))
        let notes = PictureNotes(taken: reader.info.exif.taken)
        let written = try RGBImage(width: 20, height: 10, red: 9).jpeg(JPEGWriter.Options(notes: notes))
        #expect(!contains(written, gpsTag))
        #expect(!contains(written, Array("GPS".utf8)))
    }

    @Test("EXIF blocks after the first and other APP1 markers are passed over")
    func severalBlocks() throws {
        let first = ExifFixture(orientation: 3).block
        let second = ExifFixture(orientation: 6).block
        let file = try Kind.baseline.file(gradient(20, 10), exif: first)
        func marker(_ content: [UInt8]) -> [UInt8] {
            [0xFF, 0xE1, UInt8((content.count + 2) >> 8), UInt8((content.count + 2) & 255)] + content
        }
        let place = try #require(file.indices.dropLast().first { file[$0] == 0xFF && file[$0 + 1] == 0xDB })
        let more =
            marker(Array("http://ns.adobe.com/xap/1.0/\0<x/>".utf8)) + marker(Array("Exif\0\0".utf8) + second)
            + marker([]) + marker(Array("Ex".utf8))
        let longer = Array(file[..<place]) + more + Array(file[place...])
        let info = try JPEGReader(.bytes(longer, name: "a")).info
        #expect(info.exif.orientation == .turnedAround)
        #expect(failure(reading: .bytes(longer, name: "a")) == nil)
    }

    private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        bytes.indices.contains { bytes[$0...].starts(with: part) }
    }
}
