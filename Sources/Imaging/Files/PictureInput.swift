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
