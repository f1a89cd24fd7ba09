import Album
import Glibc
import Synchronization

/// A file system that passes everything on to another one until a fault is wanted: to find out what survives it.
public final class FaultyFiles: FileSystem {
    /// What goes wrong.
    public enum Fault: Equatable, Sendable {
        /// The call fails with this error number and does nothing; of a write the first half arrives.
        case error(Int32)
        /// The call does its work and fails all the same.
        case lateError(Int32)
        /// The process is killed before the call, as with `kill -9`.
        case kill
    }

    private struct Plan {
        let fault: Fault
        let operation: Int
        let isLasting: Bool
    }

    private struct State {
        var count = 0
        var names: [String] = []
        var plan: Plan?
    }

    private let files: any FileSystem
    private let state = Mutex(State())

    /// Wraps a file system.
    public init(_ files: any FileSystem = Disk()) {
        self.files = files
    }

    /// How many calls there were, failed ones included.
    public var operations: Int { state.withLock { $0.count } }

    /// What the last calls were, 1000 at most: "rename .0042-photo.jpg.part" say.
    public var journal: [String] { state.withLock { $0.names } }

    /// Wants a fault in place of an earlier one.
    ///
    /// - Parameters:
    ///   - fault: What goes wrong.
    ///   - operation: At which call from now on, 0 for the next one.
    ///   - isLasting: Whether it goes wrong with all later calls too, until `heal()`.
    public func inject(_ fault: Fault, at operation: Int, isLasting: Bool = false) {
        state.withLock { state in
            state.plan = Plan(fault: fault, operation: state.count + operation, isLasting: isLasting)
        }
    }

    /// Ends all faults.
    public func heal() {
        state.withLock { $0.plan = nil }
    }

    private func next(_ name: String, _ path: String) -> Fault? {
        let fault = state.withLock { state -> Fault? in
            let operation = state.count
            state.count += 1
            if state.names.count == 1000 { state.names.removeFirst(500) }
            state.names.append(name + " " + (path.split(separator: "/").last.map(String.init) ?? path))
            guard let plan = state.plan, plan.isLasting ? operation >= plan.operation : operation == plan.operation
            else { return nil }
            return plan.fault
        }
        if fault == .kill { _ = Glibc.kill(getpid(), SIGKILL) }
        return fault
    }

    private func attempt<Result>(
        _ name: String, _ path: String, _ body: () throws(FileFailure) -> Result
    ) throws(FileFailure) -> Result {
        switch next(name, path) {
        case .error(let code): throw FileFailure(code)
        case .lateError(let code):
            _ = try body()
            throw FileFailure(code)
        case .kill, nil: return try body()
        }
    }

    // MARK: FileSystem

    /// Makes a folder.
    public func makeFolder(_ path: String) throws(FileFailure) {
        try attempt("mkdir", path) { () throws(FileFailure) in try files.makeFolder(path) }
    }

    /// Visits a folder's entries.
    public func list(_ folder: String, _ visit: (FolderEntry) -> Void) throws(FileFailure) {
        try attempt("list", folder) { () throws(FileFailure) in try files.list(folder, visit) }
    }

    /// Looks at a file.
    public func status(_ path: String) throws(FileFailure) -> FileStatus {
        try attempt("stat", path) { () throws(FileFailure) in try files.status(path) }
    }

    /// Creates a file.
    public func create(_ path: String) throws(FileFailure) -> OpenFile {
        try opening("create", path) { () throws(FileFailure) in try files.create(path) }
    }

    /// Opens a file.
    public func open(_ path: String) throws(FileFailure) -> OpenFile {
        try opening("open", path) { () throws(FileFailure) in try files.open(path) }
    }

    /// Claims a folder.
    public func lock(_ folder: String) throws(FileFailure) -> OpenFile {
        try opening("lock", folder) { () throws(FileFailure) in try files.lock(folder) }
    }

    /// What a call opens is closed again when the caller never gets it.
    private func opening(
        _ name: String, _ path: String, _ body: () throws(FileFailure) -> OpenFile
    ) throws(FileFailure) -> OpenFile {
        switch next(name, path) {
        case .error(let code): throw FileFailure(code)
        case .lateError(let code):
            try? files.close(try body())
            throw FileFailure(code)
        case .kill, nil: return try body()
        }
    }

    /// Reads on.
    public func read(_ file: OpenFile, upTo count: Int) throws(FileFailure) -> [UInt8] {
        try attempt("read", "") { () throws(FileFailure) in try files.read(file, upTo: count) }
    }

    /// Appends bytes.
    public func write(_ bytes: [UInt8], to file: OpenFile) throws(FileFailure) {
        switch next("write", "\(bytes.count)") {
        case .error(let code):
            try? files.write(Array(bytes.prefix(bytes.count / 2)), to: file)
            throw FileFailure(code)
        case .lateError(let code):
            try files.write(bytes, to: file)
            throw FileFailure(code)
        case .kill, nil: try files.write(bytes, to: file)
        }
    }

    /// Brings a file to the disk.
    public func sync(_ file: OpenFile) throws(FileFailure) {
        try attempt("fsync", "") { () throws(FileFailure) in try files.sync(file) }
    }

    /// Drops a file's pages; never fails.
    public func forget(_ file: OpenFile) {
        files.forget(file)
    }

    /// Closes a file, whatever fails.
    public func close(_ file: OpenFile) throws(FileFailure) {
        let fault = next("close", "")
        try files.close(file)
        switch fault {
        case .error(let code), .lateError(let code): throw FileFailure(code)
        case .kill, nil: break
        }
    }

    /// Renames a file.
    public func rename(_ path: String, to newPath: String) throws(FileFailure) {
        try attempt("rename", newPath) { () throws(FileFailure) in try files.rename(path, to: newPath) }
    }

    /// Removes a file.
    public func remove(_ path: String) throws(FileFailure) {
        try attempt("remove", path) { () throws(FileFailure) in try files.remove(path) }
    }

    /// Brings a folder to the disk.
    public func syncFolder(_ path: String) throws(FileFailure) {
        try attempt("fsync folder", path) { () throws(FileFailure) in try files.syncFolder(path) }
    }

    /// Free bytes.
    public func freeBytes(at path: String) throws(FileFailure) -> Int {
        try attempt("statvfs", path) { () throws(FileFailure) in try files.freeBytes(at: path) }
    }
}
