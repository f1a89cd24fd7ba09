import Platform

/// The calls of the system that the album makes, so that each of them can be made to fail.
///
/// Every call fails with a ``FileFailure``. Paths are absolute or relative to the working folder.
public protocol FileSystem: Sendable {
    /// Makes a folder; its parent has to be there.
    func makeFolder(_ path: String) throws(FileFailure)
    /// Calls `visit` for everything in a folder, in no order, without "." and "..".
    func list(_ folder: String, _ visit: (FolderEntry) -> Void) throws(FileFailure)
    /// Looks at a file without opening it.
    func status(_ path: String) throws(FileFailure) -> FileStatus
    /// Creates a file that is not there yet.
    func create(_ path: String) throws(FileFailure) -> OpenFile
    /// Opens a file for reading.
    func open(_ path: String) throws(FileFailure) -> OpenFile
    /// The path under which a file can be opened past these calls; nil where files only seem to be.
    func realPath(_ path: String) -> String?
    /// Reads on, at most `count` bytes; none at the end of the file.
    func read(_ file: OpenFile, upTo count: Int) throws(FileFailure) -> [UInt8]
    /// Appends all of the bytes.
    func write(_ bytes: [UInt8], to file: OpenFile) throws(FileFailure)
    /// Returns when the file's content is on the disk.
    func sync(_ file: OpenFile) throws(FileFailure)
    /// Lets go of what the system keeps of a file in memory, so that the disk is read next.
    func forget(_ file: OpenFile)
    /// Closes a file. It is closed even if this fails.
    func close(_ file: OpenFile) throws(FileFailure)
    /// Gives a file another name in one step; what had that name is gone.
    func rename(_ path: String, to newPath: String) throws(FileFailure)
    /// Removes a file.
    func remove(_ path: String) throws(FileFailure)
    /// Returns when the folder's names are on the disk.
    func syncFolder(_ path: String) throws(FileFailure)
    /// Bytes that this process can still write to the disk on which `path` is.
    func freeBytes(at path: String) throws(FileFailure) -> Int
    /// Claims a folder for this process until the file that is returned is closed; EWOULDBLOCK when another has it.
    func lock(_ folder: String) throws(FileFailure) -> OpenFile
}

extension FileSystem {
    /// None: all that is done to files has to go through these calls.
    public func realPath(_ path: String) -> String? { nil }
}

/// The error number that a call of the system gave.
public struct FileFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The number, ENOSPC say.
    public let code: Int32

    /// Makes a failure.
    public init(_ code: Int32) {
        self.code = code
    }

    /// The system's words.
    public var description: String { "\(SystemError(code))" }
}

/// A file that is open.
public struct OpenFile: Hashable, Sendable {
    /// The file system's own number for it.
    public let number: Int32

    /// Makes a handle; only file systems do.
    public init(number: Int32) {
        self.number = number
    }
}

/// What a folder says about something in it.
public struct FolderEntry: Equatable, Sendable {
    /// The name.
    public let name: String
    /// Whether it is a plain file, not a folder or a link. File systems that do not say count as plain.
    public let isFile: Bool

    /// Makes an entry.
    public init(name: String, isFile: Bool) {
        self.name = name
        self.isFile = isFile
    }
}

/// What the system says about a file.
public struct FileStatus: Equatable, Sendable {
    /// Whether it is a folder.
    public let isFolder: Bool
    /// Its size.
    public let bytes: Int
    /// When it was last written, in seconds since the beginning of 1970, by the clock of that time.
    public let modified: Int

    /// Makes a status.
    public init(isFolder: Bool, bytes: Int, modified: Int) {
        self.isFolder = isFolder
        self.bytes = bytes
        self.modified = modified
    }
}
