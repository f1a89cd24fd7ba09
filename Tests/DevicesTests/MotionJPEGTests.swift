import Devices
import Imaging
import Testing

@Suite("Motion JPEG")
struct MotionJPEGTests {
    /// Feeds bytes in pieces of random length.
    private func split(
        _ bytes: [UInt8], longestPiece: Int, limit: Int = 8 << 20, _ random: inout SeededGenerator
    ) -> (files: [[UInt8]], splitter: MotionJPEGSplitter) {
        var splitter = MotionJPEGSplitter(limit: limit)
        var files: [[UInt8]] = []
        var start = 0
        while start < bytes.count {
            let end = min(start + Int.random(in: 1...longestPiece, using: &random), bytes.count)
            splitter.feed(bytes.span.extracting(start..<end)) { files.append($0) }
            start = end
        }
        return (files, splitter)
    }

    @Test(
        "files laid end to end come out as they went in, however the stream is cut", arguments: [1, 2, 7, 100, 65_536])
    func chunking(_ longestPiece: Int) throws {
        var random = SeededGenerator(UInt64(longestPiece))
        let files = try (0..<40).map { try picture($0, width: 16 + $0, height: 40 - $0 / 2) }
        let result = split(files.flatMap { $0 }, longestPiece: longestPiece, &random)
        #expect(result.files == files)
        #expect(result.splitter.droppedBytes == 0)
        #expect(result.splitter.droppedFrames == 0)
    }

    @Test("files with markers in their segments, restart markers, fill bytes and several scans are whole")
    func structure() throws {
        let note: [UInt8] = [0xFF, 0xE1, 0, 12, 0xFF, 0xD8, 0xFF, 0xD9, 0xFF, 0xDA, 0xFF, 0xD8, 0xFF, 0xD9]
        var file = try picture(1)
        file.insert(contentsOf: note, at: 2)
        file.insert(0xFF, at: file.count - 2)
        let scan: [UInt8] = [0xFF, 0xDA, 0, 3, 0, 1, 0xFF, 0xD0, 2, 0xFF, 0x00, 3, 0xFF, 0xD7, 4]
        file.insert(contentsOf: scan + scan, at: file.count - 3)
        var random = SeededGenerator(3)
        #expect(split(file + file, longestPiece: 5, &random).files == [file, file])
    }

    @Test("garbage between files is dropped and no file is lost")
    func garbage() throws {
        for seed in 0..<200 {
            var random = SeededGenerator(UInt64(seed))
            var stream: [UInt8] = []
            var files: [[UInt8]] = []
            for index in 0..<12 {
                // Garbage that does not itself begin like a file.
                let length = Int.random(in: 0...300, using: &random)
                stream += (0..<length).map { _ in UInt8.random(in: 0...254, using: &random) }
                files.append(try picture(index + seed, width: 24, height: 24))
                stream += files[index]
            }
            #expect(split(stream, longestPiece: 200, &random).files == files, "stream \(seed)")
        }
    }

    @Test("a file that is cut short in its picture costs no other file")
    func truncation() throws {
        for seed in 0..<200 {
            var random = SeededGenerator(UInt64(seed))
            let files = try (0..<3).map { try picture($0 + seed, quality: 95) }
            // The picture follows the header's scan marker.
            let scan = try #require((0..<files[1].count - 1).first { files[1][$0] == 0xFF && files[1][$0 + 1] == 0xDA })
            let cut = Int.random(in: scan + 14..<files[1].count - 1, using: &random)
            let result = split(files[0] + Array(files[1][..<cut]) + files[2], longestPiece: 500, &random)
            #expect(result.files == [files[0], files[2]])
            #expect(result.splitter.droppedFrames == 1)
        }
    }

