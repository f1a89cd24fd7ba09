import Album
import Glibc
import TestSupport

/// What is on a simulated disk, and what would be after a power cut.
struct DiskState {
    struct Node {
        var content: [UInt8] = []
        var synced: [UInt8] = []
        var modified: Int
        var isDirty = true
    }

    /// A change of a folder that was not synced.
    struct Change {
        var removed: String?
        var added: String?
        let node: Int
    }

    struct Folder {
        var names: [String: Int] = [:]
        var synced: [String: Int] = [:]
        var changes: [Change] = []
    }

    struct Handle {
        let node: Int
        var position = 0
        let isWritable: Bool
        /// The folder, for locks.
        var folder: String?
    }

    var folders: [String: Folder] = ["/": Folder()]
    /// Folders that were made since the one above them was synced.
    var newFolders: Set<String> = []
    var nodes: [Int: Node] = [:]
    var handles: [Int32: Handle] = [:]
    var next: Int32 = 1
    var nextNode = 1
    var capacity = Int.max
    var time = 1_800_000_000
    var isReadOnly = false

    /// Bytes of what has a name or is open.
    var used: Int {
        var named = Set(handles.values.map(\.node))
        for folder in folders.values { named.formUnion(folder.names.values) }
        return named.reduce(0) { $0 + (nodes[$1]?.content.count ?? 0) }
    }
}

extension DiskState.Folder {
    mutating func apply(_ change: DiskState.Change) {
        if let removed = change.removed, names[removed] == change.node { names[removed] = nil }
        if let added = change.added { names[added] = change.node }
    }
}

extension DiskState {
    func folder(_ path: String) throws(FileFailure) -> Folder {
        guard let folder = folders[path] else { throw FileFailure(ENOENT) }
        return folder
    }

    func node(at path: String) throws(FileFailure) -> Int {
        guard let slash = path.lastIndex(of: "/") else { throw FileFailure(ENOENT) }
        let parent = path[..<slash]
        let folder = try folder(parent.isEmpty ? "/" : String(parent))
        guard let node = folder.names[String(path[path.index(after: slash)...])] else { throw FileFailure(ENOENT) }
        return node
    }

    mutating func note(_ change: Change, in path: String) {
        folders[path]?.apply(change)
        folders[path]?.changes.append(change)
    }

    mutating func handle(_ handle: Handle) -> OpenFile {
        let number = next
        next += 1
        handles[number] = handle
        return OpenFile(number: number)
    }

    /// Takes folders that were not brought to the disk away, with all that is in them, as chance will have it.
    mutating func dropNewFolders(_ dice: inout SplitMix) {
        for path in newFolders.sorted() where Bool.random(using: &dice) {
            folders = folders.filter { $0.key != path && !$0.key.hasPrefix(path + "/") }
        }
        newFolders = []
    }

    /// Frees the files that have no name left and are not open.
    mutating func dropUnnamed() {
        var named = Set(handles.values.map(\.node))
        for folder in folders.values {
            named.formUnion(folder.names.values)
            // What a power cut may bring back.
            named.formUnion(folder.synced.values)
            named.formUnion(folder.changes.map(\.node))
        }
        nodes = nodes.filter { named.contains($0.key) }
    }
}
