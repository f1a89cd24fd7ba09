import Album
import Engine
import Imaging
import Painting

/// Turns photos into anime pictures, one at a time.
public protocol PhotoPainter: Sendable {
    /// The styles that there are, in the order in which a double press goes through them.
    var styles: [String] { get }

    /// Paints a photo.
    ///
    /// - Parameters:
    ///   - photo: A JPEG picture.
    ///   - style: One of ``styles``.
    ///   - progress: Called now and then with the rows that are done and all rows; what it throws ends the work.
    /// - Returns: A JPEG file.
    /// - Throws: A sentence for a person, or what `progress` throws.
    func paint(
        _ photo: PictureInput, style: String, progress: @escaping @Sendable (_ done: Int, _ rows: Int) throws -> Void
    ) async throws -> [UInt8]
}

/// Paints with the models of a library, on a thread of its own that stands back behind the camera and the button.
public actor ModelPainter: PhotoPainter {
    /// A style and its model.
    private struct Entry {
        let style: String
        let path: String
    }

    /// The styles that there are, in the order of their names.
    public nonisolated let styles: [String]
    private nonisolated let entries: [Entry]
    private nonisolated let executor = ThreadExecutor(name: "painter", niceness: 5)
    private let options: Painter.Options
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
    ///   - complain: Gets a sentence for each model that cannot be used.
    /// - Throws: When there is no such model or it cannot be used.
    public init(
        library: ModelLibrary, model: String, options: Painter.Options, complain: (String) -> Void = { _ in }
    ) throws {
        let wanted = try library.path(of: model)
        let first = Entry(style: try Self.style(of: wanted), path: wanted)
        var entries = [first]
        for (_, path) in library.models() where path != wanted {
            do {
                let style = try Self.style(of: path)
                // Of models of one style the middle one is meant, as everywhere.
                if !entries.contains(where: { $0.style == style }) {
                    entries.append(Entry(style: style, path: (try? library.path(of: style)) ?? path))
                }
            } catch {
                complain("\(error)")
            }
        }
        entries.sort { $0.style < $1.style }
        self.entries = entries
        styles = entries.map(\.style)
        firstStyle = first.style
        self.options = options
    }

    /// The style of the model that was asked for.
    public nonisolated let firstStyle: String

    /// Paints a photo.
    public func paint(
        _ photo: PictureInput, style: String, progress: @escaping @Sendable (_ done: Int, _ rows: Int) throws -> Void
    ) async throws -> [UInt8] {
        try painter(for: style).paint(photo, progress: progress).bytes
    }

    private func painter(for style: String) throws -> Painter {
        if let painter, painter.style == style { return painter.painter }
        guard let entry = entries.first(where: { $0.style == style }) else {
            throw PaintingError("there is no style '\(style)'; there are \(styles.joined(separator: ", "))")
        }
        painter = nil  // its memory goes before new memory comes
        let made = Painter(model: try ModelFile(path: entry.path), options: options)
        painter = (style, made)
        return made
    }

    private static func style(of path: String) throws -> String {
        let style = try ModelFile(path: path).graph.style
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z"), digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let isName = style.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "-") }
        guard isName, 1...32 ~= style.utf8.count, style != "photo" else {
            throw PaintingError(
                "\(path) calls its style '\(style)'; pictures are named after it, so 1 to 32 of a-z, 0-9 and - are possible, and not 'photo'"
            )
        }
        return style
    }
}
