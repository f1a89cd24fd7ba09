import Glibc

/// What tells whether a file is still the same, without reading it.
struct FileStamp: Equatable, Sendable {
    /// The file's size in bytes.
    let size: Int
    private let device: UInt64
    private let number: UInt64
    private let seconds: Int
    private let nanoseconds: Int
    // Who may read it: a file that was out of reach is worth another look when it no longer is.
    private let mode: UInt32
    private let owner: UInt32
    private let group: UInt32

    init(_ status: stat) {
        size = Int(status.st_size)
        device = UInt64(status.st_dev)
        number = UInt64(status.st_ino)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
        mode = status.st_mode
        owner = status.st_uid
        group = status.st_gid
    }

    /// Nil when there is no file.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }
}
