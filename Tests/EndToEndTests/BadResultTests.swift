import Glibc
import Testing

@Suite("A result that cannot be written")
struct BadResultTests {
    let folder: TemporaryFolder
    let picture: String

    init() throws {
        folder = try TemporaryFolder()
        picture = try folder.add("photo.jpg", photo(24, 16))
    }

    private func convert(_ arguments: String...) throws -> Outcome {
        try animesnap(["convert", picture, "--size", "16"] + arguments, in: folder.path)
    }

    @Test("into a folder that is not there is refused")
    func noFolder() throws {
        expectRefusal(
            try convert("-o", "nowhere/anime.jpg"), "nowhere/anime.jpg cannot be written: no such file or directory.")
        expectRefusal(
            try convert("-o", "nowhere/deeper/"),
            "the folder nowhere/deeper/ cannot be made (no such file or directory).")
        #expect(folder.names == ["photo.jpg"])
    }

    @Test("below a file is refused")
    func belowFile() throws {
        expectRefusal(
            try convert("-o", "photo.jpg/anime.jpg"), "photo.jpg/anime.jpg cannot be written: not a directory.")
        #expect(folder.names == ["photo.jpg"])
    }

    @Test("into a folder that takes no files is refused")
    func lockedFolder() throws {
        // For root no folder of a common file system is locked: the kernel's own are.
        let locked = geteuid() == 0 ? "/proc/self" : try folder.addFolder("locked")
        chmod(folder("locked"), 0o555)
        let outcome = try convert("-o", "\(locked)/anime.jpg")
        #expect(outcome.code == 1)
        #expect(outcome.errors.hasPrefix("animesnap: \(locked)/anime.jpg cannot be written: "), "\(outcome.errors)")
        #expect(outcome.errors.count { $0 == "\n" } == 1)
        #expect(!folder.names.contains { $0.contains("anime") })
    }

    @Test("over a file that may not be changed is refused", .enabled(if: geteuid() != 0, "root may change any file"))
    func lockedFile() throws {
        let result = try folder.add("anime.jpg", [1, 2, 3])
        chmod(result, 0o444)
        expectRefusal(try convert("-o", "anime.jpg"), "anime.jpg cannot be written: permission denied.")
        #expect(folder.bytes("anime.jpg") == [1, 2, 3])
    }

    @Test("because the disk is full is refused")
    func fullDisk() throws {
        expectRefusal(try convert("-o", "/dev/full"), "/dev/full cannot be written: no space left on device.")
    }

    @Test("because it exceeds what the shell allows a file leaves nothing behind")
    func fileSizeLimit() throws {
        let old = Array("an older picture".utf8)
        try folder.add("anime.jpg", old)
        // 40 blocks of 512 bytes hold the older picture but not the new one; the signal is ignored, so that writing
        // fails as it does on a full disk.
        let words = Places.command + ["convert", Places.photo, "-o", folder("anime.jpg"), "--quality", "100"]
        let limited = "trap '' XFSZ; ulimit -f 40; exec \(words.joined(separator: " ")) --size 256"
        let outcome = try run(["/bin/sh", "-c", limited])
        expectRefusal(outcome, "\(folder("anime.jpg")) cannot be written: file too large.")
        #expect(folder.names == ["anime.jpg", "photo.jpg"])
        #expect(folder.bytes("anime.jpg") == old)
    }

    @Test("into a folder that is a file is refused")
    func folderIsFile() throws {
        try folder.add("file", [1])
        expectRefusal(try convert("-o", "file/"), "the folder file/ cannot be made (file exists).")
        #expect(folder.bytes("file") == [1])
    }

    @Test("to its end because the program is told to stop leaves nothing behind, and what was there as it was")
    func interrupted() throws {
        let old = Array("an older picture".utf8)
        try folder.add("anime.jpg", old)
        // Stopped as soon as its temporary file is there.
        let words = Places.command + ["convert", Places.photo, "-o", "anime.jpg", "--isa", "reference"]
        let script = """
            \(words.joined(separator: " ")) --size \(Places.isEmulated ? 1024 : 4096) & child=$!
            until ls -A | grep -q part || ! kill -0 $child; do sleep 0.02; done
            kill -TERM $child; wait $child
            """
        let outcome = try run(["/bin/sh", "-c", script], in: folder.path)
        #expect(outcome.code == 128 + SIGTERM)
        #expect(outcome.errors == "" && outcome.text == "")
        #expect(folder.names == ["anime.jpg", "photo.jpg"])
        #expect(folder.bytes("anime.jpg") == old)
    }
}
