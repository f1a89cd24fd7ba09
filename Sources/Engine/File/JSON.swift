/// A JSON document, read strictly (RFC 8259): the header of a safetensors file and the graph inside it.
///
/// The engine has no Foundation, and what it reads comes from outside: depth is bounded, repeated keys are refused, and
/// numbers are integers or doubles within range.
enum JSON: Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    struct Failure: Error {
        let offset: Int
        let reason: String
    }

    /// - Throws: ``Failure`` with the byte offset and the reason.
    init(parsing bytes: [UInt8]) throws(Failure) {
        var reader = JSONReader(bytes: bytes)
        self = try reader.readDocument()
    }

    subscript(key: String) -> JSON? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    var string: String? { if case .string(let value) = self { value } else { nil } }

    var array: [JSON]? { if case .array(let value) = self { value } else { nil } }

    var object: [String: JSON]? { if case .object(let value) = self { value } else { nil } }

    /// The number, if it is a whole one that a double holds exactly.
    var integer: Int? {
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

    private mutating func readNumber() throws(JSON.Failure) -> Double {
        let start = at
        func isPartOfNumber(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte | 0x20 == 0x65
        }
        while let byte = next, isPartOfNumber(byte) { at += 1 }
        guard at > start, at - start <= 32, let value = Double(String(decoding: bytes[start..<at], as: UTF8.self)),
            value.isFinite
        else { throw failure("a value was expected") }
        return value
    }
}
