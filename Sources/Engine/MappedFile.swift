import Glibc

/// A file mapped read-only: pages come in when they are first read and can be dropped again under memory pressure.
///
/// `@unchecked Sendable`: the mapping is never written and lives until the last reference is gone.
final class MappedFile: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer
    private let mappedCount: Int

    /// Zero bytes that follow the last byte of the file, so that kernels may read past their weights.
    static let slack = 64

    /// - Throws: ``ModelFileError`` when the file cannot be opened, is no regular file, is empty or is larger than
    ///   `limit` bytes.
    init(path: String, limit: Int) throws(ModelFileError) {
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
        let reserved = mmap(nil, length, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let reserved, reserved != MAP_FAILED else { throw refusal("it cannot be mapped (\(systemReason()))") }
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
