import Album
import Engine
import Imaging
import Painting

/// Turns photos into anime pictures, one at a time.
public protocol PhotoPainter: Sendable {
    /// The styles that there are, in the order in which a double press goes through them.
    var styles: [String] { get }

    /// Whether it can paint in a style; it may know more than a double press goes through.
    func knows(style: String) -> Bool

    /// Paints a photo.
    ///
    /// - Parameters:
    ///   - photo: A JPEG picture.
    ///   - style: One that it knows.
    ///   - size: How large the picture is to be; nil for the size that is set.
    ///   - progress: Called now and then with the rows that are done and all rows; what it throws ends the work.
    /// - Returns: A JPEG file.
    /// - Throws: A sentence for a person, or what `progress` throws.
    func paint(
        _ photo: PictureInput, style: String, size: PaintingSize?,
        progress: @escaping @Sendable (_ done: Int, _ rows: Int) throws -> Void
    ) async throws -> [UInt8]
}

extension PhotoPainter {
    /// Whether it is one of ``styles``.
    public func knows(style: String) -> Bool { styles.contains(style) }
}

/// A style as people choose it.
public struct StyleDescription: Equatable, Sendable {
    /// As files are named by it: "cute", or "cute-neon" with a look on top.
    public let name: String
    /// What people read.
    public let title: String
    /// What its model may be used for.
    public let licence: String
}

/// Paints with the models of a library, on a thread of its own that stands back behind the camera and the button.
public actor ModelPainter: PhotoPainter {
    /// A style and its model.
    private struct Entry {
        let style: String
        let path: String
        let title: String
        let licence: String

        init(path: String) throws {
            let graph = try ModelFile(path: path).graph
            style = try ModelPainter.checked(graph.style, path)
            title = graph.title
            licence = graph.licence
            self.path = path
        }
    }

    /// The longest side of sample pictures in pixels.
    private static let sampleSide = 320

    /// The styles that there are, in the order of their names.
    public nonisolated let styles: [String]
    private nonisolated let entries: [Entry]
    private nonisolated let executor = ThreadExecutor(name: "painter", niceness: 5)
    private let told: @Sendable (Painter.Report) -> Void
    private var options: Painter.Options
    /// Paints what people watch live; its pictures grow and shrink with the time that they take.
    private var live: (style: String, painter: Painter)?
    private var liveSide = 192
    /// The painter of the last picture, with its memory.
    private var painter: (style: String, painter: Painter)?

    /// Where the painter works.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Looks at all models.
    ///
    /// - Parameters:
    ///   - library: Where models are.
    ///   - model: The model of the first style: a model's name, a style or a path.
    ///   - options: Choices for all pictures, the memory limit among them.
    ///   - tell: Gets what each painting took.
    ///   - complain: Gets a sentence for each model that cannot be used.
    /// - Throws: When there is no such model or it cannot be used.
    public init(
        library: ModelLibrary, model: String, options: Painter.Options,
        tell: @escaping @Sendable (Painter.Report) -> Void = { _ in }, complain: (String) -> Void = { _ in }
    ) throws {
        let wanted = try library.path(of: model)
        let first = try Entry(path: wanted)
        var entries = [first]
        for (_, path) in library.models() where path != wanted {
            do {
                let entry = try Entry(path: path)
                guard !entries.contains(where: { $0.style == entry.style }) else { continue }
                // Of models of one style the middle one is meant, as everywhere.
                let meant = try? library.path(of: entry.style)
                entries.append(meant == nil || meant == path ? entry : try Entry(path: meant ?? path))
            } catch {
                complain("\(error)")
            }
        }
        entries.sort { $0.style < $1.style }
        self.entries = entries
        styles = entries.map(\.style)
        firstStyle = first.style
        self.options = options
        told = tell
    }

    /// All that it knows: each style alone, then with each look on top.
    public nonisolated var descriptions: [StyleDescription] {
        entries.flatMap { entry in
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

    private nonisolated func choice(_ style: String) -> (entry: Entry, look: Look?)? {
        if let entry = entries.first(where: { $0.style == style }) { return (entry, nil) }
        for look in Look.allCases where style.hasSuffix("-\(look.rawValue)") {
            let name = style.dropLast(look.rawValue.utf8.count + 1)
            if let entry = entries.first(where: { $0.style == name }) { return (entry, look) }
        }
        return nil
    }

    /// Paints a frame of the camera for those who watch live, as large as can be painted about five times a second.
    ///
    /// - Throws: A sentence for a person.
    public func paintLive(_ frame: PictureInput, style: String) throws -> [UInt8] {
        let painter = try livePainter(for: style)
        let began = ContinuousClock.now
        let bytes = try painter.paint(frame).bytes
        let took = ContinuousClock.now - began
        // Time grows with the area: these bounds let the side settle.
        if took > .milliseconds(200), liveSide > 96 {
            liveSide -= 32
        } else if took < .milliseconds(80), liveSide < 512 {
            liveSide += 32
        }
        return bytes
    }

    private func livePainter(for style: String) throws -> Painter {
        if let live, live.style == style, live.painter.options.size == .longestSide(liveSide) { return live.painter }
        guard let (entry, look) = choice(style) else { throw unknown(style) }
        live = nil
        var options = options
        options.size = .longestSide(liveSide)
        options.quality = 80
        options.look = look
        let made = Painter(model: try ModelFile(path: entry.path), options: options)
        live = (style, made)
        return made
    }

    /// Sets the size of the next pictures.
    public func setSize(_ size: Painter.Size) {
        options.size = size
        painter = nil
    }

    /// Paints a small picture that shows what a style does.
    ///
    /// - Throws: A sentence for a person.
    public func paintSample(_ photo: PictureInput, style: String) throws -> [UInt8] {
        guard let (entry, look) = choice(style) else { throw unknown(style) }
        var options = options
        options.size = .longestSide(Self.sampleSide)
        options.look = look
        return try Painter(model: try ModelFile(path: entry.path), options: options).paint(photo).bytes
    }

    /// The style of the model that was asked for.
    public nonisolated let firstStyle: String

    /// Paints a photo.
    public func paint(
        _ photo: PictureInput, style: String, size: PaintingSize?,
        progress: @escaping @Sendable (_ done: Int, _ rows: Int) throws -> Void
    ) async throws -> [UInt8] {
        let painter = try painter(for: style, size.map { Painter.Size($0) } ?? options.size)
        // A size of its own is not likely to be the next one's: its memory, which may be large, is not kept.
        defer { if size != nil { self.painter = nil } }
        let (bytes, report) = try painter.paint(photo, progress: progress)
        told(report)
        return bytes
    }

    private func painter(for style: String, _ size: Painter.Size) throws -> Painter {
        if let painter, painter.style == style, painter.painter.options.size == size { return painter.painter }
        guard let (entry, look) = choice(style) else { throw unknown(style) }
        painter = nil  // its memory goes before new memory comes
        var options = options
        options.look = look
        options.size = size
        let made = Painter(model: try ModelFile(path: entry.path), options: options)
        painter = (style, made)
        return made
    }

    private func unknown(_ style: String) -> PaintingError {
        PaintingError("there is no style '\(style)'; there are \(styles.joined(separator: ", "))")
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
