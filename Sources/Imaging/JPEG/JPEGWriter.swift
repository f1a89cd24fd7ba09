import CJPEG
import Platform

/// Encodes one JPEG file row by row, to memory or to a file.
///
/// Equal rows and options give equal bytes on every processor: the integer DCT of libjpeg is exact with and without
/// vector instructions.
public final class JPEGWriter {
    /// How a picture is encoded.
    public struct Options: Sendable {
        /// What is stored; anything but `.ycc` is there to make test pictures.
        package enum Colour: Sendable { case grey, rgb, ycc, cmyk, ycck }

        /// 1 to 100. From 95 on colour is stored at full size, below at half width and height.
        public var quality: Int
        /// What is written to the EXIF block; nil writes none.
        public var notes: PictureNotes?
        package var colour = Colour.ycc
        package var isProgressive = false
        /// Replaces the block that `notes` gives.
        package var exifBlock: [UInt8]?

        /// Makes options; the quality is clamped to 1...100.
        public init(quality: Int = 92, notes: PictureNotes? = nil) {
            self.quality = min(max(quality, 1), 100)
            self.notes = notes
        }
    }

    /// The longest side that a JPEG file can have.
    public static let longestSide = 65_500

    /// Up to this many pixels the Huffman tables are made for the picture, which saves a few percent of the file and
    /// costs 3 to 6 bytes a pixel while encoding. Larger pictures get the standard tables and are written as they come.
    public static let mostPixelsWithOwnTables = 1 << 20

    /// Pixels in a row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// Time spent in the encoder so far, writing to the file included.
    public private(set) var time: Duration = .zero

    private let name: String
    private let writer: OpaquePointer
    private let file: AtomicFile?
    private let bytesPerPixel: Int
    private var rowsWritten = 0

    /// Begins a picture in memory. `name` is what error messages call it.
    ///
    /// - Throws: `PictureError` when a side is not within 1...65500 or there is no memory.
    public convenience init(
        width: Int, height: Int, options: Options = Options(), name: String = "the picture"
    ) throws(PictureError) {
        try self.init(PictureSize(width: width, height: height), options, name: name, file: nil)
    }

    /// Begins a picture in a file. The file is only put in place when the caller commits it after `finish()`.
    ///
    /// - Throws: `PictureError` when a side is not within 1...65500, there is no memory or writing fails.
    package convenience init(
        width: Int, height: Int, options: Options = Options(), to file: AtomicFile
    ) throws(PictureError) {
        try self.init(PictureSize(width: width, height: height), options, name: file.path, file: file)
    }

    private init(_ size: PictureSize, _ options: Options, name: String, file: AtomicFile?) throws(PictureError) {
        let start = ContinuousClock.now
        guard 1...Self.longestSide ~= size.width, 1...Self.longestSide ~= size.height else {
            throw PictureError(name, .tooLargeToWrite(width: size.width, height: size.height))
        }
        guard let writer = cjpeg_writer_create(file?.descriptor ?? -1) else { throw PictureError(name, .noMemory) }
        self.name = name
        self.writer = writer
        self.file = file
        width = size.width
        height = size.height
        bytesPerPixel = options.colour.bytesPerPixel
        var shape = cjpeg_options()
        shape.width = Int32(size.width)
        shape.height = Int32(size.height)
        shape.colour = options.colour.code
        shape.quality = Int32(options.quality)
        shape.half_chroma = options.quality < 95 ? 1 : 0
        shape.optimise = size.width * size.height <= Self.mostPixelsWithOwnTables ? 1 : 0
        shape.progressive = options.isProgressive ? 1 : 0
        let exif = options.exifBlock ?? options.notes?.exifBlock(size: size) ?? []
        try check(exif.withUnsafeBufferPointer { cjpeg_writer_start(writer, &shape, $0.baseAddress, $0.count) })
        time = ContinuousClock.now - start
    }

    deinit {
        cjpeg_writer_destroy(writer)
    }

    /// Encodes the next row from the first `3 * width` bytes of `row`, which may be longer.
    ///
    /// Rows after the last one are ignored, so that a padded picture can be handed over as it is.
    public func writeRow(_ row: Span<UInt8>) throws(PictureError) {
        guard rowsWritten < height else { return }
        precondition(row.count >= bytesPerPixel * width)
        let start = ContinuousClock.now
        try check(row.withUnsafeBufferPointer { cjpeg_writer_row(writer, $0.baseAddress) })
        rowsWritten += 1
        time += ContinuousClock.now - start
    }

    /// Ends the picture after its last row.
    public func finish() throws(PictureError) {
        precondition(rowsWritten == height, "every row has to be written before the picture is finished")
        let start = ContinuousClock.now
        try check(cjpeg_writer_finish(writer))
        time += ContinuousClock.now - start
    }

    /// The file's bytes after `finish()`; empty for a picture that went to a file.
    public var bytes: [UInt8] {
        guard file == nil else { return [] }
        var count = 0
        let start = cjpeg_writer_bytes(writer, &count)
        return Array(UnsafeBufferPointer(start: start, count: count))
    }

    private func check(_ status: cjpeg_status) throws(PictureError) {
        if status != CJPEG_OK {
            throw PictureError(name, PictureError.Reason(cjpeg_writer_failure(writer)))
        }
    }
}

extension JPEGWriter.Options.Colour {
    fileprivate var code: cjpeg_colour {
        switch self {
        case .grey: CJPEG_GREY
        case .rgb: CJPEG_RGB
        case .ycc: CJPEG_YCC
        case .cmyk: CJPEG_CMYK
        case .ycck: CJPEG_YCCK
        }
    }

    fileprivate var bytesPerPixel: Int {
        switch self {
        case .grey: 1
        case .rgb, .ycc: 3
        case .cmyk, .ycck: 4
        }
    }
}

extension RGBImage {
    /// The picture as a JPEG file.
    ///
    /// - Throws: `PictureError` when a side exceeds 65500 pixels or there is no memory.
    public func jpeg(_ options: JPEGWriter.Options = JPEGWriter.Options()) throws(PictureError) -> [UInt8] {
        let writer = try JPEGWriter(width: width, height: height, options: options)
        for y in 0..<height {
            try withRow(y) { row throws(PictureError) in try writer.writeRow(row) }
        }
        try writer.finish()
        return writer.bytes
    }
}
