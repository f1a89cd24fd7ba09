/// Where the segments before the picture's data are in a JPEG file.
struct JPEGSegments {
    struct Segment {
        let marker: UInt8
        /// From the marker's first byte to the end.
        let whole: Range<Int>
        let content: Range<Int>
    }

    /// Whether the file begins as JPEG files do.
    let isJPEG: Bool
    /// As far as they are whole.
    let segments: [Segment]
    /// The first EXIF block; its content begins with six bytes that say so.
    let exif: Segment?

    init(_ bytes: [UInt8]) {
        isJPEG = bytes.starts(with: [0xFF, 0xD8])
        var found: [Segment] = []
        var place = 2
        while isJPEG, place + 4 <= bytes.count, bytes[place] == 0xFF {
            let marker = bytes[place + 1]
            if marker == 0xFF {  // a byte that fills
                place += 1
                continue
            }
            let length = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
            // Before the picture's data all segments have a length.
            guard (0xC0...0xFE).contains(marker), !(0xD0...0xDA).contains(marker), length >= 2,
                place + 2 + length <= bytes.count
            else { break }
            found.append(
                Segment(marker: marker, whole: place..<place + 2 + length, content: place + 4..<place + 2 + length))
            place += 2 + length
        }
        segments = found
        exif = found.first { segment in
            segment.marker == 0xE1 && bytes[segment.content].starts(with: "Exif\0\0".utf8)
        }
    }

    /// After the segments that say what kind of file it is (APP0), where readers expect an EXIF block.
    var placeForExif: Int {
        segments.prefix { $0.marker == 0xE0 }.last?.whole.upperBound ?? 2
    }
}
