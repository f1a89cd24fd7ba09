import Glibc

/// A file mapped read-only: pages come in when they are first read and can be dropped again under memory pressure. A
/// file that others may change at any time is copied instead.
///
/// `@unchecked Sendable`: the mapping is never written and lives until the last reference is gone.
final class MappedFile: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer
    private let mappedCount: Int

    /// Zero bytes that follow the last byte of the file, so that kernels may read past their weights.
    static let slack = 64

    /// - Throws: ``ModelFileError`` when the file cannot be opened, is no regular file, is empty or is larger than
    ///   `limit` bytes.
    init(path: String, limit: Int, isCopied: Bool = false) throws(ModelFileError) {
        func refusal(_ reason: String) -> ModelFileError { ModelFileError(path: path, reason: reason) }
        func systemReason() -> String { String(cString: strerror(errno)).lowercased() }

        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw refusal("it cannot be opened (\(systemReason()))") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw refusal("it cannot be examined (\(systemReason()))") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw refusal("it is not a regular file") }
        let count = Int(status.st_size)
        guard count > 0 else { throw refusal("it is empty") }
        guard count <= limit else { throw refusal("it has \(count) bytes; at most \(limit) are accepted") }

        // The file is laid over an anonymous mapping that is one page longer, so that the slack always exists.
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let length = (count + page - 1) / page * page + page
        let access = isCopied ? PROT_READ | PROT_WRITE : PROT_READ
        let reserved = mmap(nil, length, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let reserved, reserved != MAP_FAILED else { throw refusal("it cannot be mapped (\(systemReason()))") }
        if isCopied {
            var filled = 0
            while filled < count {
                let got = read(descriptor, reserved + filled, count - filled)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else {
                    let reason = got < 0 ? "it cannot be read (\(systemReason()))" : "it became shorter as it was read"
                    munmap(reserved, length)
                    throw refusal(reason)
                }
                filled += got
            }
            mprotect(reserved, length, PROT_READ)
            bytes = UnsafeRawBufferPointer(start: reserved, count: count)
            mappedCount = length
            return
        }
        let mapped = mmap(reserved, count, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor, 0)
        guard let mapped, mapped != MAP_FAILED else {
            munmap(reserved, length)
            throw refusal("it cannot be mapped (\(systemReason()))")
        }
        bytes = UnsafeRawBufferPointer(start: mapped, count: count)
        mappedCount = length
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), mappedCount) }
}
