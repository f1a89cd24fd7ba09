import FoundationEssentials
import Glibc
import Testing

/// A folder for one test, gone with its last use.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/web-tests-XXXXXX".utf8CString)
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

    /// All files and folders at any depth, hidden ones too.
    var names: [String] {
        (try? FileManager.default.subpathsOfDirectory(atPath: path).sorted()) ?? []
    }
}

/// The content of a file; empty when there is none.
func contents(_ path: String) -> [UInt8] {
    FileManager.default.contents(atPath: path).map { Array($0) } ?? []
}

/// What a shell command prints; nil when it fails.
func shell(_ command: String) -> [UInt8]? {
    guard let pipe = popen(command, "r") else { return nil }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = fread(&part, 1, part.count, pipe)
        if count == 0 { break }
        bytes += part[..<count]
    }
    return pclose(pipe) == 0 ? bytes : nil
}
