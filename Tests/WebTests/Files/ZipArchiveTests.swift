import NIOCore
import Testing

import Web

@Suite("ZIP archives")
struct ZipArchiveTests {
    private static let files: [(name: String, bytes: [UInt8])] = [
        ("0001-photo.jpg", Array("one".utf8)), ("0002-photo.jpg", []),
        ("0003-chalk.jpg", (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }),
    ]

    private static func archive(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var (archive, bytes) = (ZipArchive(), [UInt8]())
        for file in files {
            bytes += archive.begin(file.name, modified: 1_811_851_200).readableBytesView
            var rest = file.bytes[...]
            while !rest.isEmpty {
                archive.add(ByteBuffer(bytes: rest.prefix(7000)))
                bytes += rest.prefix(7000)
                rest = rest.dropFirst(7000)
            }
            bytes += archive.end().readableBytesView
        }
        bytes += archive.directory().readableBytesView
        return bytes
    }

    @Test("an archive has its files, the empty one too")
    func entries() throws {
        let read = try ZipReading(Self.archive(Self.files))
        #expect(read.files.map(\.name) == Self.files.map(\.name))
        #expect(read.files.map(\.bytes) == Self.files.map(\.bytes))
        #expect(read.files[0].crc == 0x7A6C_86F1)
        #expect(read.files[1].crc == 0)
    }

    @Test("an archive may be empty")
    func empty() throws { #expect(try ZipReading(Self.archive([])).files.isEmpty) }

    @Test("other programs can read it", .enabled(if: shell("command -v python3") != nil))
    func otherProgram() throws {
        let folder = try TemporaryFolder()
        let path = try folder.add("a.zip", Self.archive(Self.files))
        let script =
            "import zipfile; z = zipfile.ZipFile('\(path)'); print(z.testzip(), [(i.filename, i.file_size, i.date_time) for i in z.infolist()])"
        let said = try #require(shell("python3 -c \"\(script)\" 2>&1"))
        let day = "(2027, 6, 1, 12, 0, 0)"
        #expect(
            String(decoding: said, as: UTF8.self)
                == "None [('0001-photo.jpg', 3, \(day)), ('0002-photo.jpg', 0, \(day)), ('0003-chalk.jpg', 100000, \(day))]\n"
        )
    }

    @Test("more files than a short archive can count get the longer records")
    func many() throws {
        let names = (0..<65_536).map { (name: "\($0)", bytes: [UInt8]()) }
        let bytes = Self.archive(names)
        let long = try #require(bytes.lastRange(of: [0x50, 0x4B, 6, 6]))
        let count = bytes[(long.lowerBound + 32)..<(long.lowerBound + 40)].reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(count == 65_536)
        #expect(bytes[(bytes.count - 12)..<(bytes.count - 10)] == [0xFF, 0xFF])
        guard shell("command -v python3") != nil else { return }
        let folder = try TemporaryFolder()
        let path = try folder.add("a.zip", bytes)
        let script =
            "import zipfile; z = zipfile.ZipFile('\(path)'); print(len(z.infolist()), z.infolist()[-1].filename)"
        let said = try #require(shell("python3 -c \"\(script)\" 2>&1"))
        #expect(String(decoding: said, as: UTF8.self) == "65536 65535\n")
    }
}

/// An archive of stored files taken apart from its end, as unpackers do.
struct ZipReading {
    var files: [(name: String, bytes: [UInt8], crc: Int)] = []

    init(_ bytes: [UInt8]) throws {
        func number(_ at: Int, _ count: Int) throws -> Int {
            try #require(at >= 0 && at + count <= bytes.count)
            return bytes[at..<at + count].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        let end = bytes.count - 22
        try #require(try number(end, 4) == 0x0605_4B50)
        var place = try number(end + 16, 4)
        for _ in 0..<(try number(end + 10, 2)) {
            try #require(try number(place, 4) == 0x0201_4B50)
            let (crc, count) = (try number(place + 16, 4), try number(place + 24, 4))
            let (nameCount, extra) = (try number(place + 28, 2), try number(place + 30, 2))
            try #require(try number(place + 10, 2) == 0 && number(place + 20, 4) == count)
            let start = try number(place + 42, 4)
            let name = String(decoding: bytes[(place + 46)..<(place + 46 + nameCount)], as: UTF8.self)
            try #require(try number(start, 4) == 0x0403_4B50)
            let data = start + 30 + (try number(start + 26, 2)) + (try number(start + 28, 2))
            // The sums behind the data are those of the list.
            try #require(try number(data + count, 4) == 0x0807_4B50 && number(data + count + 4, 4) == crc)
            files.append((name, Array(bytes[data..<data + count]), crc))
            place += 46 + nameCount + extra
        }
        try #require(place == end)
    }
}

extension Array where Element: Equatable {
    /// The last place of a pattern.
    fileprivate func lastRange(of pattern: [Element]) -> Range<Int>? {
        var place = count - pattern.count
        while place >= 0 {
            if Array(self[place..<place + pattern.count]) == pattern { return place..<place + pattern.count }
            place -= 1
        }
        return nil
    }
}
