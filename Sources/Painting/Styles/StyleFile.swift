import Engine
import Platform

/// A style as a readable file, `styles/NAME.json`: an object of the keys of ``StyleKey``, of `title` and of `licence`.
/// What it does not name is as in the standard style.
public struct StyleFile: Equatable, Sendable {
    /// The name: that of the file.
    public let name: String
    /// Where it is.
    public let path: String
    /// What people read.
    public let title: String
    /// What its network and numbers may be used for.
    public let licence: String
    /// The numbers.
    public var style: DrawnStyle

    /// The ending of style files.
    public static let ending = ".json"
    /// Bytes; a file that names every key has less than one KiB.
    public static let mostBytes = 16_384
    /// The most letters of title and licence.
    static let mostLetters = 80

    /// Reads a file.
    ///
    /// - Throws: ``PaintingError`` naming the file, what is wrong in it and what is possible.
    public init(path: String) throws(PaintingError) {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try FileContent.bytes(of: path, upTo: Self.mostBytes + 1)
        } catch {
            throw PaintingError("\(path) cannot be read: \(error.words)")
        }
        try self.init(bytes, path: path)
    }

    /// Reads a file's content.
    ///
    /// - Throws: As above.
    public init(_ bytes: [UInt8], path: String) throws(PaintingError) {
        func refusal(_ reason: String) -> PaintingError { PaintingError("\(path): \(reason)") }
        let file = path.split(separator: "/").last ?? ""
        name = String(file.hasSuffix(Self.ending) ? file.dropLast(Self.ending.utf8.count) : file)
        self.path = path
        guard Self.isName(name), ModelSize(ofModel: name) == nil else {
            throw refusal("a style is called like its file: 1 to 24 of a-z, 0-9 and -, without -s, -m or -l at the end")
        }
        guard bytes.count <= Self.mostBytes else {
            throw refusal("it has more than \(Self.mostBytes >> 10) KiB, which no style needs")
        }
        let document: JSON
        do throws(JSON.Failure) {
            document = try JSON(parsing: bytes)
        } catch {
            let line = bytes.prefix(error.offset).count { $0 == UInt8(ascii: "\n") } + 1
            throw refusal("line \(line) is not JSON: \(error.reason)")
        }
        guard let members = document.object else { throw refusal("a JSON object with a style's keys is expected") }

        func line(_ key: String, _ value: JSON) throws(PaintingError) -> String {
            guard let text = value.string, text.count <= Self.mostLetters, Self.isPlainLine(text) else {
                throw refusal(
                    "\(key) is \(Self.words(value)); one line of up to \(Self.mostLetters) letters without control "
                        + "characters is possible")
            }
            return text
        }
        var (title, licence, style) = (name, "", DrawnStyle())
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            switch key {
            // Editors find the ranges there.
            case "$schema": _ = try line(key, value)
            case "title": title = try line(key, value)
            case "licence": licence = try line(key, value)
            default:
                do throws(PaintingError) {
                    let known = try StyleKey.named(key)
                    switch value {
                    case .number(let number): try known.set(number, in: &style)
                    case .string(let word): try known.setWord(word, in: &style)
                    default: throw known.refusal(of: Self.words(value))
                    }
                } catch {
                    throw refusal(error.description)
                }
            }
        }
        (self.title, self.licence, self.style) = (title, licence, style)
    }

    /// Looks at a model that the style is to be drawn over.
    ///
    /// - Returns: The network.
    /// - Throws: ``PaintingError`` when it does not underpaint: it would paint by itself, and the style would change nothing.
    @discardableResult
    public func network(_ model: ModelFile) throws(PaintingError) -> PaintingNetwork {
        let network = try PaintingNetwork(model)
        guard network.underpaints else {
            throw PaintingError(
                "\(path): its network is '\(style.network)', and \(model.path) does not underpaint but paints by itself"
            )
        }
        return network
    }

    /// The file's text with all keys, as a begin for another style.
    public var text: String {
        var lines = [("title", Self.quoted(title)), ("licence", Self.quoted(licence))]
        for key in StyleKey.all {
            let value = key.text(in: style)
            lines.append((key.name, key.range == nil ? Self.quoted(value) : value))
        }
        return "{\n" + lines.map { "  \"\($0)\": \($1)" }.joined(separator: ",\n") + "\n}\n"
    }

    /// Whether a style or a network can be called so: such a name is part of file names and addresses.
    static func isName(_ text: String) -> Bool {
        (1...24).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
            }
    }

    /// Whether a text shows as one line, in the order in which it is written: it has no control characters, and none of
    /// those that turn the direction of what follows them, on the page or in the terminal.
    public static func isPlainLine(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { isPlain($0) }
    }

    static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: false
        default: !scalar.properties.isBidiControl
        }
    }

    /// A value as it is told to people.
    private static func words(_ value: JSON) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .number(let number): StyleKey.text(number)
        case .string(let text): "'\(StyleKey.printable(text))'"
        case .array: "a list"
        case .object: "an object"
        }
    }

    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
