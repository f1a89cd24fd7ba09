import Glibc
import Platform
import Testing

@Suite("Files that appear complete or not at all")
struct AtomicFileTests {
    private let folder = TemporaryFolder()

    @Test("a committed file replaces the old one and leaves nothing else")
    func commit() throws {
        let path = folder.add("a.jpg", [1, 2, 3])
        let file = try AtomicFile(path: path)
        try file.write([9, 8, 7, 6].span)
        #expect(folder.bytes(of: "a.jpg") == [1, 2, 3])
        try file.commit()
        #expect(folder.bytes(of: "a.jpg") == [9, 8, 7, 6])
        #expect(folder.names == ["a.jpg"])
    }

    @Test("without a commit the old file stays and the temporary one goes")
    func discard() throws {
        let path = folder.add("a.jpg", [1, 2, 3])
        do {
            let file = try AtomicFile(path: path)
            try file.write([9].span)
            #expect(folder.names.count == 2)
        }
        #expect(folder.names == ["a.jpg"])
        #expect(folder.bytes(of: "a.jpg") == [1, 2, 3])
    }

    @Test("a name that turns into a folder meanwhile is an error, and nothing is left behind")
    func failingRename() throws {
        let path = folder.path + "/a.jpg"
        let file = try AtomicFile(path: path)
        try file.write([9].span)
        mkdir(path, 0o755)
        #expect(throws: FileError.self) { try file.commit() }
        #expect(folder.names == ["a.jpg"])
        rmdir(path)
    }

    @Test("a folder that does not exist is refused with one sentence")
    func noFolder() {
        #expect(throws: FileError("/nowhere/a.jpg", SystemError(ENOENT))) {
            _ = try AtomicFile(path: "/nowhere/a.jpg")
        }
        #expect(
            FileError("/nowhere/a.jpg", SystemError(ENOENT)).description
                == "/nowhere/a.jpg cannot be written: no such file or directory.")
    }

    @Test("a folder in the place of the file is refused")
    func folderInPlace() {
        #expect(throws: FileError(folder.path, SystemError(EISDIR))) {
            _ = try AtomicFile(path: folder.path)
        }
    }

    @Test("a full disk is told with the file's name")
    func fullDisk() throws {
        let file = try AtomicFile(path: "/dev/full")
        #expect(throws: FileError("/dev/full", SystemError(ENOSPC))) { try file.write([1].span) }
    }

    @Test("a device is written to directly")
    func device() throws {
        let file = try AtomicFile(path: "/dev/null")
        try file.write([1, 2, 3].span)
        try file.commit()
        var status = stat()
        #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    }

    @Test("a replaced file keeps its permissions, a new one gets the usual ones")
    func permissions() throws {
        func mode(_ name: String) -> mode_t {
            var status = stat()
            stat(folder.path + "/" + name, &status)
            return status.st_mode & 0o777
        }
        let path = folder.add("a.jpg", [1])
        chmod(path, 0o640)
        try AtomicFile(path: path).commit()
        #expect(mode("a.jpg") == 0o640)
        let mask = umask(0)
        umask(mask)
        try AtomicFile(path: folder.path + "/b.jpg").commit()
        #expect(mode("b.jpg") == 0o666 & ~mask)
    }

    @Test("a file for its owner alone is that from its first byte on, whatever was there")
    func ownPermissions() throws {
        let path = folder.add("pin", [1])
        chmod(path, 0o644)
        let file = try AtomicFile(path: path, permissions: 0o600)
        var status = stat()
        #expect(fstat(file.descriptor, &status) == 0 && status.st_mode & 0o777 == 0o600)
        try file.commit()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test("a symbolic link stays one, its target is replaced")
    func symbolicLink() throws {
        let target = folder.add("target.jpg", [1])
        let link = folder.path + "/link.jpg"
        symlink(target, link)
        let file = try AtomicFile(path: link)
        try file.write([5, 5].span)
        try file.commit()
        #expect(folder.bytes(of: "target.jpg") == [5, 5])
        var status = stat()
        #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }
}
