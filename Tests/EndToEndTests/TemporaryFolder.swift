import FoundationEssentials
import Glibc
import Testing

/// A folder for one test, gone with the suite that holds it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/animesnap-tests-XXXXXX".utf8CString)
        path = try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a name in the folder.
    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file, and the folders it lies in, and returns its path.
    @discardableResult
    func add(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = self(name)
        let parent = String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)])
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: file))
        return file
    }

    /// Makes an empty folder and returns its path.
    func addFolder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: self(name), withIntermediateDirectories: true)
        return self(name)
    }

    /// The content of a file; empty when there is none.
    func bytes(_ name: String) -> [UInt8] { contents(self(name)) }

    /// All files and folders at any depth, hidden ones included, as paths relative to this folder.
    var names: [String] {
        (try? FileManager.default.subpathsOfDirectory(atPath: path).sorted()) ?? []
    }
}

/// The content of a file; empty when there is none.
func contents(_ path: String) -> [UInt8] {
    FileManager.default.contents(atPath: path).map { Array($0) } ?? []
}
