import Glibc
import Platform

/// Where a picture's bytes are. It can be opened more than once.
public enum PictureInput: Sendable {
    /// A file.
    case file(path: String)
    /// A file's content in memory, with a name for error messages.
    case bytes([UInt8], name: String)

    /// What error messages call the picture.
    public var name: String {
        switch self {
        case .file(let path): path
        case .bytes(_, let name): name
        }
    }

    /// Reads everything from a file descriptor, standard input for instance.
    ///
    /// - Throws: `PictureError` when reading fails or more than `limits.inputBytes` arrive.
    public static func reading(
        descriptor: Int32, name: String, limits: PictureLimits = .standard
    ) throws(PictureError) -> PictureInput {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try FileContent.bytes(from: descriptor, upTo: limits.inputBytes + 1)
        } catch {
            throw PictureError(name, .unreadable(systemError: error.code))
        }
        if bytes.count > limits.inputBytes { throw PictureError(name, .tooLong(limits: limits)) }
        return .bytes(bytes, name: name)
    }

    /// Up to 64 bytes; none where the file is empty, or a pipe, from which nothing can be read twice.
    var firstBytes: ArraySlice<UInt8> {
        get throws(PictureError) {
            switch self {
            case .bytes(let bytes, _): return bytes.prefix(64)
            case .file(let path):
                let descriptor = try Self.descriptor(ofFile: path)
                defer { close(descriptor) }
                var bytes = [UInt8](repeating: 0, count: 64)
                return bytes.prefix(max(0, pread(descriptor, &bytes, bytes.count, 0)))
            }
        }
    }

    /// Opens a file for reading: the descriptor is the caller's.
    static func descriptor(ofFile path: String) throws(PictureError) -> Int32 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            throw PictureError(path, code == ENOENT ? .missing : .unreadable(systemError: code))
        }
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            close(descriptor)
            throw PictureError(path, .folder)
        }
        return descriptor
    }
}
