import CPages
import CZlib
import HTTPTypes
import Hummingbird
import NIOCore

/// The files of the pages, in memory, plain and compressed.
package struct StaticPages: Sendable {
    private struct Page {
        let plain: ByteBuffer
        let compressed: ByteBuffer?
        let type: String
        let tag: String
    }

    private let pages: [String: Page]

    /// - Parameter extra: More files, by their addresses.
    package init(extra: [String: [UInt8]] = [:]) {
        var pages: [String: Page] = [:]
        for file in Self.embedded { pages[Self.address(of: file.path)] = Self.page(file.path, file.bytes) }
        for (path, bytes) in extra { pages[path] = Self.page(path, bytes) }
        self.pages = pages
    }

    /// The files of the pages, with their paths below that folder.
    package static var files: [(path: String, bytes: [UInt8])] { embedded.filter { !isInterface($0.path) } }

    /// All files inside the program: those of the pages, and the interface's document.
    private static var embedded: [(path: String, bytes: [UInt8])] {
        (0..<cpages_count).compactMap { index in
            guard let file = cpages_file_at(index)?.pointee else { return nil }
            return (String(cString: file.path), Array(UnsafeBufferPointer(start: file.bytes, count: file.count)))
        }
    }

    package func contain(_ path: String) -> Bool { pages[Self.shell(path) ?? path] != nil }

    /// The page at a path; nil when there is none.
    package func answer(_ request: Request) -> Response? {
        guard let page = pages[Self.shell(request.uri.path) ?? request.uri.path] else { return nil }
        var headers: HTTPFields = [
            .contentType: page.type, .cacheControl: "no-cache", .vary: "Accept-Encoding", .eTag: page.tag,
        ]
        if EntityTag.matches(request.headers[.ifNoneMatch], page.tag) {
            return Response(status: .notModified, headers: headers)
        }
        if let compressed = page.compressed, Self.takesGzip(request.headers[.acceptEncoding]) {
            headers[.contentEncoding] = "gzip"
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: compressed))
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: page.plain))
    }

    /// All pages are one document, which finds out by itself what to show.
    private static func shell(_ path: String) -> String? {
        let isShell = ["/", "/upload", "/snap", "/show", "/host", "/styles"].contains(path) || isPicture(path)
        return isShell ? "/index.html" : nil
    }

    private static func isPicture(_ path: String) -> Bool {
        guard path.hasPrefix("/p/") else { return false }
        let digits = path.dropFirst(3)
        return 1...9 ~= digits.utf8.count && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isInterface(_ path: String) -> Bool { path.hasPrefix("api/") }

    private static func address(of path: String) -> String {
        let isAtTheTop = !path.contains("/") || path.hasPrefix("icons/") || isInterface(path)
        return isAtTheTop ? "/\(path)" : "/assets/\(path)"
    }

    private static func page(_ path: String, _ bytes: [UInt8]) -> Page {
        let type = mediaType(path)
        let bytes = PageText.served(bytes, path)
        // Sum and length are enough to tell one version from the next.
        let sum = bytes.withUnsafeBufferPointer { czlib_crc32(0, $0.baseAddress, $0.count) }
        let compressed = type.hasPrefix("image/png") ? nil : gzip(bytes)
        return Page(
            plain: ByteBuffer(bytes: bytes), compressed: compressed.map { ByteBuffer(bytes: $0) }, type: type,
            tag: "\"\(String(sum, radix: 16))-\(String(bytes.count, radix: 16))\"")
    }

    private static func mediaType(_ path: String) -> String {
        switch path.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "json": "application/json"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "webmanifest": "application/manifest+json"
        default: "application/octet-stream"
        }
    }

    private static func gzip(_ bytes: [UInt8]) -> [UInt8]? {
        let room = czlib_gzip_bound(bytes.count)
        let packed = [UInt8](unsafeUninitializedCapacity: room) { out, count in
            count = bytes.withUnsafeBufferPointer { czlib_gzip($0.baseAddress, $0.count, out.baseAddress, room) }
        }
        return packed.isEmpty || packed.count >= bytes.count ? nil : packed
    }

    private static func takesGzip(_ header: String?) -> Bool {
        guard let header else { return false }
        return header.lowercased().split(separator: ",").contains { part in
            let words = part.split(separator: ";").map { $0.filter { $0 != " " } }
            return (words.first == "gzip" || words.first == "*") && !words.dropFirst().contains { $0 == "q=0" }
        }
    }
}
