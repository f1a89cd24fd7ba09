/// A JSON value that is written with its members in the given order, so that equal contents give equal bytes.
package indirect enum JSONText {
    case string(String)
    case integer(Int)
    case number(Double)
    case array([JSONText])
    case object([(String, JSONText)])

    static func integers(_ values: [Int]) -> JSONText { .array(values.map { .integer($0) }) }

    /// The text, without spaces.
    package var text: String {
        switch self {
        case .string(let value): Self.quoted(value)
        case .integer(let value): "\(value)"
        case .number(let value): value.isFinite ? "\(Float(value))" : "null"
        case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { "\(Self.quoted($0)):\($1.text)" }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ value: String) -> String {
        var result = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
