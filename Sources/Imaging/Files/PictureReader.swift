/// A picture as upright rows of the size that is wanted.
///
/// The decoder shrinks by 2, 4 or 8 where it can, the rest is resized as the rows pass, and the camera's orientation
/// is applied. Where rows come in another order than they are stored, the picture is gone through once for every band
/// of rows that fits `bandBytes`: memory stays small at the price of time.
public final class PictureReader: RowSource {
    /// What the file's header says.
    public let info: PictureFacts
    /// Pixels in an upright row.
    public let width: Int
    /// Upright rows.
    public let height: Int
    /// Time spent in the decoder so far.
    public var decodeTime: Duration { passedDecodeTime + (stream?.decoder.time ?? .zero) }
    /// Time spent resizing so far.
    public var resizeTime: Duration { passedResizeTime + (stream?.resizer?.time ?? .zero) }

    private let input: PictureInput
    private let limits: PictureLimits
    private let formats: [PictureFormat]
    private let stored: PictureSize
    private var stream: Stream?
    private var passedDecodeTime: Duration = .zero
    private var passedResizeTime: Duration = .zero
    private var next = 0
    private let bandHeight: Int
    private var band: [UInt8] = []
    private var bandRows = 0..<0

    /// One pass through the file at the wanted size, as stored.
    private struct Stream {
        let decoder: any PictureDecoder
        let resizer: ResizedRows?
        var rows: any RowSource { resizer ?? decoder }

        init(_ decoder: any PictureDecoder, size: PictureSize) throws(PictureError) {
            self.decoder = decoder
            let denominator = decoder.denominator(for: size)
            try decoder.start(denominator: denominator)
            let fits = decoder.width == size.width && decoder.height == size.height
            // The decoder rounds its sides up: what its last row and column show may lie partly outside.
            let full = decoder.facts.size
            let extent = (
                width: Double(full.width) / Double(denominator), height: Double(full.height) / Double(denominator)
            )
            resizer =
                fits ? nil : ResizedRows(decoder, width: size.width, height: size.height, extent: extent)
        }
    }

    /// Opens a picture, reads its header and prepares to decode it.
    ///
    /// - Parameters:
    ///   - input: a picture file; it is opened again for every band.
    ///   - longestSide: pixels of the longest side of the rows, 1 or more; nil keeps the picture's own size.
    ///   - limits: what the picture may ask for.
    ///   - bandBytes: the most bytes taken to bring rows into another order.
    /// - Throws: `PictureError` when the input is missing, is not a JPEG file, is damaged, or exceeds `limits`.
    public convenience init(
        _ input: PictureInput, longestSide: Int? = nil, limits: PictureLimits = .standard, bandBytes: Int = 8 << 20
    ) throws(PictureError) {
        try self.init(
            input, limits: limits, bandBytes: bandBytes, formats: PictureFormat.all,
            size: { longestSide.map($0.fitted(longestSide:)) ?? $0 })
    }

    /// The same with rows of any size: `size` is given that of the upright picture and says what it is to become, sides of
    /// 1 and more.
    public convenience init(
        _ input: PictureInput, limits: PictureLimits = .standard, bandBytes: Int = 8 << 20,
        size: (_ upright: PictureSize) -> PictureSize
    ) throws(PictureError) {
        try self.init(input, limits: limits, bandBytes: bandBytes, formats: PictureFormat.all, size: size)
    }

    /// The same with other formats than those that there are.
    package init(
        _ input: PictureInput, limits: PictureLimits, bandBytes: Int, formats: [PictureFormat],
        size: (_ upright: PictureSize) -> PictureSize
    ) throws(PictureError) {
        let decoder = try PictureFormat.decoder(for: input, limits: limits, among: formats)
        self.input = input
        self.limits = limits
        self.formats = formats
        info = decoder.facts
        let upright = size(info.uprightSize)
        stored = info.exif.orientation.swapsSides ? upright.transposed : upright
        width = upright.width
        height = upright.height
        bandHeight = min(upright.height, max(1, bandBytes / (3 * upright.width)))
        stream = try Stream(decoder, size: stored)
    }

    /// Makes the next upright row.
    public func readRow(into row: inout MutableSpan<UInt8>) throws(PictureError) {
        precondition(next < height && row.count >= 3 * width)
        if info.exif.orientation.keepsRowOrder {
            try stream?.rows.readRow(into: &row)
            if info.exif.orientation == .mirrored { Self.mirror(&row, width: width) }
        } else {
            if !bandRows.contains(next) { try fillBand(from: next) }
            let start = (next - bandRows.lowerBound) * 3 * width
            copy(band, start..<start + 3 * width, to: &row)
        }
        next += 1
    }

    private static func mirror(_ row: inout MutableSpan<UInt8>, width: Int) {
        for x in 0..<width / 2 {
            for c in 0..<3 {
                row.swapAt(3 * x + c, 3 * (width - 1 - x) + c)
            }
        }
    }

    // MARK: Other orders of rows

    /// Goes through the picture and keeps what belongs to the upright rows from `first` on.
    private func fillBand(from first: Int) throws(PictureError) {
        bandRows = first..<min(height, first + bandHeight)
        if band.isEmpty { band = [UInt8](repeating: 0, count: bandHeight * 3 * width) }
        let source = try freshStream().rows
        var stored = [UInt8](repeating: 0, count: 3 * source.width)
        let swaps = info.exif.orientation.swapsSides
        let last = swaps ? source.height - 1 : source.height - 1 - bandRows.lowerBound
        for y in 0...last {
            try source.readRow(into: &stored)
            if swaps {
                placeColumn(y, of: stored)
            } else if bandRows.contains(height - 1 - y) {
                placeRow(height - 1 - y, from: stored)
            }
        }
    }

    private func freshStream() throws(PictureError) -> Stream {
        if bandRows.lowerBound > 0 {
            passedDecodeTime = decodeTime
            passedResizeTime = resizeTime
            stream = nil
            stream = try Stream(
                PictureFormat.decoder(for: input, limits: limits, among: formats), size: stored)
        }
        guard let stream else { preconditionFailure("a stream was just made") }
        return stream
    }

    /// A stored row becomes an upright row, turned around where left and right are to be exchanged.
    private func placeRow(_ y: Int, from stored: [UInt8]) {
        let isMirrored = info.exif.orientation.reversesColumns
        let start = (y - bandRows.lowerBound) * width
        var target = band.mutableSpan
        let source = stored.span
        for x in 0..<width {
            let from = 3 * (isMirrored ? width - 1 - x : x)
            let to = 3 * (start + x)
            target[to] = source[from]
            target[to + 1] = source[from + 1]
            target[to + 2] = source[from + 2]
        }
    }

    /// A stored row becomes an upright column, as far as it lies in the band.
    private func placeColumn(_ storedRow: Int, of stored: [UInt8]) {
        let orientation = info.exif.orientation
        let x = orientation.reversesColumns ? width - 1 - storedRow : storedRow
        var target = band.mutableSpan
        let source = stored.span
        for y in bandRows {
            let from = 3 * (orientation.reversesRows ? height - 1 - y : y)
            let to = 3 * ((y - bandRows.lowerBound) * width + x)
            target[to] = source[from]
            target[to + 1] = source[from + 1]
            target[to + 2] = source[from + 2]
        }
    }
}
