import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// A JSON value of a request, so that what is wrong with it can be said by its name.
enum JSONValue: Decodable, Equatable {
    case null, bool(Bool), integer(Int), number(Double), text(String), list([JSONValue]), object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }
}

/// The object of a request's body.
package struct JSONObject {
    private let values: [String: JSONValue]

    /// Reads an object with no other keys than these; any of up to 40 bytes for nil.
    package init(_ bytes: [UInt8], keys: [String]?) throws(Problem) {
        guard !bytes.isEmpty else {
            values = [:]
            return
        }
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)), case .object(let values) = value
        else { throw Problem(.badRequest, "The body has to be a JSON object.") }
        for key in values.keys.sorted() where !(keys?.contains(key) ?? (key.utf8.count <= 40)) {
            let known = (keys ?? []).map { "\"\($0)\"" }.joined(separator: ", ")
            throw Problem(.unprocessableContent, "\"\(key.prefix(40))\" is not known here; known is \(known).")
        }
        self.values = values
    }

    package func isNull(_ key: String) -> Bool { values[key] == .null }

    package func isText(_ text: String, _ key: String) -> Bool { values[key] == .text(text) }

    package func text(_ key: String) throws(Problem) -> String? {
        switch values[key] {
        case nil: nil
        case .text(let text): text
        default: throw Problem(.unprocessableContent, "\"\(key)\" has to be a text.")
        }
    }

    package func flag(_ key: String) throws(Problem) -> Bool? {
        switch values[key] {
        case nil: nil
        case .bool(let flag): flag
        default: throw Problem(.unprocessableContent, "\"\(key)\" has to be true or false.")
        }
    }

    /// All values, each of which has to be a number.
    package func numbers() throws(Problem) -> [String: Double] {
        var numbers: [String: Double] = [:]
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .integer(let number): numbers[key] = Double(number)
            case .number(let number): numbers[key] = number
            default: throw Problem(.unprocessableContent, "\"\(key)\" has to be a number.")
            }
        }
        return numbers
    }

    package func integer(_ key: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        switch values[key] {
        case nil: return nil
        case .integer(let value) where range.contains(value): return value
        default:
            let (least, most) = (range.lowerBound, range.upperBound)
            throw Problem(.unprocessableContent, "\"\(key)\" has to be a whole number from \(least) to \(most).")
        }
    }
}

extension Encodable {
    /// The value as JSON text.
    func json() throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return ByteBuffer(bytes: try encoder.encode(self))
    }
}

extension Response {
    /// An answer that is not to be kept by anybody.
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let headers: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store"]
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: try value.json()))
    }

    package static let nothing = Response(status: .noContent)
}
