import Glibc
import NIOCore
import NIOPosix

/// A file that is open for reading. It is closed when nobody holds it any more.
package final class OpenFile: Sendable {
    /// Bytes of the file when it was opened.
    package let count: Int
    /// A strong tag: another content has another file, size or time.
    package let tag: String
    /// When it was changed last, in seconds since 1970.
    package let modified: Int
    private let descriptor: Int32

    /// What is read at once.
    package static let portion = 65_536

    /// Opens a file that is no link; nil when there is none.
    package init?(path: String) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        count = Int(status.st_size)
        modified = status.st_mtim.tv_sec
        let numbers = [Int(status.st_ino), count, status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
        tag = "\"\(numbers.map { String($0, radix: 36) }.joined(separator: "-"))\""
    }

    deinit { close(descriptor) }

    /// Reads at most ``portion`` bytes of a range; blocks.
    package func read(_ range: Range<Int>) throws -> ByteBuffer {
        let wanted = min(range.count, Self.portion)
        var buffer = ByteBufferAllocator().buffer(capacity: wanted)
        let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: wanted) { room in
            max(0, pread(descriptor, room.baseAddress, wanted, off_t(range.lowerBound)))
        }
        guard count > 0 || wanted == 0 else { throw FileProblem.isShorter }
        return buffer
    }
}

enum FileProblem: Error { case isShorter }
