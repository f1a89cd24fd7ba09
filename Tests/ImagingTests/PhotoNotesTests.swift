import Imaging
import TestSupport
import Testing

@Suite("Notes in an existing file")
struct PhotoNotesTests {
    private let taken = PictureTime(text: "2027:06:01 18:30:05", offset: "+02:00")

    private func photo(_ exif: [UInt8]? = nil, kind: Kind = .baseline) throws -> [UInt8] {
        try kind.file(gradient(24, 18), exif: exif)
    }

    @Test("they are read back, and no pixel changes", arguments: Kind.allCases)
    func roundTrip(_ kind: Kind) throws {
        let file = try photo(kind: kind)
        let notes = PhotoNotes(number: 42, style: "cute", taken: taken)
        let noted = notes.added(toJPEG: file)
        #expect(PhotoNotes(ofJPEG: noted) == notes)
        #expect(PhotoNotes(ofJPEG: file) == nil)
        #expect(try RGBImage.decode(.bytes(noted, name: "a")) == RGBImage.decode(.bytes(file, name: "a")))
        #expect(try JPEGReader(.bytes(noted, name: "a")).info.exif.taken == taken)
        // All that was there is there, in its order, with one segment more.
        #expect(noted.count > file.count && noted.suffix(file.count - 40) == file.suffix(file.count - 40))
    }

    @Test("what the camera noted stays, in either byte order", arguments: [false, true])
    func merged(_ isBigEndian: Bool) throws {
        let fixture = ExifFixture(
            isBigEndian: isBigEndian, orientation: 6, taken: "2020:01:01 00:00:01", offset: "+01:00", latitude: "N")
        let file = try photo(fixture.block)
        var notes = PhotoNotes(number: 7, style: "sepia", taken: taken)
        let noted = notes.added(toJPEG: file)
        let exif = try JPEGReader(.bytes(noted, name: "a")).info.exif
        #expect(exif.orientation == .turnedRight)
        #expect(exif.taken == taken)
        #expect(PhotoNotes(ofJPEG: noted) == notes)
        // A time that is not trusted leaves the camera's.
        notes.isTimeTrusted = false
        let doubted = notes.added(toJPEG: file)
        #expect(try JPEGReader(.bytes(doubted, name: "a")).info.exif.taken?.text == "2020:01:01 00:00:01")
        #expect(PhotoNotes(ofJPEG: doubted)?.taken?.text == taken?.text)
        #expect(PhotoNotes(ofJPEG: doubted)?.isTimeTrusted == false)
        // The block's old bytes stand where they stood, so that offsets into it hold.
        let place = try #require(firstPlace(of: Array("Exif\0\0".utf8), in: doubted)) + 6
        #expect(Array(doubted[(place + 8)..<(place + fixture.block.count)]) == Array(fixture.block.dropFirst(8)))
    }

    @Test("notes on notes replace them")
    func again() throws {
        let first = PhotoNotes(number: 1, style: "cute", taken: taken).added(toJPEG: try photo())
        let second = PhotoNotes(number: 2, isTimeTrusted: false)
        let twice = second.added(toJPEG: first)
        let read = try #require(PhotoNotes(ofJPEG: twice))
        #expect(read.number == 2 && read.style == "" && !read.isTimeTrusted && read.taken == nil)
    }

    @Test("a block without room, or that cannot be read, gives way to a new one with orientation and time")
    func noRoom() throws {
        let fixture = ExifFixture(orientation: 8, taken: "2020:01:01 00:00:01")
        let full = fixture.block + [UInt8](repeating: 7, count: 65_400 - fixture.block.count)
        var damaged = fixture.block
        damaged[8] = 200
        for block in [full, damaged] {
            let noted = PhotoNotes(number: 3, style: "cute").added(toJPEG: try photo(block))
            let exif = try JPEGReader(.bytes(noted, name: "a")).info.exif
            #expect(exif.orientation == ExifSummary(parsing: block).orientation)
            #expect(PhotoNotes(ofJPEG: noted)?.number == 3)
            #expect(noted.count < 5000)
        }
    }

