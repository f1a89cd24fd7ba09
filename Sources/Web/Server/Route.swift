import HTTPTypes
import Hummingbird

/// Who may ask.
package enum Access: Sendable {
    case guest
    /// Guests too as long as they may upload.
    case uploader
    case host
}

/// What the server answers at a path.
package struct Route: Sendable {
    package typealias Handler = @Sendable (Call) async throws -> Response

    package let method: HTTPRequest.Method
    /// Segments in braces stand for any text: "/api/pictures/{number}".
    package let path: String
    package let access: Access
    /// Whether the handler reads the request's body itself.
    package let readsBody: Bool
    package let handler: Handler
    private let segments: [Substring]

    package init(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access = .guest, readsBody: Bool = false,
        _ handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.readsBody = readsBody
        self.handler = handler
        segments = path.split(separator: "/", omittingEmptySubsequences: false)
    }

    /// What stands for the segments in braces; nil when the path is another.
    package func match(_ wanted: [Substring]) -> [String: String]? {
        guard wanted.count == segments.count else { return nil }
        var found: [String: String] = [:]
        for (segment, text) in zip(segments, wanted) {
            if let open = segment.firstIndex(of: "{"), let close = segment.firstIndex(of: "}") {
                let (before, after) = (segment[..<open], segment[segment.index(after: close)...])
                guard text.hasPrefix(before), text.hasSuffix(after),
                    text.utf8.count > before.utf8.count + after.utf8.count
                else { return nil }
                let value = text.dropFirst(before.count).dropLast(after.count)
                found[String(segment[segment.index(after: open)..<close])] = String(value)
            } else if segment != text {
                return nil
            }
        }
        return found
    }
}

/// A request on its way through the server.
package struct Call: Sendable {
    package let request: Request
    package let context: CallContext
    /// The Host header.
    package let host: String
    package let parameters: [String: String]
    package let isHost: Bool
    /// The token of the host's session.
    package let token: String?

    /// The name of the client's address.
    package var client: String { context.client }

    /// A query parameter.
    package func query(_ name: String) -> String? {
        request.uri.queryParameters[name[...]].map(String.init)
    }

    /// A query parameter that is a number.
    package func integer(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = query(name) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            let (least, most) = (range.lowerBound, range.upperBound)
            throw Problem(.badRequest, "\"\(name)\" has to be a whole number from \(least) to \(most).")
        }
        return value
    }

    /// The number of the picture in the path.
    package func number() throws(Problem) -> Int {
        guard let text = parameters["number"], text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(text)
        else { throw .notFound }
        return number
    }

    /// The request's body as an object with no other keys than these.
    package func object(_ keys: String...) async throws -> JSONObject {
        try JSONObject(try await body(), keys: keys)
    }

    /// The request's body as an object of numbers, whatever they are called.
    package func numbers() async throws -> [String: Double] {
        try JSONObject(try await body(), keys: nil).numbers()
    }

    private func body() async throws -> [UInt8] {
        let type = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased()
        var bytes: [UInt8] = []
        for try await part in request.body {
            bytes += part.readableBytesView
            guard bytes.count <= 4096 else { throw Problem(.contentTooLarge, "The body may have 4096 bytes.") }
        }
        guard bytes.isEmpty || type == "application/json" else {
            throw Problem(.unsupportedMediaType, "The body has to be application/json.")
        }
        return bytes
    }
}
