import Glibc

/// Why the album did not do what it was asked: one sentence that says what, where and why.
public struct AlbumError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What to do about it depends on this.
    public enum Kind: Equatable, Sendable {
        /// There is no room, neither on the disk nor within the limits that were set.
        case full
        /// The folder cannot be written to: by its permissions, its file system, or because another process does.
        case readOnly
        /// The disk failed.
        case inputOutput
        /// There is no such picture.
        case notFound
        /// What was handed over cannot be kept: no JPEG picture, a style that cannot be part of a name.
        case invalid
    }

    /// The sentence, without a full stop.
    public let description: String
    /// What kind of reason it is.
    public let kind: Kind

    /// Makes an error from its sentence.
    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// Makes an error from a system call's: `task` is what was tried, "0042-photo.jpg cannot be written to /photos".
    init(_ failure: FileFailure, _ task: String) {
        let kind: Kind =
            switch failure.code {
            case ENOSPC, EDQUOT: .full
            case EROFS, EACCES, EPERM: .readOnly
            default: .inputOutput
            }
        self.init(kind, "\(task): \(failure)")
    }
}
