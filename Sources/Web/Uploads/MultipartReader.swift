/// Takes a form apart while it comes in (multipart/form-data of RFC 7578, after RFC 2046).
///
/// At most one chunk and one boundary are held.
package struct MultipartReader: Sendable {
    package enum Event: Equatable {
        /// A part begins. It is a file when its head says so.
        case begin(name: String, isFile: Bool)
        case bytes(ArraySlice<UInt8>)
        case end
    }

    /// The most parts of a form.
    package static let mostParts = 32
    private static let mostHeadBytes = 4096

    private enum Place { case preamble, afterBoundary, body, epilogue }

    private let delimiter: [UInt8]
    private var buffer: [UInt8] = [0x0D, 0x0A]
    private var place = Place.preamble
    private var parts = 0

    package init(boundary: String) { delimiter = Array("\r\n--\(boundary)".utf8) }

    /// Whether the last boundary has come.
    package var isComplete: Bool { place == .epilogue }

    /// The boundary that a Content-Type names; nil for none or one that is not allowed.
    package static func boundary(in type: String) -> String? {
        for parameter in type.split(separator: ";").dropFirst() {
            let pair = parameter.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].filter({ $0 != " " }).lowercased() == "boundary" else { continue }
            var value = pair[1].drop { $0 == " " }
            while value.last == " " { value.removeLast() }
            if value.count > 1, value.first == "\"", value.last == "\"" { value = value.dropFirst().dropLast() }
            let isPlain = value.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 }
            return isPlain && 1...70 ~= value.utf8.count ? String(value) : nil
        }
        return nil
    }

    package mutating func add(_ bytes: some Sequence<UInt8>) {
        if place != .epilogue { buffer += bytes }
    }

    /// What comes next; nil when more bytes are needed.
    package mutating func next() throws(Problem) -> Event? {
        while true {
            switch place {
            case .preamble:
                guard let start = find(delimiter) else {
                    forget(allBut: delimiter.count - 1)
                    return nil
                }
                buffer.removeFirst(start + delimiter.count)
                place = .afterBoundary
            case .afterBoundary:
                guard buffer.count >= 2 else { return nil }
                if buffer[0] == 0x2D, buffer[1] == 0x2D {
                    buffer = []
                    place = .epilogue
                    return nil
                }
                guard let end = find([0x0D, 0x0A, 0x0D, 0x0A]), end <= Self.mostHeadBytes else {
                    // What ends a head of the greatest length may be under way.
                    guard buffer.count < Self.mostHeadBytes + 4 else {
                        throw Problem(.badRequest, "The head of a part of the form is too long.")
                    }
                    return nil
                }
                return try begin(headEnd: end)
            case .body:
                if let start = find(delimiter) {
                    if start > 0 { return take(start) }
                    buffer.removeFirst(delimiter.count)
                    place = .afterBoundary
                    return .end
                }
                let certain = buffer.count - (delimiter.count - 1)
                return certain > 0 ? take(certain) : nil
            case .epilogue: return nil
            }
        }
    }

    private mutating func begin(headEnd end: Int) throws(Problem) -> Event {
        parts += 1
        guard parts <= Self.mostParts else {
            throw Problem(.contentTooLarge, "A form may have \(Self.mostParts) parts.")
        }
        let head = String(decoding: buffer[..<end], as: UTF8.self)
        buffer.removeFirst(end + 4)
        place = .body
        let fields = head.split(whereSeparator: \.isNewline)
        let disposition = fields.first { $0.lowercased().hasPrefix("content-disposition:") } ?? ""
        let parameters = disposition.split(separator: ";").map { $0.drop { $0 == " " } }
        let name = parameters.first { $0.lowercased().hasPrefix("name=") }?.dropFirst(5).filter { $0 != "\"" } ?? ""
        let isFile = parameters.contains { $0.lowercased().hasPrefix("filename") }
        return .begin(name: String(name), isFile: isFile)
    }

    private mutating func take(_ count: Int) -> Event {
        let bytes = Array(buffer[..<count])
        buffer.removeFirst(count)
        return .bytes(bytes[...])
    }

    private mutating func forget(allBut count: Int) {
        if buffer.count > count { buffer.removeFirst(buffer.count - count) }
    }

    private func find(_ pattern: [UInt8]) -> Int? {
        guard buffer.count >= pattern.count else { return nil }
        var from = 0
        let last = buffer.count - pattern.count
        while from <= last, let start = buffer[from...].firstIndex(of: pattern[0]), start <= last {
            if buffer[start..<start + pattern.count].elementsEqual(pattern) { return start }
            from = start + 1
        }
        return nil
    }
}
