import Painting

/// A setting of a drawn style: `styles.NAME.KEY`, with the keys of style files.
public struct StyleSetting: Equatable, Sendable {
    /// The style.
    public let style: String
    /// The key in its file.
    public let key: String
    /// The value as it was written.
    public let value: String
    /// Where it was written.
    public let origin: String

    static let group = "styles"

    /// The key as settings have it.
    public var name: String { "\(Self.group).\(style).\(key)" }

    /// Whether the host chose it on the web pages.
    public var isChosen: Bool { origin.contains("/\(ChosenSettings.fileName) line ") }

    /// Whether a key of the settings is one of a style.
    static func owns(_ key: String) -> Bool { key == group || key.hasPrefix(group + ".") }

    /// Reads a setting.
    ///
    /// - Throws: ``BoothError`` for a key that there is not or a value that is not possible. Whether there is the style shows
    ///   later: styles come and go.
    init(_ name: String, _ value: String, origin: String) throws(BoothError) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, !parts[1].isEmpty else {
            throw BoothError(
                "\(origin): there is no key '\(name)'; \(Self.group).NAME.KEY is possible, such as styles.anime.eyes")
        }
        (style, key, self.value, self.origin) = (parts[1], parts[2], value, origin)
        var tried = DrawnStyle()
        do throws(PaintingError) { try apply(to: &tried) } catch {
            throw BoothError("\(origin): \(Self.group).\(style): \(error)")
        }
    }

    /// Sets the value.
    ///
    /// - Throws: ``PaintingError`` when that is not possible.
    func apply(to drawn: inout DrawnStyle) throws(PaintingError) {
        guard key != "network" else {
            throw PaintingError("the network cannot be set here; that takes a style file of its own")
        }
        try StyleKey.named(key).set(value, in: &drawn)
    }
}

extension [StyleSetting] {
    /// A style's numbers with what is set of them.
    public func applied(to drawn: DrawnStyle, of style: String) -> DrawnStyle {
        var drawn = drawn
        // What cannot be applied was refused when it was read.
        for setting in self where setting.style == style { try? setting.apply(to: &drawn) }
        return drawn
    }
}
