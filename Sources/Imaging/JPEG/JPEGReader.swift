import CJPEG

/// Decodes one JPEG file row by row, as it is stored: neither turned upright nor resized beyond the decoder's own
/// steps of 1/2, 1/4 and 1/8.
///
/// The file's header is read on creation; memory that grows with the picture is taken by `start(denominator:)`.
/// A file that is cut off or damaged is an error, at the latest with its last row.
public final class JPEGReader: PictureDecoder {
    /// What the file's header says.
    public struct Info: Equatable, Sendable {
        /// How a file's colours are stored.
        public enum Colour: Sendable { case grey, rgb, ycc, cmyk, ycck }

        /// The stored size.
        public let size: PictureSize
        /// How the file stores its colours; rows are RGB all the same.
        public let colour: Colour
        /// What the camera noted.
        public let exif: ExifSummary
        /// Bytes of coefficients that are kept while decoding, packed, because the file comes in several scans; 0 for
        /// one scan.
        public let scanBytes: Int
    }

    /// What the file's header says.
    public let info: Info
    /// What of it every format tells.
    public var facts: PictureFacts { PictureFacts(size: info.size, exif: info.exif) }
    /// Pixels in a decoded row.
    public private(set) var width: Int
    /// Decoded rows.
    public private(set) var height: Int
    /// Time spent in the decoder so far, reading the file included.
    public private(set) var time: Duration = .zero

    private let name: String
    private let limits: PictureLimits
    /// The file where it is in memory: lent to the decoder for each call, never copied.
    private let lent: [UInt8]?
    private let reader: OpaquePointer
    private var isStarted = false
    private var rowsRead = 0

    /// Opens a picture and reads its header.
    ///
    /// - Throws: `PictureError` when the input is missing, is not a JPEG file, is damaged, or exceeds `limits`.
    public init(_ input: PictureInput, limits: PictureLimits = .standard) throws(PictureError) {
        name = input.name
        self.limits = limits
        let start = ContinuousClock.now
        let opened: OpaquePointer?
        switch input {
        case .file(let path):
            lent = nil
            opened = cjpeg_reader_from_descriptor(try PictureInput.descriptor(ofFile: path))
        case .bytes(let bytes, _):
            lent = bytes
            opened = cjpeg_reader_from_memory()
        }
        guard let opened else { throw PictureError(input.name, .noMemory) }
        do throws(PictureError) {
            info = try Self.lending(lent, to: opened) { () throws(PictureError) in
                try Self.header(of: opened, name: input.name, limits: limits)
            }
        } catch {
            cjpeg_reader_destroy(opened)
            throw error
        }
        reader = opened
        width = info.size.width
        height = info.size.height
        time = ContinuousClock.now - start
    }

    deinit {
        cjpeg_reader_destroy(reader)
    }

    /// The largest denominator of 8, 4, 2 and 1 that decodes the picture to no side shorter than wanted.
    public func denominator(for wanted: PictureSize) -> Int {
        let fitting = [8, 4, 2].first { step in
            (info.size.width + step - 1) / step >= wanted.width
                && (info.size.height + step - 1) / step >= wanted.height
        }
        return fitting ?? 1
    }

    /// Takes the decoder's memory and sets `width` and `height` to the stored size divided by `denominator` (1, 2, 4
    /// or 8), rounded up. Reading a row without this starts at full size.
    public func start(denominator: Int) throws(PictureError) {
        precondition(!isStarted && [1, 2, 4, 8].contains(denominator))
        let start = ContinuousClock.now
        var decodedWidth: Int32 = 0
        var decodedHeight: Int32 = 0
        isStarted = true
        let status = Self.lending(lent, to: reader) {
            cjpeg_reader_start(
                reader, Int32(denominator), Int64(limits.packedScanBytes), &decodedWidth, &decodedHeight)
        }
        guard status == CJPEG_OK else { throw Self.error(of: reader, name: name, limits: limits) }
        width = Int(decodedWidth)
        height = Int(decodedHeight)
        time += ContinuousClock.now - start
    }

    /// Decodes the next row.
    public func readRow(into row: inout MutableSpan<UInt8>) throws(PictureError) {
        if !isStarted { try start(denominator: 1) }
        precondition(rowsRead < height && row.count >= 3 * width)
        let start = ContinuousClock.now
        let status = row.withUnsafeMutableBufferPointer { row in
            Self.lending(lent, to: reader) { cjpeg_reader_row(reader, row.baseAddress) }
        }
        guard status == CJPEG_OK else {
            // libjpeg cannot go on after an error: no further row may be asked for.
            rowsRead = height
            throw Self.error(of: reader, name: name, limits: limits)
        }
        rowsRead += 1
        time += ContinuousClock.now - start
    }

    /// Calls the decoder while it has the file's bytes, where they are in memory.
    private static func lending<Result, Failure: Error>(
        _ bytes: [UInt8]?, to reader: OpaquePointer, _ call: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let bytes else { return try call() }
        return try bytes.withUnsafeBufferPointer { buffer throws(Failure) in
            cjpeg_reader_lend(reader, buffer.baseAddress, buffer.count)
            return try call()
        }
    }

    // MARK: The header

    private static func header(
        of reader: OpaquePointer, name: String, limits: PictureLimits
    ) throws(PictureError) -> Info {
        if let format = foreignFormat(reader) { throw PictureError(name, .notJPEG(is: format)) }
        var header = cjpeg_header()
        guard cjpeg_reader_header(reader, &header) == CJPEG_OK else {
            throw error(of: reader, name: name, limits: limits)
        }
        let size = PictureSize(width: Int(header.width), height: Int(header.height))
        guard max(size.width, size.height) <= limits.side, size.width * size.height <= limits.pixels else {
            throw PictureError(name, .tooLarge(width: size.width, height: size.height, limits: limits))
        }
        guard header.buffered_bytes <= limits.scanBytes else {
            throw PictureError(name, .tooManyScanBytes(needed: Int(header.buffered_bytes), limits: limits))
        }
        guard let colour = colour(header.colour) else {
            throw PictureError(name, .unsupported(kind: "a JPEG file with an unknown set of colours"))
        }
        let block = Array(UnsafeBufferPointer(start: header.exif, count: header.exif_count))
        return Info(
            size: size, colour: colour, exif: ExifSummary(parsing: block),
            scanBytes: Int(header.buffered_bytes))
    }

    /// What the first bytes look like, or nil when they are those of a JPEG file or there are none.
    private static func foreignFormat(_ reader: OpaquePointer) -> String? {
        var first = [UInt8](repeating: 0, count: 64)
        let count = cjpeg_reader_peek(reader, &first, first.count)
        return PictureFormat.otherThanJPEG(first.prefix(count))
    }

    private static func colour(_ colour: cjpeg_colour) -> Info.Colour? {
        switch colour {
        case CJPEG_GREY: .grey
        case CJPEG_RGB: .rgb
        case CJPEG_YCC: .ycc
        case CJPEG_CMYK: .cmyk
        case CJPEG_YCCK: .ycck
        default: nil
        }
    }

    private static func error(of reader: OpaquePointer, name: String, limits: PictureLimits) -> PictureError {
        PictureError(name, PictureError.Reason(cjpeg_reader_failure(reader), limits: limits))
    }
}
