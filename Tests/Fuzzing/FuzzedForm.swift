/// What the web server takes from strangers: forms with files, and wishes for a part of a file.
enum FuzzedForm {
    // MARK: Forms

    /// A body of multipart/form-data whose boundary is `bound`. However it is cut into pieces, it says the same.
    static func read(_ input: UnsafeBufferPointer<UInt8>) -> CInt {
        let bytes = Array(input)
        let whole = Reading([bytes[...]])
        Fuzzing.require(whole == Reading(bytes.indices.map { bytes[$0...$0] }), "a form that depends on its pieces")
        let middle = bytes.count / 3
        Fuzzing.require(whole == Reading([bytes[..<middle], bytes[middle...]]), "a form that depends on its pieces")
        if let boundary = MultipartReader.boundary(in: String(decoding: bytes, as: UTF8.self)) {
            Fuzzing.require(1...70 ~= boundary.utf8.count, "a boundary of \(boundary.utf8.count) bytes")
        }
        return 0
    }

    private struct Reading: Equatable {
        var names: [String] = []
        var contents: [[UInt8]] = []
        var problem: String?
        var isComplete = false

        init(_ pieces: [ArraySlice<UInt8>]) {
            var reader = MultipartReader(boundary: "bound")
            do throws(Problem) {
                for piece in pieces {
                    reader.add(piece)
                    while let event = try reader.next() { take(event) }
                }
            } catch {
                problem = error.detail
            }
            isComplete = reader.isComplete
        }

        private mutating func take(_ event: MultipartReader.Event) {
            switch event {
            case .begin(let name, let isFile):
                names.append(isFile ? name + " (file)" : name)
                contents.append([])
            case .bytes(let bytes): contents[contents.count - 1] += bytes
            case .end: break
            }
        }
    }

    // MARK: Ranges

    /// The value of a Range header, for files of several sizes.
    static func readRange(_ input: UnsafeBufferPointer<UInt8>) -> CInt {
        let header = String(decoding: input, as: UTF8.self)
        for count in [0, 1, 500, Int(UInt32.max), Int.max] {
            if case .part(let range) = ByteRange(header, count: count) {
                Fuzzing.require(!range.isEmpty && range.lowerBound >= 0 && range.upperBound <= count, "\(range)")
            }
        }
        guard input.count >= 2 else { return 0 }
        let (first, last, count) = (Int(input[0]), Int(input[1]), 200)
        let expected: ByteRange =
            last < first ? .whole : first >= count ? .unsatisfiable : .part(first..<min(last + 1, count))
        Fuzzing.require(ByteRange("bytes=\(first)-\(last)", count: count) == expected, "bytes=\(first)-\(last)")
        return 0
    }
}

/// What a form is refused with; the web server's own brings the web server with it.
package struct Problem: Error {
    package enum Status { case badRequest, contentTooLarge }
    package let detail: String

    package init(_ status: Status, _ detail: String) { self.detail = detail }
}
