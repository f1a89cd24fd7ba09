/// What documents style files, made from the table of keys: `weights/styles` holds both, and a test compares them.
public enum StyleDocuments {
    /// The keys as a Markdown table.
    public static var table: String {
        let standard = DrawnStyle()
        var lines = ["| key | possible | standard | what it does |", "|---|---|---|---|"]
        for key in StyleKey.all {
            let possible =
                if let range = key.range {
                    "\(StyleKey.text(range.lowerBound)) to \(StyleKey.text(range.upperBound))"
                } else if let words = key.words {
                    words.map { "`\($0)`" }.joined(separator: ", ")
                } else if case .lineColour = key.place {
                    "`#` and six hexadecimal digits"
                } else {
                    "1 to 24 of a-z, 0-9 and -"
                }
            lines.append("| `\(key.name)` | \(possible) | `\(key.text(in: standard))` | \(key.meaning) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A JSON Schema (draft 2020-12), by which editors know keys and ranges.
    public static var schema: String {
        let standard = DrawnStyle()
        func property(_ name: String, _ fields: [(String, String)]) -> String {
            let lines = fields.map { "      \"\($0)\": \($1)" }
            return "    \"\(name)\": {\n\(lines.joined(separator: ",\n"))\n    }"
        }
        func text(_ meaning: String) -> [(String, String)] {
            [
                ("description", StyleFile.quoted(meaning)), ("type", "\"string\""),
                ("maxLength", "\(StyleFile.mostLetters)"),
            ]
        }
        var properties = [
            property("$schema", text("Where this schema is.")),
            property("title", text("What people read.")),
            property("licence", text("What the style may be used for.")),
        ]
        for key in StyleKey.all {
            var fields = [("description", StyleFile.quoted(key.meaning))]
            let value = key.text(in: standard)
            switch key.place {
            case .number(_, let range):
                fields += [
                    ("type", "\"number\""), ("minimum", StyleKey.text(range.lowerBound)),
                    ("maximum", StyleKey.text(range.upperBound)), ("default", value),
                ]
            case .tint:
                let words = DrawnStyle.Tint.allCases.map { StyleFile.quoted($0.rawValue) }.joined(separator: ", ")
                fields += [("enum", "[\(words)]"), ("default", StyleFile.quoted(value))]
            case .lineColour:
                fields += [
                    ("type", "\"string\""), ("pattern", "\"^#[0-9A-Fa-f]{6}$\""), ("default", StyleFile.quoted(value)),
                ]
            case .network:
                fields += [
                    ("type", "\"string\""), ("pattern", "\"^[a-z0-9-]{1,24}$\""), ("default", StyleFile.quoted(value)),
                ]
            }
            properties.append(property(key.name, fields))
        }
        return """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "title": "A drawn style of AnimeSnap",
              "type": "object",
              "additionalProperties": false,
              "properties": {
            \(properties.joined(separator: ",\n"))
              }
            }

            """
    }
}
