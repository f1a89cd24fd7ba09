import Glibc
import Platform
import Testing

@Suite("Files and folders")
struct FileTests {
    private let folder = TemporaryFolder()

    @Test("of a long file the first bytes are read", arguments: [0, 1, 65_535, 65_536, 65_537, 100_000, 200_000])
    func limit(_ limit: Int) throws {
        let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let path = folder.add("a", content)
        #expect(try FileContent.bytes(of: path, upTo: limit) == Array(content.prefix(limit)))
    }

    @Test("a text is read from files that have no size")
    func text() throws {
        #expect(try FileContent.text(of: "/proc/self/comm").hasSuffix("\n"))
    }

    @Test("a file that is not there, and a folder in its place, are told by the system's error")
    func unreadable() {
        #expect(throws: SystemError(ENOENT)) { try FileContent.text(of: "/nowhere") }
        #expect(throws: SystemError(EISDIR)) { try FileContent.text(of: folder.path) }
        #expect(throws: SystemError(ENOENT)) { try Folder.names(in: "/nowhere") }
        #expect(throws: SystemError(ENOTDIR)) { try Folder.names(in: folder.add("a", [])) }
    }

    @Test("a folder's names are sorted and without hidden ones")
    func names() throws {
        for name in ["b", "a", ".c", "ä", "10"] { _ = folder.add(name, []) }
        #expect(try Folder.names(in: folder.path) == ["10", "a", "b", "ä"])
    }

    @Test("a folder says what is a plain file")
    func kinds() throws {
        _ = folder.add("a", [])
        symlink("a", folder.path + "/link")
        var files: [String: Bool] = [:]
        try Folder.visit(folder.path) { files[$0.name] = $0.isFile }
        #expect(files == ["a": true, "link": false])
    }

    @Test("an error is told in the system's words, small where it stands in a sentence")
    func words() {
        #expect("\(SystemError(ENOENT))" == "No such file or directory")
        #expect(SystemError(ENOENT).words == "no such file or directory")
    }
}
