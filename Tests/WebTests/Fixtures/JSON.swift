import FoundationEssentials

/// A JSON value as a test reads it: `answer.json.pictures[0].number`.
@dynamicMemberLookup
enum JSON: Decodable, Equatable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral
{
    case null, flag(Bool), number(Double), text(String), list([JSON]), object([String: JSON])
    /// What is not there.
    case missing

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .flag(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    /// Reads a text; ``missing`` when it is no JSON.
    init(_ bytes: [UInt8]) { self = (try? JSONDecoder().decode(JSON.self, from: Data(bytes))) ?? .missing }

    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .number(Double(value)) }
    init(floatLiteral value: Double) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }

    subscript(dynamicMember key: String) -> JSON { self[key] }

    subscript(key: String) -> JSON {
        if case .object(let values) = self { values[key] ?? .missing } else { .missing }
    }

    subscript(index: Int) -> JSON { list.indices ~= index ? list[index] : .missing }

    /// The elements; none for what is no list.
    var list: [JSON] { if case .list(let values) = self { values } else { [] } }

    /// The keys in order; none for what is no object.
    var keys: [String] { if case .object(let values) = self { values.keys.sorted() } else { [] } }

    /// The text; empty for what is none.
    var text: String { if case .text(let text) = self { text } else { "" } }

    /// The number; nil for what is none.
    var asNumber: Double? { if case .number(let value) = self { value } else { nil } }
}
