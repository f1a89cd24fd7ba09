import Album
import Engine
import Glibc
import Imaging
import Painting
import Platform

/// A folder of models that people bring: a file that appears there becomes a style once it has passed the checks, and a
/// style goes with its file.
///
/// A file is looked at when its size and its time stay the same from one look to the next, so that one that is still
/// being copied is not refused. That happens on a thread of its own that stands back behind all others: a file may be slow
/// to read, and painting with it takes a while.
public actor ModelFolder {
    /// What became of a file.
    public enum Change: Equatable, Sendable {
        /// It is a style now.
        case added(file: String, style: String)
        /// It cannot be used; the reason is a sentence.
        case refused(file: String, reason: String)
        /// It was a style and is gone.
        case removed(file: String, style: String)
    }

    /// Where the folder is.
    public let path: String
    private nonisolated let executor = ThreadExecutor(name: "models", niceness: 10)
    private let painter: ModelPainter
    private let options: Painter.Options
    private var known: [String: Known] = [:]

    private struct Known {
        var stamp: FileStamp
        var isSettled = false
        var style: String?
    }

    /// Where it looks.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// A folder whose models become styles of `painter`; each must be able to paint with `options`.
    public init(path: String, painter: ModelPainter, options: Painter.Options) {
        self.path = path
        self.painter = painter
        self.options = options
    }

    /// Looks at the folder, which it makes if it can, so that people find it.
    ///
    /// - Returns: What changed since the last look.
    public func look() -> [Change] {
        var changes: [Change] = []
        mkdir(path, 0o755)
        // A folder that cannot be read for once has not lost its styles.
        guard let names = try? Folder.names(in: path) else { return [] }
        let files = names.filter { Self.mayBeModel($0) }
        let present = Set(files)
        for (file, entry) in known.sorted(by: { $0.key < $1.key }) where !present.contains(file) {
            known[file] = nil
            painter.remove(path: "\(path)/\(file)")
            painter.brought.forget("\(path)/\(file)")
            if let style = entry.style { changes.append(.removed(file: file, style: style)) }
        }
        for file in files.sorted() {
            guard let stamp = FileStamp(path: "\(path)/\(file)") else { continue }
            guard var entry = known[file] else {
                known[file] = Known(stamp: stamp)
                continue
            }
            if entry.stamp != stamp {
                entry.stamp = stamp
                entry.isSettled = false
            } else if !entry.isSettled {
                entry.isSettled = true
                changes.append(examine(file, &entry))
            }
            known[file] = entry
        }
        return changes
    }

    /// Hidden files are those that other machines leave beside the real ones.
    static func mayBeModel(_ file: String) -> Bool { file.hasSuffix(".safetensors") && !file.hasPrefix(".") }

    private func examine(_ file: String, _ entry: inout Known) -> Change {
        let whole = "\(path)/\(file)"
        do {
            let (style, model) = try painter.brought.look(at: whole)
            try tryOut(model)
            try painter.add(style)
            entry.style = style.style
            return .added(file: file, style: style.style)
        } catch {
            painter.remove(path: whole)
            entry.style = nil
            return .refused(file: file, reason: "\(error)")
        }
    }

    /// Paints a small black picture, and checks that a picture of the size that is set fits into memory.
    private func tryOut(_ model: ModelFile) throws {
        if case .longestSide(let side) = options.size {
            let square = PictureSize(width: side, height: side)
            _ = try PaintingWork(of: model.graph, options, photo: square).workspaceBytes
        }
        let plan = try Plan(
            graph: model.graph, picture: model.graph.square(of: 64), memoryLimit: options.memoryLimit)
        let executor = try Executor(model: model, plan: plan)
        try executor.run(readRow: { _, row in for x in row.indices { row[x] = 0 } }, writeRow: { _, _ in })
    }
}
