/// A JSON document, read strictly (RFC 8259): the header of a safetensors file and the graph inside it.
///
/// The engine has no Foundation, and what it reads comes from outside: depth is bounded, repeated keys are refused, and
/// numbers are integers or doubles within range.
package enum JSON: Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    package struct Failure: Error {
        package let offset: Int
        package let reason: String
    }

    /// - Throws: ``Failure`` with the byte offset and the reason.
    package init(parsing bytes: [UInt8]) throws(Failure) {
        var reader = JSONReader(bytes: bytes)
        self = try reader.readDocument()
    }

    package subscript(key: String) -> JSON? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    package var string: String? { if case .string(let value) = self { value } else { nil } }

    package var array: [JSON]? { if case .array(let value) = self { value } else { nil } }

    package var object: [String: JSON]? { if case .object(let value) = self { value } else { nil } }

    /// The number, if it is a whole one that a double holds exactly.
    package var integer: Int? {
        guard case .number(let value) = self, value.magnitude <= 9_007_199_254_740_992 else { return nil }
        return Int(exactly: value)
    }
}

private struct JSONReader {
    let bytes: [UInt8]
    var at = 0
    static let maximumDepth = 16

    mutating func readDocument() throws(JSON.Failure) -> JSON {
        let value = try readValue(depth: 0)
        skipSpace()
        guard at == bytes.count else { throw failure("text after the end of the document") }
        return value
    }

    func failure(_ reason: String) -> JSON.Failure { JSON.Failure(offset: at, reason: reason) }

    var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    mutating func expect(_ text: StaticString) throws(JSON.Failure) {
        let length = text.utf8CodeUnitCount
        guard bytes.count - at >= length else { throw failure("the text ends too early") }
        for index in 0..<length where bytes[at + index] != text.utf8Start[index] {
            throw failure("'\(text)' was expected")
        }
        at += length
    }

    mutating func readValue(depth: Int) throws(JSON.Failure) -> JSON {
        guard depth < Self.maximumDepth else { throw failure("nested too deeply") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try readObject(depth: depth)
        case UInt8(ascii: "["): return try readArray(depth: depth)
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"):
            try expect("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try expect("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try expect("null")
            return .null
        case .some: return .number(try readNumber())
        case nil: throw failure("the text ends too early")
        }
    }

    mutating func readObject(depth: Int) throws(JSON.Failure) -> JSON {
        at += 1
        var members: [String: JSON] = [:]
        skipSpace()
        if next == UInt8(ascii: "}") {
            at += 1
            return .object(members)
        }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("a key was expected") }
            let key = try readString()
            skipSpace()
            try expect(":")
            let value = try readValue(depth: depth + 1)
            guard members.updateValue(value, forKey: key) == nil else { throw failure("the key '\(key)' is repeated") }
            skipSpace()
            if next == UInt8(ascii: "}") {
                at += 1
                return .object(members)
            }
            try expect(",")
        }
    }

    mutating func readArray(depth: Int) throws(JSON.Failure) -> JSON {
        at += 1
        var items: [JSON] = []
        skipSpace()
        if next == UInt8(ascii: "]") {
            at += 1
            return .array(items)
        }
        while true {
            items.append(try readValue(depth: depth + 1))
            skipSpace()
            if next == UInt8(ascii: "]") {
                at += 1
                return .array(items)
            }
            try expect(",")
        }
    }

    mutating func readString() throws(JSON.Failure) -> String {
        at += 1
        var units: [UInt8] = []
        while let byte = next {
            at += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: units, as: UTF8.self) else {
                    throw failure("text that is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): units.append(contentsOf: try readEscape())
            case 0..<0x20: throw failure("a control character in a string")
            default: units.append(byte)
            }
        }
        throw failure("a string without an end")
    }

    private mutating func readEscape() throws(JSON.Failure) -> [UInt8] {
        guard let byte = next else { throw failure("a string without an end") }
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            var code = try readFourHexDigits()
            if code & 0xFC00 == 0xD800 {
                try expect("\\u")
                let low = try readFourHexDigits()
                guard low & 0xFC00 == 0xDC00 else { throw failure("half a surrogate pair") }
                code = 0x10000 + (code & 0x3FF) << 10 + (low & 0x3FF)
            }
            guard let scalar = Unicode.Scalar(code) else { throw failure("half a surrogate pair") }
            return Array(String(Character(scalar)).utf8)
        default: throw failure("an unknown escape")
        }
    }

    private mutating func readFourHexDigits() throws(JSON.Failure) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("four hexadecimal digits were expected")
            }
            code = code << 4 | UInt32(digit)
            at += 1
        }
        return code
    }

    /// `-`, then 0 or digits that do not begin with one, then perhaps a fraction and an exponent.
    private mutating func readNumber() throws(JSON.Failure) -> Double {
        let start = at
        _ = skip("-")
        guard let first = next, Self.digits.contains(first) else { throw failure("a value was expected") }
        if !skip("0") { try skipDigits() }
        if let byte = next, Self.digits.contains(byte) { throw failure("a number that begins with 0") }
        if skip(".") { try skipDigits() }
        if skip("e") || skip("E") {
            if !skip("+") { _ = skip("-") }
            try skipDigits()
        }
        guard at - start <= Self.longestNumber, let value = Double(String(decoding: bytes[start..<at], as: UTF8.self)),
            value.isFinite
        else { throw failure("a number out of range") }
        return value
    }

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    /// Bytes; more than any double needs.
    private static let longestNumber = 32

    private mutating func skip(_ letter: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: letter) else { return false }
        at += 1
        return true
    }

    private mutating func skipDigits() throws(JSON.Failure) {
        let start = at
        while let byte = next, Self.digits.contains(byte) { at += 1 }
        if at == start { throw failure("a digit was expected") }
    }
}
