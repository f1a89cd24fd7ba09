import Glibc

/// What files hold, read at once.
package enum FileContent {
    private static let portion = 65_536

    /// The first bytes of a file, all of them where it has no more than `limit`.
    ///
    /// - Throws: Why the file cannot be opened or read.
    package static func bytes(of path: String, upTo limit: Int) throws(SystemError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last }
        defer { close(descriptor) }
        return try bytes(from: descriptor, upTo: limit)
    }

    /// What comes from a descriptor until its end, at most `limit` bytes.
    ///
    /// - Throws: Why it cannot be read.
    package static func bytes(from descriptor: Int32, upTo limit: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(portion, limit))
        while bytes.count < limit {
            let count = read(descriptor, &buffer, min(buffer.count, limit - bytes.count))
            if count < 0 {
                if errno == EINTR { continue }
                throw .last
            }
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        return bytes
    }

    /// The first 64 KiB of a text: of settings, or of what the system tells in /proc and /sys.
    ///
    /// - Throws: Why the file cannot be opened or read.
    package static func text(of path: String) throws(SystemError) -> String {
        String(decoding: try bytes(of: path, upTo: 65_536), as: UTF8.self)
    }
}

/// Writes all bytes to a descriptor.
///
/// - Throws: Why it does not take them.
package func writeAll(_ bytes: Span<UInt8>, to descriptor: Int32) throws(SystemError) {
    var sent = 0
    while sent < bytes.count {
        let rest = bytes.extracting(sent..<bytes.count)
        let count = rest.withUnsafeBufferPointer { write(descriptor, $0.baseAddress, $0.count) }
        if count > 0 {
            sent += count
        } else if count == 0 || errno != EINTR {
            throw count == 0 ? SystemError(EIO) : .last
        }
    }
}
