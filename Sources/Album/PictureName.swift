/// The name of one of the album's files: "0042-photo.jpg", "0042-cute-thumb.jpg", "0042.pin".
///
/// Every other name belongs to somebody else.
struct PictureName: Equatable {
    enum Content: Equatable {
        /// The photo or the anime picture of a style.
        case picture(String)
        case preview(String)
        case thumbnail(String)
        /// A style that is wished for.
        case wanted(String)
        /// A style that could not be painted; the file says why.
        case failed(String)
        case pin
        /// The photo of a picture that is being deleted, hidden.
        case gone
        /// A file of the picture that is being written, hidden.
        case temporary
    }

    /// Stands in names where anime pictures have their style.
    static let photo = "photo"
    /// What the names of previews and thumbnails have behind the style.
    static let previewEnding = "-preview"
    static let thumbnailEnding = "-thumb"
    /// Nine digits are enough for a picture each second for thirty years.
    static let mostDigits = 9
    static let largestNumber = 999_999_999

    let number: Int
    let content: Content

    init(_ number: Int, _ content: Content) {
        self.number = number
        self.content = content
    }

    /// Takes a name apart; nil when it is not one of the album's.
    init?(_ text: String) {
        var rest = text[...]
        let isHidden = rest.first == "."
        if isHidden { rest = rest.dropFirst() }
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard 4...Self.mostDigits ~= digits.utf8.count, digits.utf8.count == 4 || digits.first != "0",
            let number = Int(digits), number > 0
        else { return nil }
        rest = rest.dropFirst(digits.count)
        guard let content = isHidden ? Self.hiddenContent(rest) : Self.content(rest) else { return nil }
        self.init(number, content)
    }

    private static func hiddenContent(_ rest: Substring) -> Content? {
        if rest == "-photo.jpg.gone" { return .gone }
        guard rest.hasSuffix(".part"), let inner = content(rest.dropLast(5)), inner != .temporary else { return nil }
        return .temporary
    }

    private static func content(_ rest: Substring) -> Content? {
        if rest == ".pin" { return .pin }
        guard rest.first == "-", let dot = rest.firstIndex(of: ".") else { return nil }
        let name = rest[rest.index(after: rest.startIndex)..<dot]
        switch rest[dot...] {
        case ".jpg":
            if name.hasSuffix(previewEnding) {
                return part(name.dropLast(previewEnding.utf8.count)).map { .preview($0) }
            }
            if name.hasSuffix(thumbnailEnding) {
                return part(name.dropLast(thumbnailEnding.utf8.count)).map { .thumbnail($0) }
            }
            return part(name).map { .picture($0) }
        case ".wanted": return style(name).map { .wanted($0) }
        case ".failed": return style(name).map { .failed($0) }
        default: return nil
        }
    }

    private static func part(_ name: Substring) -> String? {
        name == photo ? photo : style(name)
    }

    private static func style(_ name: Substring) -> String? {
        (try? StyleName(name))?.text
    }

    /// "0042", with more digits after 9999.
    static func digits(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    /// The name.
    var text: String {
        let digits = Self.digits(number)
        return switch content {
        case .picture(let part): "\(digits)-\(part).jpg"
        case .preview(let part): "\(digits)-\(part)\(Self.previewEnding).jpg"
        case .thumbnail(let part): "\(digits)-\(part)\(Self.thumbnailEnding).jpg"
        case .wanted(let style): "\(digits)-\(style).wanted"
        case .failed(let style): "\(digits)-\(style).failed"
        case .pin: "\(digits).pin"
        case .gone: ".\(digits)-photo.jpg.gone"
        // All temporaries of a picture are read as one kind; this stands for the photo's.
        case .temporary: Self.temporary(for: "\(digits)-photo.jpg")
        }
    }

    /// The name under which a file is written before it gets its own.
    static func temporary(for name: String) -> String {
        name.hasPrefix(".") ? name + ".part" : "." + name + ".part"
    }
}
