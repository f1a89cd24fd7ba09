import Glibc
import Platform

/// A folder that is gone with its last use.
final class TemporaryFolder {
    let path: String

    init() {
        var template = Array("/tmp/platform-tests-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/nonexistent"
    }

    deinit {
        for name in names { unlink(path + "/" + name) }
        rmdir(path)
    }

    /// The names of all files, hidden ones included.
    var names: [String] {
        var names: [String] = []
        try? Folder.visit(path) { names.append($0.name) }
        return names.sorted()
    }

    /// Writes a file and returns its path.
    func add(_ name: String, _ bytes: [UInt8]) -> String {
        let file = path + "/" + name
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        try? writeAll(bytes.span, to: descriptor)
        close(descriptor)
        return file
    }

    func bytes(of name: String) -> [UInt8] { (try? FileContent.bytes(of: path + "/" + name, upTo: 1 << 20)) ?? [] }
}
