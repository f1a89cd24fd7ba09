import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix

/// Answers with files of the album.
package struct FileAnswer: Sendable {
    package let appliance: any Appliance
    /// Where files are read: a slow card must not hold up anything else.
    package let threads: NIOThreadPool

    package func respond(_ call: Call) async throws -> Response {
        guard let name = call.parameters["name"], Self.isPlain(name), let path = await appliance.path(ofFile: name),
            let file = try await threads.runIfActive({ OpenFile(path: path) })
        else { throw Problem(.notFound, "There is no such file.") }
        let request = call.request
        var headers: HTTPFields = [
            .contentType: "image/jpeg", .eTag: file.tag, .acceptRanges: "bytes",
            // A photo never changes, and its number is never used again. An anime picture may be painted anew.
            .cacheControl: Self.isPhoto(name) ? "private, max-age=31536000, immutable" : "no-cache",
        ]
        if call.query("download") != nil { headers[.contentDisposition] = "attachment; filename=\"\(name)\"" }
        if EntityTag.matches(request.headers[.ifNoneMatch], file.tag) {
            return Response(status: .notModified, headers: headers)
        }
        // A range of another version would be glued to the wrong rest.
        let isSame = request.headers[.ifRange].map { $0 == file.tag } ?? true
        let range = isSame ? ByteRange(request.headers[.range], count: file.count) : .whole
        switch range {
        case .whole: return try await body(of: file, 0..<file.count, .ok, headers)
        case .part(let part):
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(file.count)"
            return try await body(of: file, part, .partialContent, headers)
        case .unsatisfiable:
            var problem = Problem(.rangeNotSatisfiable, "The file has \(file.count) bytes.")
            problem.headers[.contentRange] = "bytes */\(file.count)"
            throw problem
        }
    }

    /// Names of the album have letters, digits, "-" and ".": anything else is not even asked for.
    package static func isPlain(_ name: String) -> Bool {
        let isMadeOfFew = name.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x2E
        }
        return isMadeOfFew && 1...80 ~= name.utf8.count && name.first != "." && name.hasSuffix(".jpg")
    }

    /// A style may have "photo" in its name too.
    private static func isPhoto(_ name: String) -> Bool {
        ["-photo.jpg", "-photo-preview.jpg", "-photo-thumb.jpg"].contains(String(name.drop { $0.isNumber }))
    }

    private func body(
        of file: OpenFile, _ range: Range<Int>, _ status: HTTPResponse.Status, _ headers: HTTPFields
    ) async throws -> Response {
        if range.count <= OpenFile.portion {
            let bytes = try await threads.runIfActive { try file.read(range) }
            return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: bytes))
        }
        let body = ResponseBody(contentLength: range.count) { [threads] writer in
            try await FileAnswer.write(file, range, threads, to: &writer)
            try await writer.finish(nil)
        }
        return Response(status: status, headers: headers, body: body)
    }

    /// Writes a range portion by portion, each when the client has taken the one before.
    package static func write(
        _ file: OpenFile, _ range: Range<Int>, _ threads: NIOThreadPool, to writer: inout any ResponseBodyWriter,
        _ seen: (ByteBuffer) -> Void = { _ in }
    ) async throws {
        var position = range.lowerBound
        while position < range.upperBound {
            let rest = position..<range.upperBound
            let bytes = try await threads.runIfActive { try file.read(rest) }
            position += bytes.readableBytes
            seen(bytes)
            try await writer.write(bytes)
        }
    }
}