    @Test("any damage at all costs the files near it only, and never a crash")
    func damage() throws {
        let files = try (0..<30).map { try picture($0, width: 40, height: 40) }
        for seed in 0..<400 {
            var random = SeededGenerator(UInt64(seed))
            var stream: [UInt8] = []
            var touched: Set<Int> = []
            for (index, file) in files.enumerated() {
                var file = file
                if index % 6 == 3 {
                    touched.insert(index)
                    for _ in 0..<Int.random(in: 1...20, using: &random) {
                        file[Int.random(in: 0..<file.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                    }
                    if Bool.random(using: &random) {
                        file.removeSubrange(Int.random(in: 0..<file.count, using: &random)...)
                    }
                }
                stream += file
            }
            let found = split(stream, longestPiece: 3000, &random).files
            // A segment with a wrong length reaches at most 64 KiB on: here that can be everything after it.
            let before = files[..<3]
            #expect(Array(found.prefix(3)) == Array(before), "stream \(seed)")
        }
    }

    @Test("after damage whose reach is over every file is found again")
    func recovery() throws {
        let files = try (0..<8).map { try picture($0, width: 320, height: 240, quality: 95) }
        #expect(files[0].count > 20_000)
        for seed in 0..<100 {
            var random = SeededGenerator(UInt64(seed))
            var first = files[0]
            for _ in 0..<50 {
                first[Int.random(in: 0..<first.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let found = split(first + files[1...].flatMap { $0 }, longestPiece: 30_000, &random).files
            // The longest segment swallows 64 KiB.
            let reach = 1 + (65_536 + files[1].count - 1) / files[1].count
            #expect(found.suffix(8 - reach - 1) == files.suffix(8 - reach - 1))
        }
    }

    @Test("floods of any kind are endured in bounded memory")
    func floods() throws {
        let limit = 100_000
        let start: [UInt8] = [0xFF, 0xD8, 0xFF]
        let frame: [UInt8] = [0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 17, 0, 0xFF]
        let scan: [UInt8] = [0xDA, 0, 8, 1, 1, 0, 0, 63, 0]
        let kinds: [(head: [UInt8], body: [UInt8])] = [
            ([], [0]), ([], [0xFF]), ([], [0xFF, 0xD8]), ([], start), ([], start + [0xE0, 0xFF, 0xFF]),
            (start + frame + scan, [1]), (start + frame + scan, [0xFF, 0x00]), (start + frame + scan, [0xFF]),
            (start, [0xE0, 0, 2, 0xFF]),
        ]
        let last = try picture(1)
        for (index, kind) in kinds.enumerated() {
            var splitter = MotionJPEGSplitter(limit: limit)
            var files: [[UInt8]] = []
            let piece = Array(repeatElement(kind.body, count: 40_000 / kind.body.count)).flatMap { $0 }
            splitter.feed(kind.head.span) { files.append($0) }
            for _ in 0..<100 {
                splitter.feed(piece.span) { files.append($0) }
                #expect(splitter.capacity <= 2 * limit + 64, "flood \(index)")
            }
            #expect(files.isEmpty)
            // Zeros end whatever the flood had begun.
            splitter.feed([UInt8](repeating: 0, count: 2 * limit + 65_536).span) { files.append($0) }
            splitter.feed(last.span) { files.append($0) }
            splitter.feed(last.span) { files.append($0) }
            #expect(files.last == last, "flood \(index)")
        }
    }

    @Test("random bytes give no file and no crash")
    func noise() {
        for seed in 0..<300 {
            var random = SeededGenerator(UInt64(seed))
            // Few different bytes, so that markers are frequent.
            let alphabet: [UInt8] = [0xFF, 0xFF, 0xD8, 0xD9, 0xDA, 0xC0, 0xC4, 0x00, 0x02, 0x08]
            let bytes = (0..<20_000).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
            let result = split(bytes, longestPiece: 1000, limit: 4000, &random)
            #expect(result.files.allSatisfy { $0.count <= 4000 && $0.starts(with: [0xFF, 0xD8, 0xFF]) })
            #expect(result.files.allSatisfy { $0.suffix(2) == [0xFF, 0xD9] })
        }
    }

    @Test("what follows a file in a camera's buffer is cut off; half a file is none")
    func buffer() throws {
        let file = try picture(4)
        #expect(wholeFile(in: file + [0, 0, 0, 0xFF, 0xD9]) == file)
        #expect(wholeFile(in: file.dropLast(2)) == nil)
        #expect(wholeFile(in: []) == nil)
        #expect(wholeFile(in: [UInt8](repeating: 0, count: 1000)) == nil)
    }

    @Test("a file without Huffman tables gets the standard ones and is the same picture")
    func huffmanTables() throws {
        // Large pictures are written with the standard tables.
        let image = RGBImage(width: 1200, height: 1000) { x, y in
            (UInt8(x * y & 255), UInt8((x + y) & 255), UInt8((x * 3 ^ y) & 255))
        }
        let file = try image.jpeg()
        let bare = withoutHuffmanTables(file)
        #expect(bare.count < file.count - 400)
        let completed = try #require(wholeFile(in: bare))
        let decoded = try RGBImage.decode(.bytes(completed, name: "completed"))
        #expect(try decoded == RGBImage.decode(.bytes(file, name: "original")))
    }

    private func wholeFile(in bytes: [UInt8]) -> [UInt8]? { MotionJPEG.file(in: bytes.span) }

    private func withoutHuffmanTables(_ file: [UInt8]) -> [UInt8] {
        var result = Array(file[..<2])
        var position = 2
        while file[position + 1] != 0xDA {
            let end = position + 2 + Int(file[position + 2]) << 8 + Int(file[position + 3])
            if file[position + 1] != 0xC4 { result += file[position..<end] }
            position = end
        }
        return result + Array(file[position...])
    }
}
