/// What a style file can say, key by key: the one table that reading, writing, `--style-set`, the host's sliders and the
/// documentation go by.
public struct StyleKey: Sendable {
    /// What is possible for a key, and where its value lies.
    enum Place: Sendable {
        case number(any WritableKeyPath<DrawnStyle, Double> & Sendable, ClosedRange<Double>)
        case tint(any WritableKeyPath<DrawnStyle, DrawnStyle.Tint> & Sendable)
        case lineColour
        case network
    }

    /// As files spell it.
    public let name: String
    /// What it does, for people.
    public let meaning: String
    /// Whether it has a slider on the host's page.
    public let isMain: Bool
    let place: Place

    private init(_ name: String, _ place: Place, _ meaning: String, isMain: Bool = false) {
        self.name = name
        self.place = place
        self.meaning = meaning
        self.isMain = isMain
    }

    /// All keys, in the order in which they are written.
    public static let all: [StyleKey] = [
        StyleKey(
            "network", .network, "The network that underpaints: the name of its files without `-s`, `-m` or `-l`."),
        StyleKey("eyes", .number(\.eyes, 1...1.8), "Width of the eyes, as a multiple of the photo's.", isMain: true),
        StyleKey("eye-height", .number(\.eyeHeight, 0.35...0.9), "Height of a wide open eye, as a part of its width."),
        StyleKey("lashes", .number(\.lashes, 0...1.5), "How strong the lines of lashes are."),
        StyleKey("brows", .number(\.brows, 0...1.5), "How strong brows are."),
        StyleKey("jaw", .number(\.jaw, 0...0.2), "How much narrower the jaw becomes, as a part of its width."),
        StyleKey("line", .number(\.line, 0.3...2), "Width of lines, as a multiple of the standard one.", isMain: true),
        StyleKey("line-colour", .lineColour, "Colour of lines, sRGB."),
        StyleKey("background-lines", .number(\.backgroundLines, 0...1), "How strong the lines of the background are."),
        StyleKey("shadow", .number(\.shadow, 0...1.5), "How strong shadows on skin are.", isMain: true),
        StyleKey("blush", .number(\.blush, 0...1), "How strong blush is.", isMain: true),
        StyleKey("hair-tones", .number(\.hairTones, 0...1.5), "How far the tones of hair lie apart."),
        StyleKey(
            "strokes", .number(\.strokes, 0...8),
            "How far strokes of one colour reach, in pixels of a picture of 1280; 0 leaves colours as the network makes them."
        ),
        StyleKey(
            "background", .number(\.background, 0...1.5),
            "How strong the grade of scenes is: luminous greens, clear skies, cool shadows.", isMain: true),
        StyleKey(
            "saturation", .number(\.saturation, 0.5...1.5), "How colourful everything but skin is.", isMain: true),
        StyleKey("glow", .number(\.glow, 0...0.4), "How strong light glows.", isMain: true),
        StyleKey("hair", .tint(\.hair), "The colour of hair."),
        StyleKey("irises", .tint(\.irises), "The colour of irises."),
    ]

    /// The key of that name.
    ///
    /// - Throws: ``PaintingError`` naming the nearest one.
    public static func named(_ name: some StringProtocol) throws(PaintingError) -> StyleKey {
        if let key = all.first(where: { $0.name == name }) { return key }
        throw PaintingError(
            "there is no key '\(printable(name))'; \(all.map(\.name).joined(separator: ", ")) are possible")
    }

    /// What is possible, as the end of a sentence.
    public var possible: String {
        switch place {
        case .number(_, let range): "\(Self.text(range.lowerBound)) to \(Self.text(range.upperBound)) are possible"
        case .tint: "\(DrawnStyle.Tint.allCases.map(\.rawValue).joined(separator: ", ")) are possible"
        case .lineColour: "a colour is possible, such as \"#2a1a16\""
        case .network: "1 to 24 of a-z, 0-9 and - are possible"
        }
    }

    /// The range of a number; nil for everything else.
    public var range: ClosedRange<Double>? { if case .number(_, let range) = place { range } else { nil } }

    /// The words that are possible; nil for everything else.
    public var words: [String]? {
        if case .tint = place { DrawnStyle.Tint.allCases.map(\.rawValue) } else { nil }
    }

