import CJPEG

extension PictureError.Reason {
    /// The reason for a failure that the C shim reports.
    init(_ failure: cjpeg_failure, limits: PictureLimits = .standard) {
        let words = withUnsafeBytes(of: failure.message) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        switch failure.status {
        case CJPEG_NO_MEMORY: self = .noMemory
        case CJPEG_EMPTY: self = .empty
        case CJPEG_NOT_JPEG: self = .notJPEG(is: "unknown data")
        case CJPEG_TRUNCATED: self = .truncated
        case CJPEG_TOO_DETAILED: self = .tooManyPackedBytes(limits: limits)
        case CJPEG_UNSUPPORTED: self = .unsupported(kind: "a JPEG file of a rare kind (\(words))")
        case CJPEG_READ_FAILED: self = .unreadable(systemError: failure.system_error)
        case CJPEG_WRITE_FAILED: self = .unwritable(systemError: failure.system_error)
        default: self = .damaged(detail: words)
        }
    }
}
