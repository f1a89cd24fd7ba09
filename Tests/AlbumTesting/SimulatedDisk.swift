import Album
import Glibc
import Synchronization
import TestSupport

/// A disk in memory that forgets in a power cut what was not synced, as badly as POSIX allows.
///
/// Content that was not synced may be there wholly, partly, as zeros, as rubbish or not at all. Each name that was made,
/// changed or removed since its folder was synced may have been so or not, in any combination; a rename happens as a
/// whole or not. A new folder may be gone, with all that is in it. A seed decides.
public final class SimulatedDisk: FileSystem {
    private let state = Mutex(DiskState())

    /// Makes an empty disk with the folder "/".
    public init() {}

    /// Bytes that fit on the disk.
    public var capacity: Int {
        get { state.withLock { $0.capacity } }
        set { state.withLock { $0.capacity = newValue } }
    }

    /// What the disk takes for the time, in seconds since 1970.
    public var time: Int {
        get { state.withLock { $0.time } }
        set { state.withLock { $0.time = newValue } }
    }

    /// Whether everything that writes fails with EROFS.
    public var isReadOnly: Bool {
        get { state.withLock { $0.isReadOnly } }
        set { state.withLock { $0.isReadOnly = newValue } }
    }

    /// Cuts the power: what was not synced is kept or lost as the seed says. Open files are closed and locks gone.
    public func cutPower(seed: UInt64) {
        state.withLock { state in
            var dice = SplitMix(seed: seed)
            state.handles = [:]
            state.dropNewFolders(&dice)
            for path in state.folders.keys.sorted() {
                guard var folder = state.folders[path] else { continue }
                folder.names = folder.synced
                for change in folder.changes where Bool.random(using: &dice) { folder.apply(change) }
                folder.changes = []
                folder.synced = folder.names
                state.folders[path] = folder
            }
            for number in state.nodes.keys.sorted() {
                guard var node = state.nodes[number] else { continue }
                if node.isDirty { node.content = Self.remains(of: node.content, node.synced, &dice) }
                node.synced = node.content
                node.isDirty = false
                state.nodes[number] = node
            }
            state.dropUnnamed()
        }
    }

    private static func remains(of content: [UInt8], _ synced: [UInt8], _ dice: inout SplitMix) -> [UInt8] {
        let kept = Int.random(in: 0...content.count, using: &dice)
        let rest = content.count - kept
        switch Int.random(in: 0..<5, using: &dice) {
        case 0: return synced
        case 1: return content
        case 2: return Array(content[..<kept])
        case 3: return content[..<kept] + [UInt8](repeating: 0, count: rest)
        default: return content[..<kept] + (0..<rest).map { _ in UInt8.random(in: 0...255, using: &dice) }
        }
    }

    // MARK: FileSystem

    /// Makes a folder.
    public func makeFolder(_ path: String) throws(FileFailure) {
        try change { state throws(FileFailure) in
            let (parent, _) = Self.split(path)
            guard state.folders[parent] != nil else { throw FileFailure(ENOENT) }
            guard state.folders[path] == nil else { throw FileFailure(EEXIST) }
            state.folders[path] = DiskState.Folder()
            state.newFolders.insert(path)
        }
    }

    /// Visits a folder's files.
    public func list(_ folder: String, _ visit: (FolderEntry) -> Void) throws(FileFailure) {
        let names = try with { state throws(FileFailure) in try state.folder(folder).names.keys.sorted() }
        for name in names { visit(FolderEntry(name: name, isFile: true)) }
    }

    /// Looks at a file.
    public func status(_ path: String) throws(FileFailure) -> FileStatus {
        try with { state throws(FileFailure) in
            if state.folders[path] != nil { return FileStatus(isFolder: true, bytes: 0, modified: 0) }
            let node = try state.node(at: path)
            let found = state.nodes[node]
            return FileStatus(isFolder: false, bytes: found?.content.count ?? 0, modified: found?.modified ?? 0)
        }
    }

    /// Creates a file.
    public func create(_ path: String) throws(FileFailure) -> OpenFile {
        try change { state throws(FileFailure) in
            let (parent, name) = Self.split(path)
            guard try state.folder(parent).names[name] == nil else { throw FileFailure(EEXIST) }
            let number = state.nextNode
            state.nextNode += 1
            state.nodes[number] = DiskState.Node(modified: state.time)
            state.note(DiskState.Change(removed: nil, added: name, node: number), in: parent)
            return state.handle(DiskState.Handle(node: number, isWritable: true))
        }
    }

