import Album
import Engine
import Imaging
import Painting
import Platform

/// Turns photos into anime pictures, one at a time.
public protocol PhotoPainter: Sendable {
    /// The styles that there are, in the order in which a double press goes through them.
    var styles: [String] { get }

    /// Whether it can paint in a style; it may know more than a double press goes through.
    func knows(style: String) -> Bool

    /// Whether it draws hair and eyes in a style, and so can give them colours.
    func draws(style: String) -> Bool

    /// Paints a photo.
    ///
    /// - Parameters:
    ///   - photo: A JPEG picture.
    ///   - style: One that it knows.
    ///   - wish: What is not to be done as is set.
    ///   - progress: Called now and then with the rows that are done and all rows; what it throws ends the work.
    /// - Returns: A JPEG file.
    /// - Throws: A sentence for a person, or what `progress` throws.
    func paint(
        _ photo: PictureInput, style: String, as wish: PaintingWish,
        progress: @escaping @Sendable (_ done: Int, _ rows: Int) throws -> Void
    ) async throws -> [UInt8]
}

extension PhotoPainter {
    /// Whether it is one of ``styles``.
    public func knows(style: String) -> Bool { styles.contains(style) }

    /// None, unless a painter says otherwise.
    public func draws(style: String) -> Bool { false }

    /// A sentence about a style that it does not know, without a full stop: what has its place, or what there is.
    public func unknownStyle(_ name: String) -> String {
        if let successor = RetiredStyles.successor(of: name), knows(style: successor) {
            return "the style '\(name)' is not painted any more; '\(successor)' has its place"
        }
        return "there is no style '\(name.prefix(40))'; there are \(styles.joined(separator: ", "))"
    }
}

/// A style as people choose it.
public struct StyleDescription: Equatable, Sendable {
    /// As files are named by it: "cute", or "cute-neon" with a look on top.
    public let name: String
    /// What people read.
    public let title: String
    /// What its model may be used for.
    public let licence: String

    /// Describes a style.
    package init(name: String, title: String, licence: String) {
        self.name = name
        self.title = title
        self.licence = licence
    }
}

