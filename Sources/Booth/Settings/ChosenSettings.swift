import Platform

/// What the host chose on the web pages, kept for the next start.
public struct ChosenSettings: Sendable {
    static let fileName = "chosen.yaml"

    /// The file.
    public let path: String
    /// By their keys, those of styles among them.
    private var values: [String: String]

    /// Reads what was chosen before; nothing where there is no file.
    ///
    /// - Throws: ``BoothError`` when the file is there and cannot be understood.
    public init(folder: String) throws(BoothError) {
        path = "\(folder)/\(Self.fileName)"
        values = [:]
        guard let text = try? FileContent.text(of: path) else { return }
        for entry in try YAMLText(text, file: path).entries {
            if SettingKey(rawValue: entry.key) != nil || StyleSetting.owns(entry.key) {
                values[entry.key] = entry.value
            }
        }
    }

    /// Keeps values. They are on the disk when this returns.
    ///
    /// - Throws: ``BoothError`` when the file cannot be written.
    public mutating func keep(_ new: [SettingKey: String]) throws(BoothError) {
        try write(values.merging(new.map { ($0.key.rawValue, $0.value) }) { $1 })
    }

    /// Keeps what is chosen of a drawn style, by the keys of style files; what was chosen before and is not among it is
    /// forgotten. It is on the disk when this returns.
    ///
    /// - Throws: ``BoothError`` when the file cannot be written.
    public mutating func keep(_ chosen: [String: String], ofStyle style: String) throws(BoothError) {
        let group = "\(StyleSetting.group).\(style)."
        let others = values.filter { !$0.key.hasPrefix(group) }
        try write(others.merging(chosen.map { (group + $0.key, $0.value) }) { $1 })
    }

    private mutating func write(_ all: [String: String]) throws(BoothError) {
        do throws(FileError) {
            let file = try AtomicFile(path: path)
            try file.write(Array(Self.text(all).utf8).span)
            try file.commit()
        } catch {
            throw BoothError("what was chosen cannot be kept: \(error)", kind: .busy)
        }
        values = all
    }

    /// Keys of one group stand below their group's name.
    private static func text(_ values: [String: String]) -> String {
        var text = "# Chosen on the web pages; counts more than animesnap.yaml.\n"
        var group = ""
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            let parts = key.split(separator: ".", maxSplits: 1)
            if parts.count == 2 {
                if group != parts[0] { text += "\(parts[0]):\n" }
                group = String(parts[0])
                text += "  \(parts[1]): \(Self.plain(value))\n"
            } else {
                group = ""
                text += "\(key): \(Self.plain(value))\n"
            }
        }
        return text
    }

    /// Colours begin with what begins a comment.
    private static func plain(_ value: String) -> String { value.hasPrefix("#") ? "\"\(value)\"" : value }
}
