import Album
import Engine
import Painting
import Synchronization

/// Looks at the models that people bring, and remembers which it refused: such a file is not read again before it changes.
public final class BroughtModels: Sendable {
    private let mostBytes: Int
    private let reading: ModelReading
    private let refused = Mutex<[String: Refusal]>([:])

    private struct Refusal {
        let stamp: FileStamp
        let error: PaintingError
    }

    /// For a machine, whose memory says how large a model may be: an eighth of it. Up to two may be in memory at once
    /// (the one that paints and the one that is looked at), beside all else.
    public convenience init(machine: Machine = Machine()) {
        self.init(mostBytes: (machine.memoryForProgram ?? 256 << 20) / 8)
    }

    /// - Parameters:
    ///   - mostBytes: The largest file that is accepted; never more than the engine takes.
    ///   - reading: How files are read.
    package init(mostBytes: Int, reading: ModelReading = ModelReading()) {
        self.mostBytes = min(mostBytes, ModelFile.maximumBytes)
        self.reading = reading
    }

    /// Looks at a file: at its header first, and at all of it where that is well.
    ///
    /// - Throws: A sentence that says why it cannot be used.
    func look(at path: String) throws(PaintingError) -> (style: StyleModel, model: ModelFile) {
        let file = try BroughtFile(path: path, reading)
        if let known = refused.withLock({ $0[path] }), known.stamp == file.stamp { throw known.error }
        do throws(PaintingError) {
            guard file.stamp.size > 0 else { throw file.refusal("it is empty") }
            guard file.stamp.size <= mostBytes else {
                let size = (file.stamp.size + 1 << 20 - 1) >> 20
                throw file.refusal(
                    "it has \(size) MB; on a machine with this much memory models may have \(mostBytes >> 20) MB at most"
                )
            }
            let header = try file.header()
            _ = try StyleModel.name(ofStyle: header.style, path)
            let model = try file.load()
            guard model.checksum == header.checksum else { throw file.refusal("it changed while it was looked at") }
            return (try StyleModel(model, path: path, stamp: file.stamp), model)
        } catch {
            refused.withLock { $0[path] = Refusal(stamp: file.stamp, error: error) }
            throw error
        }
    }

    /// Loads a file that was looked at before, which may have been copied anew since.
    ///
    /// - Throws: A sentence when it has another content now, which then costs its header, or cannot be read.
    func load(_ path: String, _ stamp: FileStamp, checksum: String) throws(PaintingError) -> ModelFile {
        let file = try BroughtFile(path: path, reading)
        guard file.stamp == stamp || (try? file.header())?.checksum == checksum else { throw Self.exchanged(path) }
        return try file.load()
    }

    /// Forgets a file that is gone.
    func forget(_ path: String) { refused.withLock { $0[path] = nil } }

    static func exchanged(_ path: String) -> PaintingError {
        PaintingError("\(path) is another file than the one that was looked at; it is looked at again soon")
    }
}
