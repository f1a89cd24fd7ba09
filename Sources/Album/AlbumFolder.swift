import Glibc

/// The album's folder with the steps that everything in it is made of.
struct AlbumFolder: Sendable {
    /// Holds the largest number that was given, as text.
    static let counter = ".animesnap-counter"
    /// Is there while all pictures are being removed.
    static let wipeMark = ".animesnap-wipe"

    /// What is read or written at once, in bytes.
    private static let mostAtOnce = 1 << 20

    /// Without a closing slash.
    let path: String
    let files: any FileSystem

    func path(of name: String) -> String {
        path + "/" + name
    }

    /// Writes a file and brings it to the disk under its temporary name.
    ///
    /// - Returns: The temporary name. It is removed again when this fails, as far as that is possible.
    func prepare(_ bytes: [UInt8], for name: String) throws(FileFailure) -> String {
        try prepare([bytes[...]], for: name)
    }

    /// The same for a file in pieces, which are not put together in memory.
    func prepare(_ pieces: [ArraySlice<UInt8>], for name: String) throws(FileFailure) -> String {
        let temporary = PictureName.temporary(for: name)
        let file = try createAnew(path(of: temporary))
        do throws(FileFailure) {
            do throws(FileFailure) {
                try write(pieces, to: file)
                try files.sync(file)
            } catch {
                try? files.close(file)
                throw error
            }
            try files.close(file)
        } catch {
            try? files.remove(path(of: temporary))
            throw error
        }
        return temporary
    }

    private func write(_ pieces: [ArraySlice<UInt8>], to file: OpenFile) throws(FileFailure) {
        let count = pieces.reduce(0) { $0 + $1.count }
        var portion: [UInt8] = []
        portion.reserveCapacity(min(count, Self.mostAtOnce))
        for piece in pieces {
            var rest = piece
            while !rest.isEmpty {
                let part = rest.prefix(Self.mostAtOnce - portion.count)
                portion += part
                rest = rest.dropFirst(part.count)
                guard portion.count == Self.mostAtOnce else { continue }
                try files.write(portion, to: file)
                portion.removeAll(keepingCapacity: true)
            }
        }
        if !portion.isEmpty { try files.write(portion, to: file) }
    }

    /// Gives a prepared file its name. The name is on the disk after `sync()`.
    func place(_ temporary: String, as name: String) throws(FileFailure) {
        do throws(FileFailure) {
            try files.rename(path(of: temporary), to: path(of: name))
        } catch {
            try? files.remove(path(of: temporary))
            throw error
        }
    }

    /// Writes a file, whole or not at all, and brings it to the disk with its name.
    func put(_ bytes: [UInt8], as name: String) throws(FileFailure) {
        try place(try prepare(bytes, for: name), as: name)
        try sync()
    }

    /// Brings the names to the disk.
    func sync() throws(FileFailure) {
        try files.syncFolder(path)
    }

    /// Brings the folder's own name to the disk, and the names of the folders above it.
    ///
    /// It is not enough to do this after making them: whoever made them may have been killed before getting this far.
    /// Folders that this process may not open were there before it.
    func syncOwnName() throws(FileFailure) {
        var above = path
        while above != "/", above != "." {
            if let slash = above.lastIndex(of: "/") {
                above = slash == above.startIndex ? "/" : String(above[..<slash])
            } else {
                above = "."
            }
            do throws(FileFailure) {
                try files.syncFolder(above)
            } catch {
                guard [EACCES, EPERM, EINVAL, ENOTSUP, ENOSYS].contains(error.code) else { throw error }
            }
        }
    }

    /// Removes a file; one that is not there will do.
    ///
    /// - Returns: Whether it was there.
    @discardableResult
    func remove(_ name: String) throws(FileFailure) -> Bool {
        do throws(FileFailure) {
            try files.remove(path(of: name))
            return true
        } catch {
            if error.code == ENOENT { return false }
            throw error
        }
    }

    /// What is in a file, `most` bytes of it at most; nil when it is not there.
    func read(_ name: String, most: Int) throws(FileFailure) -> [UInt8]? {
        let file: OpenFile
        do throws(FileFailure) {
            file = try files.open(path(of: name))
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
        defer { try? files.close(file) }
        var bytes: [UInt8] = []
        while bytes.count < most {
            let more = try files.read(file, upTo: min(most - bytes.count, Self.mostAtOnce))
            if more.isEmpty { break }
            bytes += more
        }
        return bytes
    }

    /// Bytes of a file; 0 when it is not there.
    func size(_ name: String) throws(FileFailure) -> Int {
        do throws(FileFailure) {
            return try files.status(path(of: name)).bytes
        } catch {
            if error.code == ENOENT { return 0 }
            throw error
        }
    }

    /// The album's names among all that are in the folder: of pictures, and of temporaries, counter and wipe mark.
    func names() throws(FileFailure) -> (pictures: [PictureName], others: [String]) {
        var pictures: [PictureName] = []
        var others: [String] = []
        try files.list(path) { entry in
            guard entry.isFile else { return }
            if let name = PictureName(entry.name), name.content != .temporary {
                pictures.append(name)
            } else if PictureName(entry.name) != nil || Self.isOwn(entry.name) {
                others.append(entry.name)
            }
        }
        return (pictures, others)
    }

    /// Whether one of `names().others` is a file that was being written.
    static func isTemporary(_ name: String) -> Bool {
        name != counter && name != wipeMark
    }

    private static func isOwn(_ name: String) -> Bool {
        [wipeMark, counter, PictureName.temporary(for: wipeMark), PictureName.temporary(for: counter)].contains(name)
    }

    /// Creates a file in the place of what an earlier attempt may have left.
    private func createAnew(_ path: String) throws(FileFailure) -> OpenFile {
        do throws(FileFailure) {
            return try files.create(path)
        } catch {
            guard error.code == EEXIST else { throw error }
        }
        try files.remove(path)
        return try files.create(path)
    }
}
