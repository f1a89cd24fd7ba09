/// The part of a file that a Range header asks for.
package enum ByteRange: Equatable {
    /// Everything: there is no header, or one that has to be ignored.
    case whole
    case part(Range<Int>)
    /// Nothing of the file: 416.
    case unsatisfiable

    /// - Parameters:
    ///   - header: "bytes=0-99", "bytes=100-" or "bytes=-500"; several ranges get everything.
    ///   - count: Bytes of the file.
    package init(_ header: String?, count: Int) {
        self = header.flatMap { Self.parse($0, count) } ?? .whole
    }

    private static func parse(_ header: String, _ count: Int) -> ByteRange? {
        let text = header.filter { $0 != " " && $0 != "\t" }
        guard text.lowercased().hasPrefix("bytes=") else { return nil }
        let range = text.dropFirst(6)
        guard !range.contains(","), let dash = range.firstIndex(of: "-") else { return nil }
        let (firstText, lastText) = (range[..<dash], range[range.index(after: dash)...])
        guard let first = number(firstText), let last = number(lastText) else { return nil }
        switch (first, last) {
        case (nil, nil): return nil
        case (nil, let length?):
            guard length > 0, count > 0 else { return .unsatisfiable }
            return .part(max(0, count - length)..<count)
        case (let first?, nil):
            return first < count ? .part(first..<count) : .unsatisfiable
        case (let first?, let last?):
            guard first <= last else { return nil }
            return first < count ? .part(first..<min(last, count - 1) + 1) : .unsatisfiable
        }
    }

    /// nil for what is no number, a nil inside for nothing. A number that is too long counts as a very large one.
    private static func number(_ text: Substring) -> Int?? {
        if text.isEmpty { return .some(nil) }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return .some(Int(text) ?? Int.max)
    }
}
