import Album
import Synchronization

/// The disk behind a gate: each call may fail or be held up by what it is and which file it is for.
final class GatedFiles: FileSystem {
    /// Gets the call's name and the file's; throws to make it fail. It is called on the album's own thread, so that it may
    /// wait.
    typealias Gate = @Sendable (_ call: String, _ file: String) throws(FileFailure) -> Void

    private let disk = Disk()
    private let gate = Mutex<Gate?>(nil)

    /// Puts up a gate in place of an earlier one; nil takes it down.
    func set(_ gate: Gate?) { self.gate.withLock { $0 = gate } }

    private func pass(_ call: String, _ path: String = "") throws(FileFailure) {
        let gate = gate.withLock { $0 }
        try gate?(call, path.split(separator: "/").last.map(String.init) ?? "")
    }

    func makeFolder(_ path: String) throws(FileFailure) { try disk.makeFolder(path) }
    func list(_ folder: String, _ visit: (FolderEntry) -> Void) throws(FileFailure) { try disk.list(folder, visit) }
    func status(_ path: String) throws(FileFailure) -> FileStatus { try disk.status(path) }
    func create(_ path: String) throws(FileFailure) -> OpenFile {
        try pass("create", path)
        return try disk.create(path)
    }
    func open(_ path: String) throws(FileFailure) -> OpenFile { try disk.open(path) }
    func read(_ file: OpenFile, upTo count: Int) throws(FileFailure) -> [UInt8] { try disk.read(file, upTo: count) }
    func write(_ bytes: [UInt8], to file: OpenFile) throws(FileFailure) {
        try pass("write")
        try disk.write(bytes, to: file)
    }
    func sync(_ file: OpenFile) throws(FileFailure) {
        try pass("sync")
        try disk.sync(file)
    }
    func forget(_ file: OpenFile) { disk.forget(file) }
    func close(_ file: OpenFile) throws(FileFailure) { try disk.close(file) }
    func rename(_ path: String, to newPath: String) throws(FileFailure) {
        try pass("rename", newPath)
        try disk.rename(path, to: newPath)
    }
    func remove(_ path: String) throws(FileFailure) { try disk.remove(path) }
    func syncFolder(_ path: String) throws(FileFailure) {
        try pass("sync folder", path)
        try disk.syncFolder(path)
    }
    func freeBytes(at path: String) throws(FileFailure) -> Int {
        try pass("free bytes", path)
        return try disk.freeBytes(at: path)
    }
    func lock(_ folder: String) throws(FileFailure) -> OpenFile { try disk.lock(folder) }
}
