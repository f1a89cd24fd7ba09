import Imaging

/// A picture of a camera's stream.
public struct Frame: Sendable {
    /// The picture as the camera delivers it.
    public enum Pixels: Equatable, Sendable {
        /// A complete JPEG file.
        case jpeg([UInt8])
        /// Pairs of pixels as Y, U, Y, V; rows without gaps. The width is even.
        case yuyv(width: Int, height: Int, [UInt8])
        /// All Y, then U and V of each two by two pixels; rows without gaps. Both sides are even.
        case nv12(width: Int, height: Int, [UInt8])
    }

    /// The picture.
    public let pixels: Pixels
    /// Counts the frames of a camera from 1, across losses.
    public let number: UInt64
    /// When it was taken or, where the camera does not say, when it came: a time of the ``DeviceClock``.
    public let time: Duration

    /// Makes a frame.
    public init(_ pixels: Pixels, number: UInt64, time: Duration) {
        self.pixels = pixels
        self.number = number
        self.time = time
    }

    /// Bytes of its pixels as they are kept.
    var byteCount: Int {
        switch pixels {
        case .jpeg(let bytes), .yuyv(_, _, let bytes), .nv12(_, _, let bytes): bytes.count
        }
    }

    /// The frame as a JPEG file: as it is if it is one.
    ///
    /// - Parameter quality: 1 to 100, for frames that are encoded here.
    /// - Returns: The file's bytes.
    /// - Throws: `PictureError` when there is no memory.
    public func jpeg(quality: Int = 92) throws(PictureError) -> [UInt8] {
        switch pixels {
        case .jpeg(let bytes): return bytes
        case .yuyv(let width, let height, let bytes):
            return try Self.encode(width, height, quality) { y, row in YUV.convert(yuyvRow: y, width, bytes, &row) }
        case .nv12(let width, let height, let bytes):
            return try Self.encode(width, height, quality) { y, row in
                YUV.convert(nv12Row: y, width, height, bytes, &row)
            }
        }
    }

    private static func encode(
        _ width: Int, _ height: Int, _ quality: Int, _ convert: (Int, inout [UInt8]) -> Void
    ) throws(PictureError) -> [UInt8] {
        let options = JPEGWriter.Options(quality: quality)
        let writer = try JPEGWriter(width: width, height: height, options: options, name: "the camera's frame")
        var row = [UInt8](repeating: 0, count: 3 * width)
        for y in 0..<height {
            convert(y, &row)
            try writer.writeRow(row.span)
        }
        try writer.finish()
        return writer.bytes
    }
}

/// The colours of cameras that do not compress: BT.601, Y in 16...235, U and V in 16...240.
package enum YUV {
    /// Writes row `y` as RGB.
    package static func convert(yuyvRow y: Int, _ width: Int, _ bytes: [UInt8], _ row: inout [UInt8]) {
        let start = y * 2 * width
        for pair in 0..<width / 2 {
            let at = start + 4 * pair
            let chroma = Chroma(u: bytes[at + 1], v: bytes[at + 3])
            chroma.write(luma: bytes[at], to: &row, at: 6 * pair)
            chroma.write(luma: bytes[at + 2], to: &row, at: 6 * pair + 3)
        }
    }

    /// Writes row `y` as RGB.
    package static func convert(nv12Row y: Int, _ width: Int, _ height: Int, _ bytes: [UInt8], _ row: inout [UInt8]) {
        let lumaStart = y * width
        let chromaStart = width * height + y / 2 * width
        for pair in 0..<width / 2 {
            let at = chromaStart + 2 * pair
            let chroma = Chroma(u: bytes[at], v: bytes[at + 1])
            chroma.write(luma: bytes[lumaStart + 2 * pair], to: &row, at: 6 * pair)
            chroma.write(luma: bytes[lumaStart + 2 * pair + 1], to: &row, at: 6 * pair + 3)
        }
    }

    /// What a pair of colour differences adds to the luma, in 1/65536.
    private struct Chroma {
        let red: Int32
        let green: Int32
        let blue: Int32

        init(u: UInt8, v: UInt8) {
            let (u, v) = (Int32(u) - 128, Int32(v) - 128)
            red = 104_597 * v
            green = -25_675 * u - 53_279 * v
            blue = 132_201 * u
        }

        func write(luma: UInt8, to row: inout [UInt8], at index: Int) {
            let luma = 76_309 * (Int32(luma) - 16) + 32_768
            row[index] = Self.sample(luma + red)
            row[index + 1] = Self.sample(luma + green)
            row[index + 2] = Self.sample(luma + blue)
        }

        private static func sample(_ value: Int32) -> UInt8 { UInt8(min(max(value >> 16, 0), 255)) }
    }
}
