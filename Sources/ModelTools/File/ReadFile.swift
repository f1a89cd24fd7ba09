import Glibc

/// The bytes of a file of at most `limit` bytes; throws one sentence when it cannot be read.
package func readFile(_ path: String, limit: Int) throws(ImportError) -> [UInt8] {
    guard let file = fopen(path, "rb") else {
        throw ImportError("\(path) cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 20)
    while true {
        let count = fread(&part, 1, part.count, file)
        bytes.append(contentsOf: part[..<count])
        guard bytes.count <= limit else {
            throw ImportError("\(path) is larger than \(limit >> 20) MB, the most that is allowed")
        }
        if count < part.count { break }
    }
    guard ferror(file) == 0 else { throw ImportError("\(path) cannot be read: \(String(cString: strerror(errno)))") }
    return bytes
}
