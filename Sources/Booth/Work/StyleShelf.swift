import Album
import Engine
import Painting
import Synchronization

/// A model that paints a style.
struct StyleModel: Equatable, Sendable {
    let style: String
    let path: String
    /// The file's name up to its size.
    let stem: String
    /// As the file's name says; nil for a model that is the only one of its style.
    let size: ModelSize?
    /// The network, from which follows how long a picture takes.
    let graph: Graph
    let title: String
    let licence: String
    let checksum: String
    /// The file of a drawn style; nil for a network that paints by itself.
    let drawn: StyleFile?
    /// Of a file that people brought, which may change or go at any time; nil for one of the program's.
    let stamp: FileStamp?

    /// Whether people brought it.
    var isBrought: Bool { stamp != nil }

    /// A model of the program.
    ///
    /// - Throws: A sentence that says why the file cannot be used.
    init(path: String, drawn: StyleFile? = nil) throws {
        try self.init(ModelFile(path: path), path: path, stamp: nil, drawn: drawn)
    }

    /// A model that is open already.
    ///
    /// - Throws: A sentence that says why its style cannot be used.
    init(_ model: ModelFile, path: String, stamp: FileStamp?, drawn: StyleFile? = nil) throws(PaintingError) {
        self.path = path
        self.stamp = stamp
        self.drawn = drawn
        let file = path.split(separator: "/").last ?? ""
        let name = file.hasSuffix(".safetensors") ? String(file.dropLast(".safetensors".count)) : String(file)
        size = ModelSize(ofModel: name)
        stem = size == nil ? name : String(name.dropLast(2))
        graph = model.graph
        if let drawn { try drawn.network(model) } else { _ = try PaintingNetwork(model) }
        style = try Self.name(ofStyle: drawn?.name ?? model.graph.style, drawn?.path ?? path).text
        title = drawn?.title ?? model.graph.title
        licence = drawn?.licence ?? model.graph.licence
        for text in [title, licence] where !StyleFile.isPlainLine(text) {
            throw PaintingError("\(path) has title or terms with control characters; one plain line each is possible")
        }
        checksum = model.checksum
    }

    /// The model, for painting.
    func open(_ brought: BroughtModels) throws -> ModelFile {
        let model =
            if let stamp { try brought.load(path, stamp, checksum: checksum) } else { try ModelFile(path: path) }
        guard model.checksum == checksum else { throw BroughtModels.exchanged(path) }
        return model
    }

    /// - Throws: A sentence when no picture can be named after the style.
    static func name(ofStyle style: String, _ path: String) throws(PaintingError) -> StyleName {
        do throws(StyleName.Refusal) {
            return try StyleName(ofModel: style)
        } catch {
            throw PaintingError(
                "\(path) calls its style '\(error.text)'; pictures are named after it, so \(error.possible)")
        }
    }
}

extension StyleName {
    /// The name of a model's style: there is room behind it for the names of looks.
    ///
    /// - Throws: Its ``Refusal``.
    public init(ofModel text: String) throws(Refusal) { try self.init(text, longest: 24) }
}

/// The sizes in which a style can be painted, and the one that is.
public struct StyleSizes: Equatable, Sendable {
    /// The style.
    public let style: String
    /// The size that paints; nil where its model has none in its name.
    public let size: ModelSize?
    /// All sizes, the smallest first.
    public let existing: [ModelSize]
    /// Multiply-accumulate operations for a picture of the size that is set.
    public let work: Double
}

/// The styles that there are at this moment, by their names. Of the models of a style the one paints that the rule
/// chooses.
final class StyleShelf: Sendable {
    private struct Contents {
        var all: [StyleModel]
        var rule: SizeRule
        var options: Painter.Options
        /// One model per style.
        var models: [StyleModel] = []
        var sizes: [StyleSizes] = []
        /// The numbers of drawn styles, where they are not those of their files.
        var drawn: [String: DrawnStyle] = [:]

