/// Follows the markers of a JPEG file to find where it ends. The pictures themselves are not looked at.
struct JPEGParser {
    /// What a byte has led to.
    enum Progress {
        case unfinished
        /// That byte was the file's last.
        case finished
        /// This is no JPEG file, or no whole one.
        case broken
    }

    private enum State {
        case start
        case startOfImage
        /// Between segments: FF is due.
        case segment
        case marker
        case lengthHigh(UInt8)
        case lengthLow(UInt8, high: Int)
        case scan
        case scanMarker
    }

    private var state = State.start
    /// Bytes of a segment that are passed over.
    private(set) var skip = 0
    private var hasFrame = false
    private var hasScan = false

    /// Whether a table of Huffman codes was seen.
    private(set) var hasHuffmanTables = false
    /// Bytes before the first scan's marker; nil before it.
    private(set) var scanStart: Int?
    private var position = 0

    /// Whether every byte that is not FF leads nowhere: compressed data.
    var isInScan: Bool {
        if case .scan = state { true } else { false }
    }

    /// Passes over bytes that take no decision: up to `skip`, or in a scan bytes that are not FF.
    mutating func pass(_ count: Int) {
        skip -= min(skip, count)
        position += count
    }

    mutating func take(_ byte: UInt8) -> Progress {
        position += 1
        if skip > 0 {
            skip -= 1
            return .unfinished
        }
        switch state {
        case .start:
            guard byte == 0xFF else { return .broken }
            state = .startOfImage
        case .startOfImage:
            guard byte == 0xD8 else { return .broken }
            state = .segment
        case .segment:
            guard byte == 0xFF else { return .broken }
            state = .marker
        case .marker: return takeMarker(byte)
        case .lengthHigh(let marker): state = .lengthLow(marker, high: Int(byte))
        case .lengthLow(let marker, let high):
            let length = high << 8 | Int(byte)
            guard length >= 2 else { return .broken }
            skip = length - 2
            state = marker == 0xDA ? .scan : .segment
        case .scan:
            if byte == 0xFF { state = .scanMarker }
        case .scanMarker:
            switch byte {
            // A stuffed zero, restart markers, fill bytes.
            case 0x00, 0xD0...0xD7: state = .scan
            case 0xFF: break
            default: return takeMarker(byte)
            }
        }
        return .unfinished
    }

    private mutating func takeMarker(_ marker: UInt8) -> Progress {
        switch marker {
        case 0xFF:
            state = .marker
            return .unfinished
        case 0xD9: return hasFrame && hasScan ? .finished : .broken
        case 0x00, 0x01, 0xD0...0xD8, 0x02...0xBF: return .broken
        case 0xDA:
            if scanStart == nil { scanStart = position - 2 }
            hasScan = true
        case 0xC4: hasHuffmanTables = true
        case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF: hasFrame = true
        default: break
        }
        state = .lengthHigh(marker)
        return .unfinished
    }
}