    @Test("a block with more fields than there is room for again gives way to a new one too")
    func manyFields() throws {
        // 512 fields in each of two directories, and so many bytes behind them that a copy of the fields does not fit.
        func directory(_ tags: Range<Int>, _ pointer: Int? = nil) -> [UInt8] {
            let fields = tags.flatMap { tag -> [UInt8] in
                let value = tag == 0x8769 ? pointer ?? 0 : 0
                return [UInt8(tag & 0xFF), UInt8(tag >> 8), 4, 0, 1, 0, 0, 0]
                    + (0..<4).map { UInt8(value >> (8 * $0) & 0xFF) }
            }
            return [UInt8(tags.count & 0xFF), UInt8(tags.count >> 8)] + fields + [0, 0, 0, 0]
        }
        let main = directory(0x8600..<0x8800, 8 + 2 + 512 * 12 + 4)
        var block: [UInt8] = Array("II*\0".utf8) + [8, 0, 0, 0] + main + directory(0xA100..<0xA300)
        block += [UInt8](repeating: 7, count: 64_000 - block.count)
        let noted = PhotoNotes(number: 3, style: "cute").added(toJPEG: try photo(block))
        #expect(PhotoNotes(ofJPEG: noted)?.number == 3)
        #expect(throws: Never.self) { try RGBImage.decode(.bytes(noted, name: "a")) }
    }

    @Test("a block that leads to its second directory by a short number keeps what is there", arguments: [false, true])
    func shortPointer(_ isBigEndian: Bool) throws {
        var block = ExifFixture(isBigEndian: isBigEndian, taken: "2020:01:01 00:00:01", offset: "+01:00").block
        // The only field of the first directory: from 4 bytes at the end of its 12 to 2.
        block.replaceSubrange(12..<14, with: isBigEndian ? [0, 3] : [3, 0])
        if isBigEndian { block.replaceSubrange(18..<22, with: block[20..<22] + [0, 0]) }
        let noted = PhotoNotes(number: 7, isTimeTrusted: false).added(toJPEG: try photo(block))
        #expect(try JPEGReader(.bytes(noted, name: "a")).info.exif == ExifSummary(parsing: block))
        #expect(ExifSummary(parsing: block).taken?.offset == "+01:00")
        let place = try #require(firstPlace(of: Array("Exif\0\0".utf8), in: noted)) + 6
        #expect(Array(noted[(place + 8)..<(place + block.count)]) == Array(block.dropFirst(8)))
    }

    @Test("any bytes can be handed over without harm")
    func hostile() throws {
        let block = ExifFixture(orientation: 3, taken: "2025:06:01 18:30:05", offset: "+02:00", latitude: "N").block
        let file = PhotoNotes(number: 1, style: "cute", taken: taken).added(toJPEG: try photo(block))
        let notes = PhotoNotes(number: 2, style: "chalk", taken: taken)
        for count in 0..<min(file.count, 700) {
            _ = notes.added(toJPEG: Array(file.prefix(count)))
            _ = PhotoNotes(ofJPEG: Array(file.prefix(count)))
        }
        var dice = SplitMix(seed: 5)
        for _ in 0..<20_000 {
            var damaged = Array(file.prefix(500))
            for _ in 0..<Int.random(in: 1...6, using: &dice) {
                let extremes: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &dice)]
                damaged[Int.random(in: damaged.indices, using: &dice)] = extremes.randomElement(using: &dice) ?? 0
            }
            _ = PhotoNotes(ofJPEG: damaged)
            let noted = notes.added(toJPEG: damaged)
            if damaged.starts(with: [0xFF, 0xD8]) { #expect(PhotoNotes(ofJPEG: noted)?.number == 2) }
        }
        #expect(notes.added(toJPEG: Array("hello".utf8)) == Array("hello".utf8))
    }

    private func firstPlace(of part: [UInt8], in bytes: [UInt8]) -> Int? {
        bytes.indices.first { bytes[$0...].starts(with: part) }
    }
}
