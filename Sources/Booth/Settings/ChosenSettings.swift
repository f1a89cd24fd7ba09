import Platform

/// What the host chose on the web pages, kept for the next start.
public struct ChosenSettings: Sendable {
    static let fileName = "chosen.yaml"

    /// The file.
    public let path: String
    private var values: [SettingKey: String]

    /// Reads what was chosen before; nothing where there is no file.
    ///
    /// - Throws: ``BoothError`` when the file is there and cannot be understood.
    public init(folder: String) throws(BoothError) {
        path = "\(folder)/\(Self.fileName)"
        values = [:]
        guard let text = try? FileContent.text(of: path) else { return }
        for entry in try YAMLText(text, file: path).entries {
            if let key = SettingKey(rawValue: entry.key) { values[key] = entry.value }
        }
    }

    /// Keeps values. They are on the disk when this returns.
    ///
    /// - Throws: ``BoothError`` when the file cannot be written.
    public mutating func keep(_ new: [SettingKey: String]) throws(BoothError) {
        let all = values.merging(new) { $1 }
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
    private static func text(_ values: [SettingKey: String]) -> String {
        var text = "# Chosen on the web pages; counts more than animesnap.yaml.\n"
        var group = ""
        for (key, value) in values.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let parts = key.rawValue.split(separator: ".", maxSplits: 1)
            if parts.count == 2 {
                if group != parts[0] { text += "\(parts[0]):\n" }
                group = String(parts[0])
                text += "  \(parts[1]): \(value)\n"
            } else {
                group = ""
                text += "\(key.rawValue): \(value)\n"
            }
        }
        return text
    }
}
