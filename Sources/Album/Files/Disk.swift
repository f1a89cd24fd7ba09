import Glibc
import Platform

/// The real file system.
public struct Disk: FileSystem {
    /// Makes the file system; it has no state.
    public init() {}

    /// Makes a folder.
    public func makeFolder(_ path: String) throws(FileFailure) {
        try check(mkdir(path, 0o755))
    }

    /// Visits a folder's entries.
    public func list(_ folder: String, _ visit: (FolderEntry) -> Void) throws(FileFailure) {
        do throws(SystemError) {
            // A name in another encoding than UTF-8 is none of the album's: it is only looked at.
            try Folder.visit(folder) { visit(FolderEntry(name: $0.name, isFile: $0.isFile)) }
        } catch {
            throw FileFailure(error.code)
        }
    }

    /// Looks at a file.
    public func status(_ path: String) throws(FileFailure) -> FileStatus {
        var status = stat()
        try check(stat(path, &status))
        return FileStatus(
            isFolder: status.st_mode & S_IFMT == S_IFDIR, bytes: Int(status.st_size),
            modified: Int(status.st_mtim.tv_sec))
    }

    /// Creates a file.
    public func create(_ path: String) throws(FileFailure) -> OpenFile {
        try descriptor(Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644))
    }

    /// Opens a file for reading.
    public func open(_ path: String) throws(FileFailure) -> OpenFile {
        try descriptor(Glibc.open(path, O_RDONLY | O_CLOEXEC))
    }

    /// The path itself.
    public func realPath(_ path: String) -> String? { path }

    /// Reads on.
    public func read(_ file: OpenFile, upTo count: Int) throws(FileFailure) -> [UInt8] {
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            var result = -1
            repeat { result = Glibc.read(file.number, buffer.baseAddress, count) } while result < 0 && errno == EINTR
            if result < 0 { code = errno }
            filled = max(result, 0)
        }
        if code != 0 { throw FileFailure(code) }
        return bytes
    }

    /// Appends all of the bytes.
    public func write(_ bytes: [UInt8], to file: OpenFile) throws(FileFailure) {
        do throws(SystemError) {
            try writeAll(bytes.span, to: file.number)
        } catch {
            throw FileFailure(error.code)
        }
    }

    /// Brings a file to the disk.
    public func sync(_ file: OpenFile) throws(FileFailure) {
        try check(fsync(file.number))
    }

    /// Drops a file's pages.
    public func forget(_ file: OpenFile) {
        _ = posix_fadvise(file.number, 0, 0, Int32(POSIX_FADV_DONTNEED))
    }

    /// Closes a file.
    public func close(_ file: OpenFile) throws(FileFailure) {
        try check(Glibc.close(file.number))
    }

    /// Renames a file.
    public func rename(_ path: String, to newPath: String) throws(FileFailure) {
        try check(Glibc.rename(path, newPath))
    }

    /// Removes a file.
    public func remove(_ path: String) throws(FileFailure) {
        try check(unlink(path))
    }

    /// Brings a folder to the disk.
    public func syncFolder(_ path: String) throws(FileFailure) {
        let folder = try descriptor(Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        let code = fsync(folder.number) == 0 ? 0 : errno
        _ = Glibc.close(folder.number)
        // Some file systems cannot sync folders, because names are on the disk at once there.
        if code != 0, code != EINVAL { throw FileFailure(code) }
    }

    /// Free bytes.
    public func freeBytes(at path: String) throws(FileFailure) -> Int {
        var status = statvfs()
        try check(statvfs(path, &status))
        let (bytes, isTooLarge) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return isTooLarge ? .max : Int(clamping: bytes)
    }

    /// Claims a folder.
    public func lock(_ folder: String) throws(FileFailure) -> OpenFile {
        let file = try descriptor(Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            _ = Glibc.close(file.number)
            throw FileFailure(code)
        }
        return file
    }

    private func descriptor(_ result: Int32) throws(FileFailure) -> OpenFile {
        try check(result)
        return OpenFile(number: result)
    }

    private func check(_ result: Int32) throws(FileFailure) {
        if result < 0 { throw FileFailure(errno) }
    }
}