/// Paints with the models of a library, on a thread of its own that stands back behind the camera and the button.
public actor ModelPainter: PhotoPainter {
    /// The longest side of sample pictures in pixels.
    private static let sampleSide = 320

    /// All styles, in the order of their names.
    nonisolated let shelf: StyleShelf
    private nonisolated let executor = ThreadExecutor(name: "painter", niceness: 5)
    /// Looks at the models that people bring.
    nonisolated let brought: BroughtModels
    private let told: @Sendable (Painter.Report) -> Void
    private nonisolated var options: Painter.Options { shelf.options }
    /// Paints what people watch live.
    private let live = LivePainter()
    /// The painter of the last picture, with its memory.
    private var painter: (model: StyleModel, look: Look?, painter: Painter)?

    /// Where the painter works.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Looks at all models.
    ///
    /// - Parameters:
    ///   - library: Where models are.
    ///   - broughtFolder: Where models are that people bring; it need not exist. What cannot be used there is passed over
    ///     without a word: ``ModelFolder`` has it.
    ///   - brought: Looks at those.
    ///   - model: The model of the first style: a model's name, a style or a path.
    ///   - options: Choices for all pictures, the memory limit among them.
    ///   - rule: Which of the sizes of a style paints.
    ///   - tell: Gets what each painting took.
    ///   - complain: Gets a sentence for each model that cannot be used.
    /// - Throws: When there is no such model or it cannot be used.
    public init(
        library: ModelLibrary, broughtFolder: String? = nil, brought: BroughtModels = BroughtModels(),
        model: String, options: Painter.Options, rule: SizeRule = SizeRule(),
        tell: @escaping @Sendable (Painter.Report) -> Void = { _ in },
        complain: (String) -> Void = { _ in }
    ) throws {
        self.brought = brought
        let guests = Self.models(in: broughtFolder, brought)
        // Styles that people write lie beside the models that they bring.
        let all = ModelLibrary(folders: library.folders + (broughtFolder.map { [$0] } ?? []))
        let first = try Self.first(model, all, guests)
        var models = first.models
        let drawn = DrawnStyles(of: all, besides: first.style, complain: complain)
        models += drawn.models
        var others: [StyleModel] = []
        for (name, path) in library.models() where !models.contains(where: { $0.path == path }) {
            do {
                let model = try StyleModel(path: path)
                if !drawn.networks.contains(name) { others.append(model) }
            } catch {
                complain("\(error)")
            }
        }
        for other in others where !models.contains(where: { $0.style == other.style }) {
            models += StyleModel.family(of: other.style, among: others)
        }
        for model in guests where !models.contains(where: { $0.style == model.style }) {
            models += StyleModel.family(of: model.style, among: guests)
        }
        shelf = StyleShelf(models, rule, options)
        firstStyle = first.style
        isFirstModelNamed = first.isModelNamed
        told = tell
    }

    private static func models(in folder: String?, _ brought: BroughtModels) -> [StyleModel] {
        guard let folder else { return [] }
        return ((try? Folder.names(in: folder)) ?? []).filter { ModelFolder.mayBeModel($0) }.compactMap {
            try? brought.look(at: "\(folder)/\($0)").style
        }
    }

    /// The style that `name` stands for and its models: all sizes of a style of the library or one of its models, or else
    /// those of a style that people brought.
    private static func first(
        _ name: String, _ library: ModelLibrary, _ brought: [StyleModel]
    ) throws -> (style: String, models: [StyleModel], isModelNamed: Bool) {
        do {
            let found = try library.style(name)
            if let file = found.file {
                let models = try DrawnStyles.models(of: file, found.models.map(\.path))
                return (file.name, models, found.models.count == 1 && found.models[0].size == nil && name != file.name)
            }
            let models = found.models.compactMap { try? StyleModel(path: $0.path) }
            guard found.models.contains(where: { $0.size != nil }),
                let style = (models.first { $0.size == .medium } ?? models.first)?.style
            else {
                let model = try StyleModel(path: found.standard)
                return (model.style, [model], name != model.style && name != model.stem)
            }
            let family = models.filter { $0.style == style }
            return (style, family, name != style && !family.contains { $0.stem == name })
        } catch {
            let family = StyleModel.family(of: name, among: brought)
            if family.isEmpty { throw error }
            return (name, family, false)
        }
    }

    /// The styles that there are, in the order of their names.
    public nonisolated var styles: [String] { shelf.models.map(\.style) }

    /// Adds a style that people brought, or puts a newer model of it in the older one's place.
    ///
    /// - Throws: ``PaintingError`` when the program has a style of this name already.
    nonisolated func add(_ model: StyleModel) throws { try shelf.add(model) }

    /// Takes away a style that people brought.
    nonisolated func remove(path: String) { shelf.remove(path: path) }

    /// All that it knows: each style alone, then with each look on top.
    public nonisolated var descriptions: [StyleDescription] {
        shelf.models.flatMap { entry in
            let short = entry.title.prefix { $0 != ":" }
            let plain = StyleDescription(name: entry.style, title: entry.title, licence: entry.licence)
            return [plain]
                + Look.allCases.map { look in
                    StyleDescription(
                        name: "\(entry.style)-\(look.rawValue)", title: "\(short) + \(look.title)",
                        licence: entry.licence)
                }
        }
    }

    /// Whether it is a style, or a style and a look with a hyphen between them.
    public nonisolated func knows(style: String) -> Bool { choice(style) != nil }

    nonisolated func choice(_ style: String) -> (entry: StyleModel, look: Look?)? {
        let entries = shelf.models
        if let entry = entries.first(where: { $0.style == style }) { return (entry, nil) }
        for look in Look.allCases where style.hasSuffix("-\(look.rawValue)") {
            let name = style.dropLast(look.rawValue.utf8.count + 1)
            if let entry = entries.first(where: { $0.style == name }) { return (entry, look) }
        }
        return nil
    }

    /// Paints a frame of the camera for those who watch live, as large as can be painted about five times a second, with its
    /// largest faces by themselves where there is time for that.
    ///
    /// - Throws: A sentence for a person.
    public func paintLive(_ frame: PictureInput, style: String) throws -> [UInt8] {
        guard let (entry, look) = choice(style) else { throw unknown(style) }
        var options = options
        options.drawnStyle = shelf.drawnStyle(of: entry)
        painter = nil  // both at once would take too much memory, and it comes anew in milliseconds
        return try live.paint(frame, with: entry, look, options) { try entry.open(brought) }
    }

    /// The sizes of each style, in the order of their names, and which of them paint.
    public nonisolated var sizes: [StyleSizes] { shelf.sizes }

    /// The styles that lack the size that was asked for, and are painted with another one.
    public nonisolated var stylesWithoutWishedSize: [StyleSizes] {
        guard let wish = shelf.rule.wish else { return [] }
        return shelf.sizes.filter { style in
            !style.existing.isEmpty && style.size != wish && !(isFirstModelNamed && style.style == firstStyle)
        }
    }

    /// Measures how fast pictures are painted, in a second or less, on the thread that paints: a picture that comes
    /// meanwhile waits.
    ///
    /// - Throws: A sentence for a person.
    public func measureSpeed() throws -> PaintingSpeed {
        guard let model = shelf.lightest else { throw PaintingError("there is no model to measure with") }
        return try .measured(model.open(brought), options)
    }

    /// Takes a measured speed into account from the next picture on.
    public nonisolated func setSpeed(_ speed: PaintingSpeed) { shelf.change { rule, _ in rule.speed = speed } }

    /// Sets the size of the next pictures. It does not wait for the one that is painted.
    public nonisolated func setSize(_ size: Painter.Size) {
        shelf.change { $1.size = size }
        Task { await self.forgetOtherPainter() }
    }

    /// Sets what is done with the faces of the next pictures. It does not wait for the one that is painted.
    public nonisolated func setFaces(_ faces: Painter.Faces) {
        shelf.change { $1.faces = faces }
        Task { await self.forgetOtherPainter() }
    }

    /// The memory of a size that is not painted any more goes before the next picture comes.
    private func forgetOtherPainter() {
        guard let painter else { return }
        var options = options
        options.drawnStyle = painter.painter.options.drawnStyle
        if !painter.painter.options.paints(as: options) { self.painter = nil }
    }

    /// Paints a small picture that shows what a style does, with faces among it, whatever is set.
    ///
    /// - Parameters:
    ///   - photo: A JPEG picture.
    ///   - style: One that it knows.
    ///   - drawn: The numbers of a drawn style to try; nil for those that are set.
    /// - Returns: A JPEG file.
    /// - Throws: A sentence for a person.
    public func paintSample(
        _ photo: PictureInput, style: String, drawn: DrawnStyle? = nil
    ) throws -> [UInt8] {
        guard let (entry, look) = choice(style) else { throw unknown(style) }
        painter = nil  // more than one at once would take too much memory, and samples are rare
        live.forgetMemory()
        var options = options
        options.size = .longestSide(Self.sampleSide)
        options.faces = .auto
        options.crop = .off
        options.look = look
        options.drawnStyle = shelf.drawnStyle(of: entry).map { drawn ?? $0 }
        options.styleName = entry.style
        return try Painter(model: try entry.open(brought), options: options).paint(photo).bytes
    }

    /// The style of the model that was asked for.
    public nonisolated let firstStyle: String
    /// Where its model is that paints.
    public nonisolated var firstPath: String { shelf.models.first { $0.style == firstStyle }?.path ?? "" }
    /// Whether not a style was asked for but one model of it, whatever its size.
    public nonisolated let isFirstModelNamed: Bool

    /// Paints a photo.
    public func paint(
        _ photo: PictureInput, style: String, as wish: PaintingWish,
        progress: @escaping @Sendable (_ done: Int, _ rows: Int) throws -> Void
    ) async throws -> [UInt8] {
        live.forgetMemory()  // who watches waits for this picture
        let painter = try painter(for: style, wish)
        // A size of its own is not likely to be the next one's: its memory, which may be large, is not kept.
        defer { if wish != PaintingWish() { self.painter = nil } }
        let painted: (bytes: [UInt8], report: Painter.Report)
        do {
            painted = try painter.paint(photo, progress: progress)
        } catch is NoFaceError {
            // Whoever wants a portrait would rather have the whole picture than none.
            var whole = wish
            whole.faces = .auto
            painted = try self.painter(for: style, whole).paint(photo, progress: progress)
            self.painter = nil
        }
        told(painted.report)
        return painted.bytes
    }

    private func painter(for style: String, _ wish: PaintingWish) throws -> Painter {
        // What was promised before the style went is painted in the one that has its place.
        guard let (entry, look) = choice(style) ?? RetiredStyles.successor(of: style).flatMap({ choice($0) }) else {
            throw unknown(style)
        }
        var options = options
        options.look = look
        options.drawnStyle = shelf.drawnStyle(of: entry)
        options.styleName = entry.style
        if let size = wish.size { options.size = Painter.Size(size) }
        if let faces = wish.faces { options.faces = Painter.Faces(faces) }
        if let hair = wish.hair { options.drawnStyle?.hair = DrawnStyle.Tint(hair) }
        if let eyes = wish.eyes { options.drawnStyle?.irises = DrawnStyle.Tint(eyes) }
        if let painter, painter.model == entry, painter.look == look, painter.painter.options.paints(as: options) {
            return painter.painter
        }
        painter = nil  // its memory goes before new memory comes
        let made = Painter(model: try entry.open(brought), options: options)
        painter = (entry, look, made)
        return made
    }

    private func unknown(_ style: String) -> PaintingError {
        PaintingError(unknownStyle(style))
    }
}

extension Painter.Options {
    /// Whether pictures come out alike, of those choices that may change while the program runs.
    fileprivate func paints(as other: Self) -> Bool {
        size == other.size && faces == other.faces && crop == other.crop && drawnStyle == other.drawnStyle
    }
}

extension Painter.Faces {
    /// The choice as a painter knows it.
    public init(_ faces: PaintingFaces) {
        self =
            switch faces {
            case .auto: .auto
            case .off: .off
            case .only: .only
            }
    }
}

extension DrawnStyle.Tint {
    /// The colour as a painter knows it.
    init(_ colour: PaintingColour) { self = Self(rawValue: colour.rawValue) ?? .photo }
}

extension Painter.Size {
    /// The size as a painter knows it.
    public init(_ size: PaintingSize) {
        self =
            switch size {
            case .longestSide(let side): .longestSide(side)
            case .full: .full
            }
    }
}
