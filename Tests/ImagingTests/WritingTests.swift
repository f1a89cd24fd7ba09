import Glibc
import Imaging
import Platform
import Testing

@Suite("Writing JPEG files")
struct WritingTests {
    @Test(
        "the same rows give the same bytes on every processor",
        arguments: [
            (60, 13_189_227_683_392_985_797), (92, 5_500_944_412_789_478_846), (97, 15_308_156_557_255_722_430),
        ] as [(Int, UInt64)])
    func sameEverywhere(_ quality: Int, _ expected: UInt64) throws {
        let notes = PictureNotes(taken: PictureTime(text: "2025:06:01 18:30:05"), description: "chalk-m")
        let options = JPEGWriter.Options(quality: quality, notes: notes)
        let bytes = try noise(101, 77).jpeg(options) + gradient(80, 33).jpeg(options)
        #expect(fingerprint(bytes) == expected)
    }

    @Test("a better quality is closer to the picture and larger")
    func quality() throws {
        let picture = noise(120, 80)
        var last = (count: 0, difference: Double.infinity)
        for quality in [10, 50, 90, 95, 100] {
            let file = try picture.jpeg(JPEGWriter.Options(quality: quality))
            let distance = difference(try RGBImage.decode(.bytes(file, name: "a")), picture)
            #expect(file.count > last.count && distance < last.difference)
            last = (file.count, distance)
        }
        #expect(last.difference < 1)
    }

    @Test("colour is stored at half size below quality 95 and at full size from there")
    func chroma() throws {
        func sampling(_ quality: Int) throws -> UInt8? {
            let file = try gradient(32, 32).jpeg(JPEGWriter.Options(quality: quality))
            return file.indices.dropLast().first { file[$0] == 0xFF && file[$0 + 1] == 0xC0 }.map { file[$0 + 11] }
        }
        #expect(try sampling(94) == 0x22)
        #expect(try sampling(95) == 0x11)
    }

    @Test("qualities outside of 1 to 100 are clamped")
    func clamping() {
        #expect(JPEGWriter.Options(quality: 0).quality == 1)
        #expect(JPEGWriter.Options(quality: 1000).quality == 100)
    }

    @Test("a picture that no JPEG file can hold is refused")
    func tooLarge() {
        #expect(throws: PictureError("the picture", .tooLargeToWrite(width: 65_501, height: 1))) {
            _ = try JPEGWriter(width: 65_501, height: 1)
        }
        #expect(throws: PictureError("the picture", .tooLargeToWrite(width: 5, height: 0))) {
            _ = try JPEGWriter(width: 5, height: 0)
        }
    }

    @Test("a picture above the limit for own tables is written with the standard ones")
    func largePicture() throws {
        let picture = gradient(1500, 900)
        let file = try picture.jpeg()
        #expect(difference(try RGBImage.decode(.bytes(file, name: "a")), picture) < 1)
    }

    @Test("a file and memory receive the same bytes")
    func fileAndMemory() throws {
        let folder = TemporaryFolder()
        let picture = noise(300, 200)
        let file = try AtomicFile(path: folder.path + "/a.jpg")
        let writer = try JPEGWriter(width: 300, height: 200, to: file)
        for y in 0..<200 {
            try picture.withRow(y) { try writer.writeRow($0) }
        }
        try writer.finish()
        try file.commit()
        #expect(try folder.bytes(of: "a.jpg") == picture.jpeg())
    }

    @Test("a picture that turns out damaged half-way leaves the old file untouched")
    func failingSource() throws {
        let folder = TemporaryFolder()
        let path = folder.add("a.jpg", [1, 2, 3])
        let photo = Array(try Kind.baseline.file(noise(100, 100)).dropLast(3000))
        #expect(throws: PictureError("photo", .truncated)) {
            let reader = try PictureReader(.bytes(photo, name: "photo"))
            let file = try AtomicFile(path: path)
            let writer = try JPEGWriter(width: 100, height: 100, to: file)
            var row = [UInt8](repeating: 0, count: 300)
            for _ in 0..<100 {
                try reader.readRow(into: &row)
                try writer.writeRow(row.span)
            }
            try writer.finish()
            try file.commit()
        }
        #expect(folder.names == ["a.jpg"])
        #expect(folder.bytes(of: "a.jpg") == [1, 2, 3])
    }

    @Test("a full disk is an error of the picture that is written")
    func fullDisk() throws {
        let file = try AtomicFile(path: "/dev/full")
        let writer = try JPEGWriter(width: 200, height: 200, to: file)
        #expect(throws: PictureError("/dev/full", .unwritable(systemError: ENOSPC))) {
            let picture = noise(200, 200)
            for y in 0..<200 {
                try picture.withRow(y) { try writer.writeRow($0) }
            }
            try writer.finish()
        }
    }
}
