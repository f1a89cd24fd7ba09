/// The part of YAML that settings need: mappings in mappings, and plain or quoted values on one line. Whatever else
/// there is in YAML is refused, never misread.
struct YAMLText {
    /// A value with where it stands.
    struct Entry: Equatable {
        /// The keys from the outermost on, joined by dots.
        let key: String
        let value: String
        /// From 1.
        let line: Int
    }

    /// The values in the order of the file.
    let entries: [Entry]

    /// Reads a file's text.
    ///
    /// - Throws: ``BoothError`` that names `file` and the line.
    init(_ text: String, file: String) throws(BoothError) {
        var entries: [Entry] = []
        var lines: [String: Int] = [:]
        var open: [(indent: Int, key: String)] = []
        var isKeyOpen = false
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: Self.endsLine).enumerated() {
            let place = "\(file) line \(index + 1)"
            let indent = line.prefix { $0 == " " }.count
            let content = line.dropFirst(indent)
            if content.isEmpty || content.hasPrefix("#") || (index == 0 && content == "---") { continue }
            guard content.first != "\t" else { throw BoothError("\(place) is indented with a tab; use spaces") }
            let (key, value) = try Self.split(content, place)
            while let last = open.last, last.indent >= indent { open.removeLast() }
            guard indent == 0 || !open.isEmpty else {
                throw BoothError("\(place) is indented, but belongs to no key above")
            }
            if let last = entries.last, !isKeyOpen, indent > 0, open.map(\.key).joined(separator: ".") == last.key {
                throw BoothError("\(place) belongs to \(last.key), which has a value already")
            }
            let path = (open.map(\.key) + [key]).joined(separator: ".")
            if let first = lines[path] { throw BoothError("\(place) gives \(path) again, after line \(first)") }
            lines[path] = index + 1
            open.append((indent, key))
            isKeyOpen = value == nil
            if let value { entries.append(Entry(key: path, value: value, line: index + 1)) }
        }
        self.entries = entries
    }

    /// To Swift a carriage return with its line feed is one character.
    private static func endsLine(_ character: Character) -> Bool {
        character == "\n" || character == "\r\n" || character == "\r"
    }

    /// A line's key and its value; nil for a key whose values follow.
    private static func split(_ line: Substring, _ place: String) throws(BoothError) -> (String, String?) {
        guard !line.hasPrefix("- ") else { throw BoothError("\(place) begins a list; settings have one value each") }
        guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else {
            throw BoothError("\(place) is not of the form 'key: value'")
        }
        let key = line[..<colon]
        let rest = line[line.index(after: colon)...]
        guard key.utf8.allSatisfy(Self.isKeyByte), rest.isEmpty || rest.first == " " else {
            throw BoothError("\(place) is not of the form 'key: value'")
        }
        return (String(key), try value(rest.drop { $0 == " " }, place))
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func value(_ text: Substring, _ place: String) throws(BoothError) -> String? {
        guard let first = text.first, first != "#" else { return nil }
        if first == "\"" || first == "'" { return try quoted(text.dropFirst(), by: first, place) }
        guard !"[{&*!|>%@`".contains(first) else {
            throw BoothError("\(place) has a value that begins with \(first); put it in quotes if it is meant")
        }
        var plain = text
        var previous = first
        for index in text.indices {
            if text[index] == "#", previous == " " {
                plain = text[..<index]
                break
            }
            previous = text[index]
        }
        while plain.last == " " { plain = plain.dropLast() }
        return String(plain)
    }

    /// What stands before the closing quote.
    private static func quoted(_ text: Substring, by quote: Character, _ place: String) throws(BoothError) -> String {
        var value = ""
        var rest = text
        while let character = rest.popFirst() {
            if character == quote {
                if quote == "'", rest.first == "'" {
                    value.append("'")
                    rest = rest.dropFirst()
                    continue
                }
                let after = rest.drop { $0 == " " }
                guard after.isEmpty || after.first == "#" else { break }
                return value
            }
            if character == "\\", quote == "\"" {
                guard let escaped = rest.popFirst(), escaped == "\"" || escaped == "\\" else {
                    throw BoothError("\(place) has an escape other than \\\" and \\\\; use single quotes")
                }
                value.append(escaped)
            } else {
                value.append(character)
            }
        }
        throw BoothError("\(place) has a quote that is not closed")
    }
}
