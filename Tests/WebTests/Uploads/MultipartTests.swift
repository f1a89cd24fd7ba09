import Testing

import Web

@Suite("Forms with files")
struct MultipartTests {
    private static let form = made(
        preamble: "\r\npreamble\r\n",
        [
            "Content-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\nONE",
            "content-disposition: form-data; name=style\r\n\r\ncute",
            "Content-Disposition: form-data; name=\"photo\"; filename=\"\"\r\n\r\n",
        ])

    private static let parts = [
        Part(name: "photo", isFile: true, text: "ONE"), Part(name: "style", isFile: false, text: "cute"),
        Part(name: "photo", isFile: true, text: ""),
    ]

    private static func made(preamble: String = "", _ parts: [String]) -> [UInt8] {
        Array((preamble + parts.map { "--bound\r\n\($0)\r\n" }.joined() + "--bound--\r\nepilogue").utf8)
    }

    @Test("a form has its parts in order")
    func whole() throws {
        let read = try Reading([Self.form])
        #expect(read.parts == Self.parts)
        #expect(read.isComplete)
    }

    @Test("it does not matter where the bytes of a form are cut in two")
    func twoPieces() throws {
        for cut in 0...Self.form.count {
            let read = try Reading([Array(Self.form[..<cut]), Array(Self.form[cut...])])
            #expect(read.parts == Self.parts && read.isComplete, "cut at \(cut)")
        }
    }

    @Test("a form may come byte by byte")
    func bytes() throws { #expect(try Reading(Self.form.map { [$0] }).parts == Self.parts) }

    @Test(
        "what looks like a boundary and is none belongs to the content",
        arguments: [
            "--bound", "\r\n-bound", "\r\n--boun", "\r\n--boun\r\n", "\r\n\r\n--boun", "\n--bound\n", "\r--bound",
            "\r\n--\r\n--", "\r\r\n-", "--bound--", "\r\n--Bound",
        ])
    func lookAlikes(_ content: String) throws {
        let form = Self.made(["Content-Disposition: form-data; name=photo; filename=a\r\n\r\nA\(content)B"])
        for cut in 0...form.count {
            let read = try Reading([Array(form[..<cut]), Array(form[cut...])])
            #expect(read.parts.map(\.text) == ["A\(content)B"], "cut at \(cut)")
        }
    }

    @Test("any byte may be in a file")
    func binary() throws {
        let content = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let head = Array("--bound\r\nContent-Disposition: form-data; name=p; filename=a\r\n\r\n".utf8)
        let read = try Reading([head + content + Array("\r\n--bound--".utf8)])
        #expect(read.contents == [content])
    }

    @Test("a form without its last boundary is not complete")
    func missingEnd() throws {
        let whole = Self.made(["Content-Disposition: form-data; name=a\r\n\r\nx"])
        let end = try #require(whole.firstRange(of: Array("--bound--".utf8)))
        #expect(try !Reading([Array(whole[..<end.lowerBound])]).isComplete)
        #expect(try !Reading([Array(whole[..<(end.upperBound - 1)])]).isComplete)
        #expect(try Reading([Array(whole[..<end.upperBound])]).isComplete)
    }

    @Test("what is no form has no parts", arguments: ["", "nonsense", "--other\r\n\r\nx\r\n--other--"])
    func nonsense(_ text: String) throws {
        let read = try Reading([Array(text.utf8)])
        #expect(read.parts.isEmpty && !read.isComplete)
    }

    @Test("a form has at most 32 parts")
    func many() throws {
        let part = "Content-Disposition: form-data; name=a\r\n\r\nx"
        #expect(try Reading([Self.made(Array(repeating: part, count: 32))]).parts.count == 32)
        let problem = #expect(throws: Problem.self) {
            try Reading([Self.made(Array(repeating: part, count: 33))])
        }
        #expect(problem?.status.code == 413)
    }

    @Test("the head of a part has an end", arguments: [1, 100, 5000, 10_000])
    func longHeads(_ piece: Int) throws {
        let form = Self.made(["X: \(String(repeating: "a", count: 5000))\r\n\r\nx"])
        let pieces = stride(from: 0, to: form.count, by: piece).map { Array(form[$0..<min($0 + piece, form.count)]) }
        let problem = #expect(throws: Problem.self) { try Reading(pieces) }
        #expect(problem?.status.code == 400)
    }

    @Test("it does not matter either for heads that are almost too long", arguments: 4090...4098)
    func longestHeads(_ count: Int) throws {
        let form = Self.made(["X: \(String(repeating: "a", count: count - 5))\r\n\r\nx"])
        let whole = Result { try Reading([form]).parts.count }
        let bytes = Result { try Reading(form.map { [$0] }).parts.count }
        #expect((try? whole.get()) == (try? bytes.get()))
    }

    @Test(
        "a Content-Type names the boundary",
        arguments: [
            ("multipart/form-data; boundary=abc", "abc"), ("multipart/form-data;boundary=\"a b\"", "a b"),
            ("multipart/form-data; charset=utf-8; Boundary=x ", "x"), ("multipart/form-data; boundary=a=b", "a=b"),
            ("multipart/form-data; boundary=" + String(repeating: "x", count: 70), String(repeating: "x", count: 70)),
        ])
    func boundaries(_ type: String, _ boundary: String) { #expect(MultipartReader.boundary(in: type) == boundary) }

    @Test(
        "a boundary that is missing or not allowed is none",
        arguments: [
            "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
            "multipart/form-data; boundary=" + String(repeating: "x", count: 71), "multipart/form-data; boundary=ä",
            "multipart/form-data; boundary=a\"b", "boundary=x", "multipart/form-data; boundary=a\rb",
        ])
    func noBoundary(_ type: String) { #expect(MultipartReader.boundary(in: type) == nil) }
}

private struct Part: Equatable {
    let name: String
    let isFile: Bool
    var text: String
}

/// A form that was read in pieces.
private struct Reading {
    var parts: [Part] = []
    var contents: [[UInt8]] = []
    let isComplete: Bool

    init(_ pieces: [[UInt8]]) throws {
        var reader = MultipartReader(boundary: "bound")
        var isOpen = false
        for piece in pieces {
            reader.add(piece)
            while let event = try reader.next() {
                switch event {
                case .begin(let name, let isFile):
                    #expect(!isOpen)
                    isOpen = true
                    parts.append(Part(name: name, isFile: isFile, text: ""))
                    contents.append([])
                case .bytes(let bytes):
                    #expect(isOpen && !bytes.isEmpty)
                    contents[contents.count - 1] += bytes
                case .end:
                    #expect(isOpen)
                    isOpen = false
                }
            }
        }
        for (index, content) in contents.enumerated() { parts[index].text = String(decoding: content, as: UTF8.self) }
        isComplete = reader.isComplete
    }
}
