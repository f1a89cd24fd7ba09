import Booth
import Painting
import Web

/// The numbers of drawn styles, as the host sets and tries them.
extension WebAppliance {
    package func values(ofStyle name: String) async -> [StyleValueEntry]? {
        drawn(name).map { Self.entries($0.set, $0.standard) }
    }

    package func setValues(_ values: [String: Double], ofStyle name: String) async throws(Refusal) -> [StyleValueEntry]
    {
        guard let standard = drawn(name)?.standard else { throw Self.notDrawn(name) }
        let wished = try Self.drawn(standard, values)
        // What is as in the file is not written down: it follows the file when that changes.
        let chosen = StyleKey.all.filter { $0.isMain && $0.text(in: wished) != $0.text(in: standard) }
        let texts = Dictionary(uniqueKeysWithValues: chosen.map { ($0.name, $0.text(in: wished)) })
        do throws(BoothError) { try self.chosen?.keep(texts, ofStyle: name) } catch { throw Refusal(error) }
        painter.setDrawnStyle(wished, of: name)
        return Self.entries(wished, standard)
    }

    package func trial(ofStyle name: String, _ values: [String: Double]) async throws(Refusal) -> [UInt8] {
        guard let set = drawn(name)?.set else { throw Self.notDrawn(name) }
        let wished = try Self.drawn(set, values)
        do { return try await samples.trial(of: name, wished) } catch {
            throw Refusal(.failed, "The sample cannot be painted: \(error).")
        }
    }

    /// A drawn style as it is set, and as its file and the settings have it. A look on top has no numbers of its own.
    private func drawn(_ name: String) -> (set: DrawnStyle, standard: DrawnStyle)? {
        guard painter.styles.contains(name), let drawn = painter.drawnStyle(name) else { return nil }
        return (drawn.set, styleSettings.applied(to: drawn.ofFile, of: name))
    }

    private static func notDrawn(_ name: String) -> Refusal {
        Refusal(.notFound, "There is no drawn style of this name.")
    }

    private static func drawn(_ style: DrawnStyle, _ values: [String: Double]) throws(Refusal) -> DrawnStyle {
        var style = style
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let key = StyleKey.all.first(where: { $0.name == name && $0.isMain }) else {
                let names = StyleKey.all.filter(\.isMain).map { "\"\($0.name)\"" }.joined(separator: ", ")
                throw Refusal(.invalid, "\"\(name)\" is not known here; known is \(names).")
            }
            do throws(PaintingError) { try key.set(value, in: &style) } catch {
                throw Refusal(.invalid, "\"\(name)\": \(error).")
            }
        }
        return style
    }

    private static func entries(_ set: DrawnStyle, _ standard: DrawnStyle) -> [StyleValueEntry] {
        StyleKey.all.compactMap { key in
            guard key.isMain, let range = key.range, let value = key.number(in: set),
                let usual = key.number(in: standard)
            else { return nil }
            return StyleValueEntry(key: key.name, value: value, standard: usual, range: range)
        }
    }
}
