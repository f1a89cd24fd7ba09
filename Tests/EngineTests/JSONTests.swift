import Engine
import Testing

@Suite("JSON, as RFC 8259 has it")
struct JSONTests {
    private func read(_ text: String) -> JSON? { try? JSON(parsing: Array(text.utf8)) }

    /// Why a text is refused, and at which byte; nil when it is read.
    private func refusal(_ bytes: [UInt8]) -> (offset: Int, reason: String)? {
        do throws(JSON.Failure) {
            _ = try JSON(parsing: bytes)
            return nil
        } catch {
            return (error.offset, error.reason)
        }
    }

    @Test(
        "a number of its grammar is read",
        arguments: [
            ("0", 0), ("-0", 0), ("7", 7), ("-7", -7), ("10", 10), ("1.5", 1.5), ("-0.25", -0.25), ("0.0", 0),
            ("1e3", 1000), ("1E3", 1000), ("1e+3", 1000), ("25e-2", 0.25), ("1.5e01", 15), ("0e0", 0),
            ("9007199254740992", 9_007_199_254_740_992), ("5e-324", .leastNonzeroMagnitude), ("1e-400", 0),
        ])
    func numbers(_ text: String, _ value: Double) {
        #expect(read(text) == .number(value))
        #expect(read("[\(text)]") == .array([.number(value)]))
        #expect(read("{\"a\": \(text) }") == .object(["a": .number(value)]))
    }

    @Test(
        "a number that other languages have is refused",
        arguments: [
            "+1", "01", "00", "-01", "1.", ".5", "-.5", "-", "+", ".", "e3", "1e", "1e+", "1.e3", "1.5.2", "1-2", "--1",
            "1e3.5", "1ee3", "0x10", "1_000", "1,000", "NaN", "Infinity", "-Infinity", "nan", "inf", "1e400", "-1e400",
            "1 2", "٣", "1f", "- 1",
        ])
    func foreignNumbers(_ text: String) {
        #expect(read(text) == nil)
        #expect(read("{\"a\":\(text)}") == nil)
        if text != "1,000" { #expect(read("[\(text)]") == nil) }
    }

    @Test("a number of endless digits is refused")
    func longNumbers() {
        #expect(read(String(repeating: "1", count: 33)) == nil)
        #expect(read("0." + String(repeating: "0", count: 100_000)) == nil)
    }

    @Test(
        "escapes stand for what they name",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
            (#""\ud83d\uDE00""#, "😀"), (#""\u0000""#, "\0"), (#""""#, ""), ("\"\u{7F}é😀\"", "\u{7F}é😀"),
        ])
    func strings(_ text: String, _ value: String) {
        #expect(read(text) == .string(value))
    }

    @Test(
        "half a surrogate pair, an unknown escape and a string without an end are refused",
        arguments: [
            #""\ud83d""#, #""\ude00""#, #""\ud83d\u0041""#, #""\ud83dx""#, #""\ud83d\n""#, #""\ude00\ud83d""#,
            #""\ud83d\ud83d""#, #""\u12""#, #""\u12g4""#, #""\u+123""#, #""\x41""#, #""\a""#, #""\'""#, #""\""#,
            #"""#, #""abc"#, "'abc'", "abc", #""\u"#,
        ])
    func brokenStrings(_ text: String) {
        #expect(read(text) == nil)
    }

    @Test("a control character in a string is refused, raw as it is")
    func controlCharacters() {
        for byte in UInt8(0)..<0x20 {
            #expect(refusal([0x22, byte, 0x22])?.reason == "a control character in a string", "\(byte)")
        }
    }

    @Test(
        "bytes that are no UTF-8 are refused",
        arguments: [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80]] as [[UInt8]])
    func otherEncodings(_ bytes: [UInt8]) {
        #expect(refusal([0x22] + bytes + [0x22]) != nil)
        #expect(refusal(bytes) != nil)
    }

    @Test("a byte order mark and UTF-16 are refused")
    func byteOrderMarks() {
        #expect(refusal([0xEF, 0xBB, 0xBF] + Array("{}".utf8))?.offset == 0)
        #expect(refusal([0xFF, 0xFE, 0x7B, 0, 0x7D, 0]) != nil)
        #expect(refusal([0x7B, 0, 0x7D, 0]) != nil)
    }

    @Test("space is what the grammar calls so, and nothing else")
    func space() {
        #expect(read(" \t\r\n{ \t\r\n\"a\" \t\r\n: \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 ] } \t\r\n") != nil)
        for space in ["\u{B}", "\u{C}", "\u{A0}", "\u{FEFF}", "\u{2028}", "\0"] {
            #expect(read("[\(space)1]") == nil)
            #expect(read("1\(space)") == nil)
        }
    }

    @Test(
        "commas, colons and brackets in the wrong place are refused",
        arguments: [
            "", " ", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1;2]", "{\"a\":1,}", "{,}", "{\"a\"}", "{\"a\":}",
            "{:1}", "{a:1}", "{1:1}", "{\"a\" 1}", "{\"a\"::1}", "[", "]", "{", "}", "[1", "{\"a\":1", "[1}",
            "{\"a\":1]",
            "[]]", "{}{}", "1,", "// 1", "[1/**/]", "#", "true1", "truE", "True", "tru", "nul", "falsee", "undefined",
        ])
    func wrongPlaces(_ text: String) {
        #expect(read(text) == nil)
    }

    @Test("all values may stand alone, and be empty")
    func values() {
        #expect(read("null") == .null)
        #expect(read("true") == .bool(true))
        #expect(read("false") == .bool(false))
        #expect(read("[]") == .array([]))
        #expect(read("{ }") == .object([:]))
        #expect(read("{\"\":[null,{}]}") == .object(["": .array([.null, .object([:])])]))
    }

    @Test("a key that comes twice is refused, however it is written")
    func repeatedKeys() {
        #expect(read("{\"a\":1,\"b\":1}") != nil)
        #expect(read("{\"a\":1,\"a\":1}") == nil)
        #expect(read(#"{"a":1,"\u0061":2}"#) == nil)
        // Swift holds a letter with its accent and the two of them for equal: a reader of bytes would see two keys.
        #expect(read("{\"\u{E9}\":1,\"e\u{301}\":2}") == nil)
    }

    @Test("values are nested 16 deep, and not deeper")
    func depth() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(read(nested(16)) != nil)
        #expect(refusal(Array(nested(17).utf8))?.reason == "nested too deeply")
        #expect(refusal(Array(String(repeating: "[", count: 1_000_000).utf8))?.reason == "nested too deeply")
        #expect(refusal(Array(String(repeating: "{\"a\":", count: 100_000).utf8))?.reason == "nested too deeply")
    }

    @Test("a refusal tells the byte")
    func offsets() {
        for (text, offset) in [("[1, 02]", 5), ("[1, +2]", 4), ("[1, x]", 4), ("[1, 2.]", 6), ("[1, 2e]", 6)] {
            #expect(refusal(Array(text.utf8))?.offset == offset, "\(text)")
        }
    }

    @Test("a whole number is an integer only where a double holds it exactly")
    func integers() {
        #expect(read("9007199254740992")?.integer == 9_007_199_254_740_992)
        #expect(read("-9007199254740992")?.integer == -9_007_199_254_740_992)
        #expect(read("1e2")?.integer == 100)
        for text in ["9007199254740994", "1.5", "1e300", "\"1\"", "true", "null"] {
            #expect(read(text)?.integer == nil, "\(text)")
        }
    }
}