        mutating func choose() {
            models = []
            sizes = []
            for (style, family) in Dictionary(grouping: all, by: \.style).sorted(by: { $0.key < $1.key }) {
                var options = options
                // One that has no rival need not be planned to be chosen.
                if family.count == 1 { options.memoryLimit = nil }
                let candidates = family.map { rule.candidate($0.size, $0.graph, options) }
                guard let index = rule.choice(among: candidates) else { continue }
                models.append(family[index])
                sizes.append(
                    StyleSizes(
                        style: style, size: family[index].size, existing: family.compactMap(\.size).sorted(),
                        work: candidates[index].work))
            }
        }
    }

    private let contents: Mutex<Contents>

    init(_ models: [StyleModel], _ rule: SizeRule, _ options: Painter.Options) {
        var contents = Contents(all: models, rule: rule, options: options)
        contents.choose()
        self.contents = Mutex(contents)
    }

    /// The model of each style that paints.
    var models: [StyleModel] { contents.withLock { $0.models } }

    /// What there is to choose from, by style.
    var sizes: [StyleSizes] { contents.withLock { $0.sizes } }

    /// Choices for all pictures, the memory limit and the size that is set among them.
    var options: Painter.Options { contents.withLock { $0.options } }

    /// The rule that chooses.
    var rule: SizeRule { contents.withLock { $0.rule } }

    /// The model that takes the least work; one that people brought only where there is no other.
    var lightest: StyleModel? {
        let (all, rule) = contents.withLock { ($0.all, $0.rule) }
        let own = all.filter { !$0.isBrought }
        return (own.isEmpty ? all : own)
            .map { (model: $0, work: rule.candidate($0.size, $0.graph, Painter.Options()).work) }
            .min { $0.work < $1.work }?.model
    }

    /// The numbers of a model's style; nil for a network that paints by itself.
    func drawnStyle(of model: StyleModel) -> DrawnStyle? {
        guard let file = model.drawn else { return nil }
        return contents.withLock { $0.drawn[model.style] } ?? file.style
    }

    /// Sets the numbers of a drawn style; nil for those of its file.
    func setDrawnStyle(_ drawn: DrawnStyle?, of style: String) { contents.withLock { $0.drawn[style] = drawn } }

    /// Changes what the choice depends on.
    func change(_ body: (_ rule: inout SizeRule, _ options: inout Painter.Options) -> Void) {
        contents.withLock { contents in
            body(&contents.rule, &contents.options)
            contents.choose()
        }
    }

    /// - Throws: ``PaintingError`` when there is another model of this style and size, or a style of the program has the
    ///   name.
    func add(_ model: StyleModel) throws {
        try contents.withLock { contents in
            if let other = contents.all.first(where: { $0.path != model.path && $0.excludes(model) }) {
                throw PaintingError("\(model.path) is of the style '\(model.style)', which \(other.path) is already")
            }
            contents.all.removeAll { $0.path == model.path }
            contents.all.append(model)
            contents.choose()
        }
    }

    func remove(path: String) {
        contents.withLock { contents in
            contents.all.removeAll { $0.path == path }
            contents.choose()
        }
    }
}

extension StyleModel {
    /// Whether the other model cannot be one more size of the same style.
    fileprivate func excludes(_ other: StyleModel) -> Bool {
        guard style == other.style else { return false }
        guard isBrought, other.isBrought, let size, let otherSize = other.size else { return true }
        return size == otherSize
    }

    /// The sizes of a style among models that lie together: those whose files are called like the style, or else like the
    /// first. A file without a size in its name is the only one.
    static func family(of style: String, among models: [StyleModel]) -> [StyleModel] {
        let candidates = models.filter { $0.style == style }
        let named = candidates.filter { $0.stem == style }
        guard let first = named.first(where: { $0.size == nil }) ?? named.first ?? candidates.first else { return [] }
        return first.size == nil ? [first] : candidates.filter { $0.stem == first.stem && $0.size != nil }
    }
}