    /// Opens a file.
    public func open(_ path: String) throws(FileFailure) -> OpenFile {
        try with { state throws(FileFailure) in
            state.handle(DiskState.Handle(node: try state.node(at: path), isWritable: false))
        }
    }

    /// Reads on.
    public func read(_ file: OpenFile, upTo count: Int) throws(FileFailure) -> [UInt8] {
        try with { state throws(FileFailure) in
            guard let handle = state.handles[file.number] else { throw FileFailure(EBADF) }
            let content = state.nodes[handle.node]?.content ?? []
            let part = content[min(handle.position, content.count)...].prefix(count)
            state.handles[file.number]?.position += part.count
            return Array(part)
        }
    }

    /// Appends bytes.
    public func write(_ bytes: [UInt8], to file: OpenFile) throws(FileFailure) {
        try change { state throws(FileFailure) in
            guard let handle = state.handles[file.number], handle.isWritable else { throw FileFailure(EBADF) }
            let room = state.capacity - state.used
            let fitting = bytes.prefix(max(room, 0))
            let time = state.time
            state.nodes[handle.node]?.content += fitting
            state.nodes[handle.node]?.isDirty = true
            state.nodes[handle.node]?.modified = time
            if fitting.count < bytes.count { throw FileFailure(ENOSPC) }
        }
    }

    /// Syncs a file's content, not its name.
    public func sync(_ file: OpenFile) throws(FileFailure) {
        try change { state throws(FileFailure) in
            guard let node = state.handles[file.number]?.node, let content = state.nodes[node]?.content else {
                throw FileFailure(EBADF)
            }
            state.nodes[node]?.synced = content
            state.nodes[node]?.isDirty = false
        }
    }

    /// Does nothing.
    public func forget(_ file: OpenFile) {}

    /// Closes a file.
    public func close(_ file: OpenFile) throws(FileFailure) {
        try with { state throws(FileFailure) in
            guard state.handles.removeValue(forKey: file.number) != nil else { throw FileFailure(EBADF) }
            state.dropUnnamed()
        }
    }

    /// Renames a file within its folder.
    public func rename(_ path: String, to newPath: String) throws(FileFailure) {
        try change { state throws(FileFailure) in
            let (parent, name) = Self.split(path)
            let (newParent, newName) = Self.split(newPath)
            guard parent == newParent else { throw FileFailure(EXDEV) }
            let node = try state.node(at: path)
            state.note(DiskState.Change(removed: name, added: newName, node: node), in: parent)
            state.dropUnnamed()
        }
    }

    /// Removes a file.
    public func remove(_ path: String) throws(FileFailure) {
        try change { state throws(FileFailure) in
            let (parent, name) = Self.split(path)
            let node = try state.node(at: path)
            state.note(DiskState.Change(removed: name, added: nil, node: node), in: parent)
            state.dropUnnamed()
        }
    }

    /// Syncs a folder's names.
    public func syncFolder(_ path: String) throws(FileFailure) {
        try change { state throws(FileFailure) in
            var folder = try state.folder(path)
            folder.synced = folder.names
            folder.changes = []
            state.folders[path] = folder
            state.newFolders = state.newFolders.filter { Self.split($0).parent != path }
        }
    }

    /// Free bytes.
    public func freeBytes(at path: String) throws(FileFailure) -> Int {
        try with { state throws(FileFailure) in max(0, state.capacity - state.used) }
    }

    /// Claims a folder.
    public func lock(_ folder: String) throws(FileFailure) -> OpenFile {
        try with { state throws(FileFailure) in
            _ = try state.folder(folder)
            guard !state.handles.values.contains(where: { $0.folder == folder }) else {
                throw FileFailure(EWOULDBLOCK)
            }
            return state.handle(DiskState.Handle(node: 0, isWritable: false, folder: folder))
        }
    }

    private func with<Result: Sendable>(
        _ body: (inout sending DiskState) throws(FileFailure) -> sending Result
    ) throws(FileFailure) -> Result {
        try state.withLock(body)
    }

    private func change<Result: Sendable>(
        _ body: (inout sending DiskState) throws(FileFailure) -> sending Result
    ) throws(FileFailure) -> Result {
        if isReadOnly { throw FileFailure(EROFS) }
        return try state.withLock(body)
    }

    private static func split(_ path: String) -> (parent: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("/", path) }
        let parent = path[..<slash]
        return (parent.isEmpty ? "/" : String(parent), String(path[path.index(after: slash)...]))
    }
}
