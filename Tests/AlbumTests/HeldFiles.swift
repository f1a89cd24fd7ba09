import Album
import Dispatch
import Synchronization

/// A disk on which reading photos is held until the test lets it go on.
final class HeldFiles: FileSystem {
    private struct State {
        var photos: Set<OpenFile> = []
        var isOpen = false
        var hasGivenUp = false
        var reads = 0
    }

    private let files = Disk()
    private let state = Mutex(State())
    private let gate = DispatchSemaphore(value: 0)
    private let arrivals: AsyncStream<Void>
    private let arrived: AsyncStream<Void>.Continuation

    init() { (arrivals, arrived) = AsyncStream.makeStream() }

    /// Returns when somebody wants to read a photo.
    func reading() async { for await _ in arrivals { return } }

    /// Lets everybody read from now on.
    func letGo() {
        state.withLock { $0.isOpen = true }
        gate.signal()
    }

    /// Whether the test never let go: what it waited for waited for the reading.
    var hasGivenUp: Bool { state.withLock { $0.hasGivenUp } }

    /// How many photos were opened.
    var photosRead: Int { state.withLock { $0.reads } }

    func open(_ path: String) throws(FileFailure) -> OpenFile {
        let file = try files.open(path)
        if path.hasSuffix("-photo.jpg") {
            state.withLock { state in
                state.photos.insert(file)
                state.reads += 1
            }
        }
        return file
    }

    func read(_ file: OpenFile, upTo count: Int) throws(FileFailure) -> [UInt8] {
        if state.withLock({ $0.photos.contains(file) && !$0.isOpen }) {
            arrived.yield()
            // Only a test that fails gets that far.
            let isLate = gate.wait(timeout: .now() + .seconds(60)) == .timedOut
            gate.signal()
            state.withLock { state in
                state.isOpen = true
                state.hasGivenUp = state.hasGivenUp || isLate
            }
        }
        return try files.read(file, upTo: count)
    }

    func close(_ file: OpenFile) throws(FileFailure) {
        state.withLock { _ = $0.photos.remove(file) }
        try files.close(file)
    }

    func makeFolder(_ path: String) throws(FileFailure) { try files.makeFolder(path) }
    func list(_ folder: String, _ visit: (FolderEntry) -> Void) throws(FileFailure) { try files.list(folder, visit) }
    func status(_ path: String) throws(FileFailure) -> FileStatus { try files.status(path) }
    func create(_ path: String) throws(FileFailure) -> OpenFile { try files.create(path) }
    func write(_ bytes: [UInt8], to file: OpenFile) throws(FileFailure) { try files.write(bytes, to: file) }
    func sync(_ file: OpenFile) throws(FileFailure) { try files.sync(file) }
    func forget(_ file: OpenFile) { files.forget(file) }
    func rename(_ path: String, to newPath: String) throws(FileFailure) { try files.rename(path, to: newPath) }
    func remove(_ path: String) throws(FileFailure) { try files.remove(path) }
    func syncFolder(_ path: String) throws(FileFailure) { try files.syncFolder(path) }
    func freeBytes(at path: String) throws(FileFailure) -> Int { try files.freeBytes(at: path) }
    func lock(_ folder: String) throws(FileFailure) -> OpenFile { try files.lock(folder) }
}
