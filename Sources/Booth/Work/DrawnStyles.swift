import Engine
import Painting

/// The drawn styles of a library: each is a file of numbers, and all that name the same network share its models.
struct DrawnStyles {
    /// The styles' models.
    let models: [StyleModel]
    /// The names of the models that only underpaint, and so are no styles by themselves.
    let networks: Set<String>

    /// Looks at all style files.
    ///
    /// - Parameters:
    ///   - library: Where they are.
    ///   - first: A style that was looked at already.
    ///   - complain: Gets a sentence for each that cannot be used.
    init(of library: ModelLibrary, besides first: String, complain: (String) -> Void) {
        var (models, networks) = ([StyleModel](), Set<String>())
        for (name, path) in library.styleFiles() {
            do {
                let file = try StyleFile(path: path)
                if name != first { models += try Self.models(of: file, library.networks(of: file).map(\.path)) }
                // One that cannot be drawn over remains what it is.
                networks.formUnion(
                    [file.style.network] + ModelSize.allCases.map { "\(file.style.network)-\($0.rawValue)" })
            } catch {
                complain("\(error)")
            }
        }
        self.models = models
        self.networks = networks
    }

    /// A style with each of its networks that can be used.
    ///
    /// - Throws: A sentence when none can.
    static func models(of file: StyleFile, _ paths: [String]) throws -> [StyleModel] {
        var refusal: (any Error)?
        let models = paths.compactMap { path -> StyleModel? in
            do { return try StyleModel(path: path, drawn: file) } catch {
                refusal = error
                return nil
            }
        }
        if let refusal, models.isEmpty { throw refusal }
        return models
    }
}

/// The numbers of drawn styles, which the host may change.
extension ModelPainter {
    /// The numbers of a style, also of one with a look on top: as its file has them, and as they are set. nil for a style
    /// that is not drawn, or that there is not.
    public nonisolated func drawnStyle(_ name: String) -> (ofFile: DrawnStyle, set: DrawnStyle)? {
        guard let entry = choice(name)?.entry, let file = entry.drawn, let set = shelf.drawnStyle(of: entry) else {
            return nil
        }
        return (file.style, set)
    }

    /// Whether it draws hair and eyes in a style.
    public nonisolated func draws(style: String) -> Bool { choice(style)?.entry.drawn != nil }

    /// Sets the numbers of a style from the next picture on; nil for those of its file. It does not wait for the picture
    /// that is painted.
    public nonisolated func setDrawnStyle(_ style: DrawnStyle?, of name: String) {
        shelf.setDrawnStyle(style, of: name)
    }

    /// What a style's pictures depend on: another model, or other numbers, make another text. nil when there is no such
    /// style.
    public nonisolated func checksum(ofStyle name: String) -> String? {
        guard let entry = choice(name)?.entry else { return nil }
        guard let drawn = shelf.drawnStyle(of: entry) else { return entry.checksum }
        var checksum = Checksum()
        let text = StyleKey.all.map { $0.text(in: drawn) }.joined(separator: " ")
        Array(text.utf8).withUnsafeBytes { checksum.add($0) }
        return "\(entry.checksum)-\(checksum.text)"
    }
}
