import Engine
import Painting
import Synchronization

/// A style and the file of its model.
struct StyleModel: Equatable, Sendable {
    let style: String
    let path: String
    let title: String
    let licence: String
    let checksum: String
    /// Whether people brought it: its file may change or go at any time.
    let isBrought: Bool

    /// - Throws: A sentence that says why the file cannot be used.
    init(path: String, isBrought: Bool = false) throws {
        try self.init(ModelFile(path: path, isCopied: isBrought), isBrought: isBrought)
    }

    /// The style of a model that is open already.
    ///
    /// - Throws: A sentence that says why its style cannot be used.
    init(_ model: ModelFile, isBrought: Bool) throws {
        path = model.path
        style = try Self.checked(model.graph.style, path)
        title = model.graph.title
        licence = model.graph.licence
        checksum = model.checksum
        self.isBrought = isBrought
    }

    /// The model, for painting.
    func open() throws -> ModelFile {
        let model = try ModelFile(path: path, isCopied: isBrought)
        guard model.checksum == checksum else {
            throw PaintingError("\(path) is another file than the one that was looked at; it is looked at again soon")
        }
        return model
    }

    private static func checked(_ style: String, _ path: String) throws -> String {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z"), digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let isName = style.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "-") }
        guard isName, 1...24 ~= style.utf8.count, style != "photo" else {
            throw PaintingError(
                "\(path) calls its style '\(style)'; pictures are named after it, so 1 to 24 of a-z, 0-9 and - are possible, and not 'photo'"
            )
        }
        return style
    }
}

/// The styles that there are at this moment, by their names.
final class StyleShelf: Sendable {
    private let contents: Mutex<[StyleModel]>

    init(_ models: [StyleModel]) { contents = Mutex(models.sorted { $0.style < $1.style }) }

    var models: [StyleModel] { contents.withLock { $0 } }

    /// - Throws: ``PaintingError`` when there is another model of this style.
    func add(_ model: StyleModel) throws {
        try contents.withLock { models in
            if let other = models.first(where: { $0.style == model.style && $0.path != model.path }) {
                throw PaintingError("\(model.path) is of the style '\(model.style)', which \(other.path) is already")
            }
            models.removeAll { $0.path == model.path }
            models.append(model)
            models.sort { $0.style < $1.style }
        }
    }

    func remove(path: String) { contents.withLock { $0.removeAll { $0.path == path } } }
}
