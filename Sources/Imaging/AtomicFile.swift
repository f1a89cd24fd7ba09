#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file that appears under its name complete or not at all.
///
/// The content goes to a temporary file in the same folder. `commit()` brings it to the disk, puts it in place of an
/// existing file in one step and brings the folder to the disk. Without a commit the temporary file is removed and an
/// existing file stays as it was. A device or pipe, /dev/null say, is written to directly.
public final class AtomicFile {
    /// The path as the caller gave it.
    public let path: String
    /// Where the content has to be written.
    public let descriptor: Int32

    /// The path behind symbolic links, and the temporary file; nil for a device or a pipe.
    private let places: (final: String, temporary: String)?
    private var isOpen = true

    /// Creates the temporary file.
    ///
    /// A new file gets the permissions that the process gives to new files, a replaced one keeps its own.
    ///
    /// - Throws: `PictureError` when the path is a folder, an existing file may not be written to, or the folder does
    ///   not take new files.
    public init(path: String) throws(PictureError) {
        self.path = path
        var status = stat()
        let exists = stat(path, &status) == 0
        let kind = status.st_mode & S_IFMT
        if exists, kind == S_IFDIR { throw PictureError(path, .unwritable(systemError: EISDIR)) }
        if exists, access(path, W_OK) != 0 { throw PictureError(path, .unwritable(systemError: errno)) }
        if exists, kind != S_IFREG {
            descriptor = open(path, O_WRONLY | O_CLOEXEC)
            places = nil
            if descriptor < 0 { throw PictureError(path, .unwritable(systemError: errno)) }
            return
        }
        let final = exists ? Self.resolved(path) : path
        let temporary = Self.folder(of: final) + Self.temporaryName()
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        places = (final, temporary)
        if descriptor < 0 { throw PictureError(path, .unwritable(systemError: errno)) }
        if exists { fchmod(descriptor, status.st_mode & 0o777) }
    }

    deinit {
        discard()
    }

    /// Appends bytes.
    public func write(_ bytes: Span<UInt8>) throws(PictureError) {
        var sent = 0
        while sent < bytes.count {
            let rest = bytes.extracting(sent..<bytes.count)
            let count = rest.withUnsafeBufferPointer { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                sent += count
            } else if count == 0 || errno != EINTR {
                throw PictureError(path, .unwritable(systemError: count == 0 ? EIO : errno))
            }
        }
    }

    /// Puts the file in place. Nothing can be written afterwards.
    ///
    /// - Throws: `PictureError` when the system refuses; an existing file is untouched then.
    public func commit() throws(PictureError) {
        precondition(isOpen)
        guard let places else {
            isOpen = false
            if close(descriptor) != 0 { throw PictureError(path, .unwritable(systemError: errno)) }
            return
        }
        guard fsync(descriptor) == 0, rename(places.temporary, places.final) == 0 else {
            let code = errno
            discard()
            throw PictureError(path, .unwritable(systemError: code))
        }
        isOpen = false
        close(descriptor)
        // The new name is on the disk once the folder is; some file systems cannot sync folders and need not.
        let folder = open(Self.folder(of: places.final), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    /// Removes the temporary file. Nothing can be written afterwards.
    public func discard() {
        guard isOpen else { return }
        isOpen = false
        if descriptor >= 0 { close(descriptor) }
        if let places, descriptor >= 0 { unlink(places.temporary) }
    }

    /// The folder part of a path with its closing slash, "./" when there is none.
    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "./" }
        return String(path[...slash])
    }

    private static func temporaryName() -> String {
        ".animesnap-" + String(UInt64.random(in: .min ... .max), radix: 16) + ".part"
    }

    private static func resolved(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

/// The system's write, under a name that the method of the same name does not hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
