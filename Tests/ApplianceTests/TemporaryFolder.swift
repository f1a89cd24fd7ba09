import Glibc

/// A folder that is gone with its last use.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/appliance-tests-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/nonexistent"
    }

    deinit { Self.remove(path) }

    /// Writes a file and returns its path.
    @discardableResult
    func put(_ name: String, _ bytes: [UInt8] = [1]) -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o644)
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        return file
    }

    func makeFolder(_ name: String) { mkdir("\(path)/\(name)", 0o755) }

    private static func remove(_ path: String) {
        guard let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            if unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)") }
        }
        closedir(folder)
        rmdir(path)
    }
}
