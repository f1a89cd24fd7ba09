import Glibc
import Platform

/// Copies files from the album's folder to another one and looks whether they have arrived.
actor Courier {
    private enum Comparison { case equal, different, sourceIsGone }

    /// The one temporary name in the other folder; not one that an album there would take for its own.
    private static let temporary = ".animesnap-export.part"
    private static let portion = 1 << 20

    private nonisolated let executor = ThreadExecutor(name: "courier", niceness: 5)
    private let source: AlbumFolder
    private let target: AlbumFolder
    private var conflicts: [String] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Makes the other folder where there is none.
    init(from source: AlbumFolder, to path: String) async throws(AlbumError) {
        self.source = source
        var folder = path
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        target = AlbumFolder(path: folder, files: source.files)
        do throws(FileFailure) {
            do throws(FileFailure) {
                try source.files.makeFolder(folder)
            } catch {
                if error.code != EEXIST { throw error }
            }
            try target.remove(Self.temporary)
        } catch {
            throw AlbumError(error, "the folder \(path) cannot be used for an export")
        }
    }

    /// Copies the files of one picture.
    ///
    /// - Returns: Whether all of them are there now.
    func copy(_ names: [String]) throws(AlbumError) -> Bool {
        var isWhole = true
        for name in names {
            do throws(FileFailure) {
                let isThere = try exists(name)
                let comparison = isThere ? try compare(name, name) : try copy(name)
                if comparison == .different { conflicts.append(name) }
                if comparison != .equal { isWhole = false }
            } catch {
                throw AlbumError(error, "\(name) cannot be copied to \(target.path)")
            }
        }
        return isWhole
    }

    /// Brings the names of the copies to the disk.
    ///
    /// - Throws: When it cannot, or when there were files with the same names and other content.
    func finish() throws(AlbumError) {
        do throws(FileFailure) {
            try target.sync()
            try target.syncOwnName()
        } catch {
            throw AlbumError(error, "the copies in \(target.path) cannot be brought to its disk")
        }
        guard let first = conflicts.first else { return }
        let words = conflicts.count == 1 ? "\(first) is" : "\(first) and \(conflicts.count - 1) more are"
        throw AlbumError(
            .invalid,
            "\(words) in \(target.path) with another content and was left alone; the rest is copied: choose an empty folder for all"
        )
    }

    private func exists(_ name: String) throws(FileFailure) -> Bool {
        do throws(FileFailure) {
            _ = try target.files.status(target.path(of: name))
            return true
        } catch {
            if error.code == ENOENT { return false }
            throw error
        }
    }

    private func copy(_ name: String) throws(FileFailure) -> Comparison {
        let files = source.files
        guard let from = try openSource(name) else { return .sourceIsGone }
        defer { try? files.close(from) }
        let path = target.path(of: Self.temporary)
        do throws(FileFailure) {
            let to = try files.create(path)
            do throws(FileFailure) {
                while true {
                    let bytes = try files.read(from, upTo: Self.portion)
                    if bytes.isEmpty { break }
                    try files.write(bytes, to: to)
                }
                try files.sync(to)
            } catch {
                try? files.close(to)
                throw error
            }
            try files.close(to)
            let comparison = try compare(name, Self.temporary)
            // What comes back from the disk is not what was sent there.
            if comparison == .different { throw FileFailure(EIO) }
            if comparison == .equal {
                try files.rename(path, to: target.path(of: name))
            } else {
                try target.remove(Self.temporary)
            }
            return comparison
        } catch {
            _ = try? target.remove(Self.temporary)
            throw error
        }
    }

    /// Compares one of the album's files with one of the other folder, read from its disk.
    private func compare(_ name: String, _ other: String) throws(FileFailure) -> Comparison {
        let files = source.files
        guard let one = try openSource(name) else { return .sourceIsGone }
        defer { try? files.close(one) }
        let two = try files.open(target.path(of: other))
        defer { try? files.close(two) }
        files.forget(two)
        while true {
            let bytes = try files.read(one, upTo: Self.portion)
            var copy: [UInt8] = []
            while copy.count < max(bytes.count, 1) {
                let more = try files.read(two, upTo: max(bytes.count, 1) - copy.count)
                if more.isEmpty { break }
                copy += more
            }
            if bytes != copy { return .different }
            if bytes.isEmpty { return .equal }
        }
    }

    private func openSource(_ name: String) throws(FileFailure) -> OpenFile? {
        do throws(FileFailure) {
            return try source.files.open(source.path(of: name))
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }
}