    /// The value in a style, without quotes.
    public func text(in style: DrawnStyle) -> String {
        switch place {
        case .number(let path, _): Self.text(style[keyPath: path])
        case .tint(let path): style[keyPath: path].rawValue
        case .lineColour: Self.text(style.lineColour)
        case .network: style.network
        }
    }

    /// The number in a style; nil where the key has none.
    public func number(in style: DrawnStyle) -> Double? {
        if case .number(let path, _) = place { style[keyPath: path] } else { nil }
    }

    /// Sets a value that somebody wrote, "1.3" say.
    ///
    /// - Throws: ``PaintingError`` with key, value and what is possible; the style is unchanged.
    public func set(_ text: some StringProtocol, in style: inout DrawnStyle) throws(PaintingError) {
        if case .number = place {
            let isPlain = text.utf8.count <= 16 && text.utf8.allSatisfy { 48...57 ~= $0 || $0 == UInt8(ascii: ".") }
            guard isPlain, let value = Double(text) else { throw refusal(of: "'\(Self.printable(text))'") }
            try set(value, in: &style)
        } else {
            try setWord(String(text), in: &style)
        }
    }

    /// Sets a number.
    ///
    /// - Throws: ``PaintingError`` as above, for a key that has none too.
    public func set(_ value: Double, in style: inout DrawnStyle) throws(PaintingError) {
        guard case .number(let path, let range) = place, range.contains(value) else {
            throw refusal(of: Self.text(value))
        }
        style[keyPath: path] = value
    }

    /// Sets a text that is no number.
    func setWord(_ word: String, in style: inout DrawnStyle) throws(PaintingError) {
        let refusal = refusal(of: "'\(Self.printable(word))'")
        switch place {
        case .number: throw refusal
        case .tint(let path):
            guard let tint = DrawnStyle.Tint(rawValue: word) else { throw refusal }
            style[keyPath: path] = tint
        case .lineColour:
            guard let colour = Self.colour(word) else { throw refusal }
            style.lineColour = colour
        case .network:
            guard StyleFile.isName(word) else { throw refusal }
            style.network = word
        }
    }

    /// "eyes is 3; 1 to 1.8 are possible".
    func refusal(of value: String) -> PaintingError { PaintingError("\(name) is \(value); \(possible)") }

    // MARK: Values as text

    /// A number as people write it: 1 and not 1.0.
    static func text(_ value: Double) -> String {
        guard let whole = Int(exactly: value) else { return "\(value)" }
        return "\(whole)"
    }

    private static func text(_ colour: (red: UInt8, green: UInt8, blue: UInt8)) -> String {
        func pair(_ value: UInt8) -> String { (value < 16 ? "0" : "") + String(value, radix: 16) }
        return "#" + pair(colour.red) + pair(colour.green) + pair(colour.blue)
    }

    private static func colour(_ text: String) -> (red: UInt8, green: UInt8, blue: UInt8)? {
        let digits = text.utf8.dropFirst().compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard text.hasPrefix("#"), text.utf8.count == 7, digits.count == 6 else { return nil }
        func value(_ at: Int) -> UInt8 { UInt8(16 * digits[at] + digits[at + 1]) }
        return (value(0), value(2), value(4))
    }

    /// As one line that is not too long: it may come from anywhere.
    static func printable(_ text: some StringProtocol) -> String {
        let line = text.unicodeScalars.prefix(40).map { StyleFile.isPlain($0) ? $0 : " " }
        return String(String.UnicodeScalarView(line))
    }
}

extension DrawnStyle {
    /// Sets values that somebody wrote, "eyes=1.3" each.
    ///
    /// - Throws: ``PaintingError`` for one that is not of this form, a key that there is not or that is there twice, or a
    ///   value that is not possible.
    public mutating func set(_ assignments: [String]) throws(PaintingError) {
        var seen: Set<String> = []
        for assignment in assignments {
            guard let equals = assignment.firstIndex(of: "=") else {
                throw PaintingError(
                    "'\(StyleKey.printable(assignment))' is not of the form KEY=VALUE, such as eyes=1.3")
            }
            let key = try StyleKey.named(assignment[..<equals])
            guard seen.insert(key.name).inserted else {
                throw PaintingError("\(key.name) is given twice; once is possible")
            }
            try key.set(assignment[assignment.index(after: equals)...], in: &self)
        }
    }
}
