/// Strong entity tags.
package enum EntityTag {
    /// Whether an If-None-Match header names the tag; weak tags count there.
    package static func matches(_ header: String?, _ tag: String) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").contains { part in
            let text = part.drop { $0 == " " || $0 == "\t" }
            let trimmed = text.prefix { $0 != " " && $0 != "\t" }
            return trimmed == "*" || trimmed == tag || trimmed.hasPrefix("W/") && trimmed.dropFirst(2) == tag
        }
    }
}
