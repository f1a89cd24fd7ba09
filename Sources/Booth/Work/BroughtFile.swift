import Engine
import Glibc
import Painting

/// A model file that people brought, kept open: what is looked at is what is loaded, whatever becomes of its name.
///
/// It may be anything, of any size, and may change at any time. Its header tells most of what can be wrong with it and is
/// read alone first. What is loaded then is a copy in memory, because kernels read weights where they lie.
final class BroughtFile {
    /// What a header says.
    struct Header {
        let style: String
        let checksum: String
    }

    /// Bytes. Headers of models have some ten thousand; what JSON makes of one takes many times its size.
    static let mostHeaderBytes = 1 << 20

    let path: String
    let stamp: FileStamp
    private let descriptor: Int32
    private let reading: ModelReading

    /// - Throws: A sentence when it cannot be opened or is no regular file.
    init(path: String, _ reading: ModelReading) throws(PaintingError) {
        // A pipe that nobody writes to would hold up whoever opens it otherwise.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.refusal(path, "it cannot be opened (\(Self.systemReason))") }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw Self.refusal(path, "it is not a regular file")
        }
        self.path = path
        self.descriptor = descriptor
        self.reading = reading
        stamp = FileStamp(status)
    }

    deinit { close(descriptor) }

    /// Reads the header and nothing else.
    ///
    /// - Throws: A sentence that says why the file cannot be used.
    func header() throws(PaintingError) -> Header {
        let start = try bytes(0..<8)
        guard start.count == 8 else { throw refusal("it ends inside its first eight bytes") }
        let count = start.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard (2...UInt64(Self.mostHeaderBytes)).contains(count) else {
            throw refusal("it does not begin with the length of a model's header")
        }
        let end = 8 + Int(count)
        let text = try bytes(8..<end)
        guard text.count == Int(count) else { throw refusal("it ends inside its header") }
        guard let root = try? JSON(parsing: text), let members = root.object else {
            throw refusal("its header is not valid JSON")
        }
        guard let metadata = members["__metadata__"], metadata["format"]?.string == "animesnap" else {
            throw refusal("it is a file of something else; 'animesnap model import' makes model files")
        }
        let last = members.values.compactMap { $0["data_offsets"]?.array?.last?.integer }.max() ?? 0
        guard (0...stamp.size).contains(last), end + last == stamp.size else {
            throw refusal("its tensors do not end where it ends; it is cut off or was altered")
        }
        guard let checksum = metadata["checksum"]?.string else { throw refusal("it carries no checksum") }
        guard let graph = metadata["graph"]?.string, let parts = try? JSON(parsing: Array(graph.utf8)),
            let style = parts["style"]?.string
        else { throw refusal("it holds no graph that names its style") }
        return Header(style: style, checksum: checksum)
    }

    /// Loads and checks all of the file.
    ///
    /// - Throws: A sentence that says why the file cannot be used.
    func load() throws(PaintingError) -> ModelFile {
        let model: ModelFile
        do throws(ModelFileError) {
            // By this name the system finds the open file itself, and not another one that was put in its place.
            model = try reading.whole("/proc/self/fd/\(descriptor)")
        } catch {
            throw refusal(error.reason)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, FileStamp(status) == stamp else {
            throw refusal("it changed while it was looked at")
        }
        return model
    }

    private func bytes(_ range: Range<Int>) throws(PaintingError) -> [UInt8] {
        guard let bytes = reading.part(descriptor, range) else {
            throw refusal("it cannot be read (\(Self.systemReason))")
        }
        return bytes
    }

    /// The sentence with which the file is refused.
    func refusal(_ reason: String) -> PaintingError { Self.refusal(path, reason) }

    private static func refusal(_ path: String, _ reason: String) -> PaintingError {
        PaintingError("\(path) is not a usable model file: \(reason)")
    }

    private static var systemReason: String { String(cString: strerror(errno)).lowercased() }
}

/// How files that people bring are read; tests count what is read and change files meanwhile.
package struct ModelReading: Sendable {
    /// Reads part of an open file, less where it ends before; nil when that fails, and `errno` says why.
    package var part: @Sendable (_ descriptor: Int32, _ range: Range<Int>) -> [UInt8]? = { descriptor, range in
        var bytes = [UInt8](repeating: 0, count: range.count)
        var filled = 0
        while filled < bytes.count {
            let got = bytes.withUnsafeMutableBytes { rest in
                pread(descriptor, rest.baseAddress.map { $0 + filled }, rest.count - filled, range.lowerBound + filled)
            }
            if got < 0, errno == EINTR { continue }
            if got < 0 { return nil }
            if got == 0 { break }
            filled += got
        }
        return Array(bytes.prefix(filled))
    }

    /// Copies a whole file into memory and checks it.
    package var whole: @Sendable (_ path: String) throws(ModelFileError) -> ModelFile = {
        (path: String) throws(ModelFileError) -> ModelFile in
        try ModelFile(path: path, isCopied: true)
    }

    package init() {}
}
