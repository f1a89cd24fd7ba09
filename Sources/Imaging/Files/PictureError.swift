import Platform

/// Why a picture was not read or written: one clear sentence that names the picture.
public struct PictureError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was wrong.
    public enum Reason: Equatable, Sendable {
        /// There is no such file.
        case missing
        /// The path is a folder.
        case folder
        /// The file holds no bytes.
        case empty
        /// The file is something else; `is` says what its first bytes look like, "a PNG signature" say.
        case notJPEG(is: String)
        /// The file ends before the picture does.
        case truncated
        /// The file contradicts itself; `detail` is the decoder's remark, or "".
        case damaged(detail: String)
        /// A JPEG of a kind that is not decoded; `kind` says which.
        case unsupported(kind: String)
        /// The header claims more pixels, or a longer side, than `limits` accepts.
        case tooLarge(width: Int, height: Int, limits: PictureLimits)
        /// A picture in several scans has `needed` bytes of coefficients, `limits` allows fewer.
        case tooManyScanBytes(needed: Int, limits: PictureLimits)
        /// A picture in several scans needs more memory than `limits` allows, packed as it is held.
        case tooManyPackedBytes(limits: PictureLimits)
        /// The input is longer than `limits` accepts.
        case tooLong(limits: PictureLimits)
        /// The system refused to read.
        case unreadable(systemError: Int32)
        /// The system refused to write.
        case unwritable(systemError: Int32)
        /// The picture is larger than a JPEG file can hold.
        case tooLargeToWrite(width: Int, height: Int)
        /// The system gave no memory.
        case noMemory
    }

    /// The picture as the caller named it: a path, or "standard input".
    public let picture: String
    /// What was wrong with it.
    public let reason: Reason

    /// Makes an error about a picture.
    public init(_ picture: String, _ reason: Reason) {
        self.picture = picture
        self.reason = reason
    }

    /// The sentence.
    public var description: String {
        switch reason {
        case .missing:
            "\(picture) does not exist."
        case .folder:
            "\(picture) is a folder where a picture file is expected."
        case .empty:
            "\(picture) is empty: a JPEG file is expected."
        case .notJPEG(let format):
            "\(picture) is not a JPEG picture: it begins with \(format); JPEG files are accepted."
        case .truncated:
            "\(picture) is cut off: the file ends before the picture does."
        case .damaged(let detail):
            "\(picture) is a damaged JPEG file\(Self.remark(detail))."
        case .unsupported(let kind):
            "\(picture) is \(kind); 8-bit greyscale, colour and CMYK JPEG files are accepted."
        case .tooLarge(let width, let height, let limits):
            "\(picture) claims \(width) x \(height) pixels; at most \(limits.pixels / 1_000_000) megapixels and"
                + " \(limits.side) pixels a side are accepted."
        case .tooManyScanBytes(let needed, let limits):
            "\(picture) is stored in several scans and needs \(Self.megabytes(needed)) MB to decode; at most"
                + " \(Self.megabytes(limits.scanBytes)) MB are allowed, a baseline JPEG of this size needs far less."
        case .tooManyPackedBytes(let limits):
            "\(picture) is stored in several scans and needs more than the \(Self.megabytes(limits.packedScanBytes)) MB"
                + " that are allowed to decode it; a baseline JPEG of this size needs far less."
        case .tooLong(let limits):
            "\(picture) is longer than the \(Self.megabytes(limits.inputBytes)) MB that are accepted."
        case .unreadable(let code):
            "\(picture) cannot be read: \(SystemError(code).words)."
        case .unwritable(let code):
            "\(picture) cannot be written: \(SystemError(code).words)."
        case .tooLargeToWrite(let width, let height):
            "\(picture) cannot be written: \(width) x \(height) pixels do not fit a JPEG file, whose sides are 1 to"
                + " 65500 pixels."
        case .noMemory:
            "\(picture) could not be processed: the system has no memory left."
        }
    }

    private static func remark(_ detail: String) -> String {
        detail.isEmpty ? "" : " (\(detail))"
    }

    private static func megabytes(_ bytes: Int) -> Int {
        (bytes + 999_999) / 1_000_000
    }
}
