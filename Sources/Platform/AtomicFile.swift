import Glibc

/// Why a file was not written: one sentence that names it.
package struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file as the caller named it.
    package let path: String
    /// The system's reason.
    package let reason: SystemError

    /// Makes an error about a file.
    package init(_ path: String, _ reason: SystemError) {
        self.path = path
        self.reason = reason
    }

    /// The sentence.
    package var description: String { "\(path) cannot be written: \(reason.words)." }
}

/// A file that appears under its name complete or not at all.
///
/// The content goes to a temporary file in the same folder. `commit()` brings it to the disk, puts it in place of an
/// existing file in one step and brings the folder to the disk. Without a commit the temporary file is removed and an
/// existing file stays as it was. A device or pipe, /dev/null say, is written to directly.
package final class AtomicFile {
    /// The path as the caller gave it.
    package let path: String
    /// Where the content has to be written.
    package let descriptor: Int32

    /// The path behind symbolic links, and the temporary file; nil for a device or a pipe.
    private let places: (final: String, temporary: String)?
    private var isOpen = true

    /// Creates the temporary file.
    ///
    /// - Parameters:
    ///   - path: The file; what is there is replaced.
    ///   - permissions: What the file gets, 0o600 say; nil for those that the process gives to new files, and those of
    ///     the file that is replaced.
    /// - Throws: ``FileError`` when the path is a folder, an existing file may not be written to, or the folder does
    ///   not take new files.
    package init(path: String, permissions: mode_t? = nil) throws(FileError) {
        self.path = path
        var status = stat()
        let exists = stat(path, &status) == 0
        let kind = status.st_mode & S_IFMT
        if exists, kind == S_IFDIR { throw FileError(path, SystemError(EISDIR)) }
        if exists, access(path, W_OK) != 0 { throw FileError(path, .last) }
        if exists, kind != S_IFREG {
            descriptor = open(path, O_WRONLY | O_CLOEXEC)
            places = nil
            if descriptor < 0 { throw FileError(path, .last) }
            return
        }
        let final = exists ? Self.resolved(path) : path
        let temporary = Self.folder(of: final) + Self.temporaryName()
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions ?? 0o666)
        places = (final, temporary)
        if descriptor < 0 { throw FileError(path, .last) }
        if exists, permissions == nil { fchmod(descriptor, status.st_mode & 0o777) }
    }

    deinit {
        discard()
    }

    /// Appends bytes.
    package func write(_ bytes: Span<UInt8>) throws(FileError) {
        do throws(SystemError) {
            try writeAll(bytes, to: descriptor)
        } catch {
            throw FileError(path, error)
        }
    }

    /// Puts the file in place. Nothing can be written afterwards.
    ///
    /// - Throws: ``FileError`` when the system refuses; an existing file is untouched then.
    package func commit() throws(FileError) {
        precondition(isOpen)
        guard let places else {
            isOpen = false
            if close(descriptor) != 0 { throw FileError(path, .last) }
            return
        }
        guard fsync(descriptor) == 0, rename(places.temporary, places.final) == 0 else {
            let reason = SystemError.last
            discard()
            throw FileError(path, reason)
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
    package func discard() {
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
