/// Cuts a stream of JPEG files laid end to end into its files. What is damaged, foreign or too long is dropped, and the
/// next file is found again; memory never exceeds `limit` and what is fed at once.
package struct MotionJPEGSplitter {
    private let limit: Int
    private var buffer: [UInt8] = []
    private var parser = JPEGParser()
    private var isInside = false

    /// Bytes that belonged to no file.
    package private(set) var droppedBytes = 0
    /// Files that began and did not end well.
    package private(set) var droppedFrames = 0

    /// - Parameter limit: Bytes that a file has at most.
    package init(limit: Int = 8 << 20) {
        self.limit = limit
    }

    /// How much memory is held.
    package var capacity: Int { buffer.capacity }

    /// Takes the next bytes of the stream, whatever their number, and gives each file that they complete.
    package mutating func feed(_ bytes: Span<UInt8>, _ deliver: ([UInt8]) -> Void) {
        var position = 0
        while position < bytes.count {
            if isInside {
                take(bytes, &position, deliver)
            } else {
                seek(bytes, &position)
            }
        }
    }

    /// Looks for FF D8 FF. `buffer` holds as much of it as has been seen.
    private mutating func seek(_ bytes: Span<UInt8>, _ position: inout Int) {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch (buffer.count, byte) {
            case (0, 0xFF), (1, 0xD8): buffer.append(byte)
            case (2, 0xFF):
                buffer.append(byte)
                parser = JPEGParser()
                for byte in buffer { _ = parser.take(byte) }
                isInside = true
                return
            case (1, 0xFF): droppedBytes += 1
            default:
                droppedBytes += buffer.count + 1
                buffer.removeAll(keepingCapacity: true)
            }
        }
    }

    private mutating func take(_ bytes: Span<UInt8>, _ position: inout Int, _ deliver: ([UInt8]) -> Void) {
        while position < bytes.count {
            var end = position
            if parser.skip > 0 {
                end = min(position + parser.skip, bytes.count)
            } else if parser.isInScan {
                while end < bytes.count, bytes[end] != 0xFF { end += 1 }
            }
            guard buffer.count + max(end - position, 1) <= limit else { return drop() }
            if end > position {
                parser.pass(end - position)
                bytes.extracting(position..<end).withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
                position = end
                continue
            }
            let byte = bytes[position]
            switch parser.take(byte) {
            case .unfinished:
                buffer.append(byte)
                position += 1
            case .finished:
                buffer.append(byte)
                position += 1
                isInside = false
                // A copy of just the size: the buffer keeps its memory for the next file.
                deliver(Array(buffer))
                buffer.removeAll(keepingCapacity: true)
                return
            case .broken: return drop()
            }
        }
    }

    /// Drops the file begun. The byte that broke it is looked at again, and if it follows FF so is that: D8 begins the
    /// next file when this one was cut short.
    private mutating func drop() {
        let endsWithFF = buffer.last == 0xFF
        droppedFrames += 1
        droppedBytes += buffer.count - (endsWithFF ? 1 : 0)
        buffer.removeAll(keepingCapacity: true)
        if endsWithFF { buffer.append(0xFF) }
        isInside = false
    }
}

/// Single files as cameras deliver them.
package enum MotionJPEG {
    /// The JPEG file at the beginning of a camera's buffer, without what follows it, and with the standard Huffman tables
    /// where the camera leaves them out, as many do: every program can read it then. Nil when there is no whole file.
    package static func file(in bytes: Span<UInt8>) -> [UInt8]? {
        var parser = JPEGParser()
        var position = 0
        while position < bytes.count {
            if parser.skip > 0 {
                let count = min(parser.skip, bytes.count - position)
                parser.pass(count)
                position += count
                continue
            }
            if parser.isInScan, bytes[position] != 0xFF {
                parser.pass(1)
                position += 1
                continue
            }
            switch parser.take(bytes[position]) {
            case .broken: return nil
            case .unfinished: position += 1
            case .finished:
                var file = bytes.extracting(...position).withUnsafeBufferPointer { Array($0) }
                if !parser.hasHuffmanTables, let scan = parser.scanStart {
                    file.insert(contentsOf: HuffmanTables.standard, at: scan)
                }
                return file
            }
        }
        return nil
    }
}

/// The tables of ITU-T T.81, annex K.3, that Motion JPEG supposes.
enum HuffmanTables {
    /// The segment with all four.
    static let standard: [UInt8] = {
        let tables: [(kind: UInt8, counts: [UInt8], values: [UInt8])] = [
            (0x00, [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], Array(0...11)),
            (0x10, [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125], lumaCoefficients),
            (0x01, [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], Array(0...11)),
            (0x11, [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119], chromaCoefficients),
        ]
        let content = tables.flatMap { [$0.kind] + $0.counts + $0.values }
        let length = content.count + 2
        return [0xFF, 0xC4, UInt8(length >> 8), UInt8(length & 255)] + content
    }()

    private static let lumaCoefficients: [UInt8] = [
        0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07,
        0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xA1, 0x08, 0x23, 0x42, 0xB1, 0xC1, 0x15, 0x52, 0xD1, 0xF0,
        0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0A, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x25, 0x26, 0x27, 0x28,
        0x29, 0x2A, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49,
        0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69,
        0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89,
        0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7,
        0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3, 0xC4, 0xC5,
        0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA, 0xE1, 0xE2,
        0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8,
        0xF9, 0xFA,
    ]

    private static let chromaCoefficients: [UInt8] = [
        0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71,
        0x13, 0x22, 0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xA1, 0xB1, 0xC1, 0x09, 0x23, 0x33, 0x52, 0xF0,
        0x15, 0x62, 0x72, 0xD1, 0x0A, 0x16, 0x24, 0x34, 0xE1, 0x25, 0xF1, 0x17, 0x18, 0x19, 0x1A, 0x26,
        0x27, 0x28, 0x29, 0x2A, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48,
        0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68,
        0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87,
        0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0xA2, 0xA3, 0xA4, 0xA5,
        0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3,
        0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA,
        0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8,
        0xF9, 0xFA,
    ]
}
