import Testing

import Web

@Suite("Byte ranges")
struct ByteRangeTests {
    @Test("no header asks for the whole file")
    func none() { #expect(ByteRange(nil, count: 100) == .whole) }

    @Test(
        "a range that the file has is a part of it",
        arguments: [
            ("bytes=0-0", 0..<1), ("bytes=0-99", 0..<100), ("bytes=99-99", 99..<100), ("bytes=10-", 10..<100),
            ("bytes=-1", 99..<100), ("bytes=-100", 0..<100), ("bytes=0-", 0..<100), ("BYTES=5-6", 5..<7),
            (" bytes = 5 - 6 ", 5..<7),
        ])
    func parts(_ header: String, _ part: Range<Int>) { #expect(ByteRange(header, count: 100) == .part(part)) }

    @Test(
        "a range that ends behind the file ends with it",
        arguments: ["bytes=50-100", "bytes=50-99999999999999999999999", "bytes=50-9223372036854775807"])
    func longer(_ header: String) { #expect(ByteRange(header, count: 100) == .part(50..<100)) }

    @Test("a suffix longer than the file is the file", arguments: ["bytes=-101", "bytes=-99999999999999999999999"])
    func longSuffix(_ header: String) { #expect(ByteRange(header, count: 100) == .part(0..<100)) }

    @Test(
        "a range that begins behind the file cannot be had",
        arguments: ["bytes=100-", "bytes=100-200", "bytes=99999999999999999999-", "bytes=-0"])
    func behind(_ header: String) { #expect(ByteRange(header, count: 100) == .unsatisfiable) }

    @Test("nothing of an empty file can be had", arguments: ["bytes=0-", "bytes=0-0", "bytes=-1"])
    func empty(_ header: String) { #expect(ByteRange(header, count: 0) == .unsatisfiable) }

    @Test(
        "several ranges, other units and nonsense are ignored",
        arguments: [
            "bytes=0-1,5-6", "bytes=5-2", "bytes=-", "bytes=", "bytes", "", "lines=0-1", "bytes=a-b", "bytes=1-b",
            "bytes=--1", "bytes=+1-2", "bytes=0x1-2", "bytes=1-2-3", "bytes=٣-٤", "bytes=1.5-2",
        ])
    func ignored(_ header: String) { #expect(ByteRange(header, count: 100) == .whole) }
}

@Suite("Entity tags")
struct EntityTagTests {
    @Test(
        "a tag is found in If-None-Match",
        arguments: ["\"a\"", "W/\"a\"", "*", "\"x\", \"a\"", "\"x\",W/\"a\" , \"y\"", "  \"a\"  "])
    func matches(_ header: String) { #expect(EntityTag.matches(header, "\"a\"")) }

    @Test("another tag is another tag", arguments: [nil, "", "\"b\"", "a", "\"a", "\"aa\"", "W/\"b\"", "\"x\", \"y\""])
    func others(_ header: String?) { #expect(!EntityTag.matches(header, "\"a\"")) }
}

@Suite("Names of files")
struct FileNameTests {
    @Test("names of the album are plain", arguments: ["0042-photo.jpg", "0042-cute-thumb.jpg", "12345-chalk-2.jpg"])
    func plain(_ name: String) { #expect(FileAnswer.isPlain(name)) }

    @Test(
        "everything else is not even asked for",
        arguments: [
            "", ".jpg", "..jpg", ".0042.jpg", "a/b.jpg", "a\\b.jpg", "..%2fa.jpg", "a.JPG", "a.png", "a jpg", "a.jpg\0",
            "a.jpg\n", "ä.jpg", "a.jpg/", "../../etc/passwd", String(repeating: "a", count: 77) + ".jpg",
        ])
    func others(_ name: String) { #expect(!FileAnswer.isPlain(name)) }
}
