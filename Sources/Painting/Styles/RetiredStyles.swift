import Imaging

/// Styles that the program had, and which of those that it has paints in their place. Models of these names that somebody
/// has still are painted with as before.
public enum RetiredStyles {
    private static let successors = ["cel": "anime", "shinkai": "painted"]

    /// The style or model that takes the place of `name`, with its size or look: `anime-m` of `cel-m`; nil where nothing of
    /// this name has gone.
    public static func successor(of name: String) -> String? {
        let parts = name.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let successor = successors[String(first)] else { return nil }
        guard parts.count > 1 else { return successor }
        let rest = String(parts[1])
        guard ModelSize(rawValue: rest) != nil || Look(rawValue: rest) != nil else { return nil }
        return "\(successor)-\(rest)"
    }

    /// A sentence about a style that is gone, without a full stop; nil where nothing of this name has gone.
    public static func words(about name: String) -> String? {
        successor(of: name).map { "the style '\(name)' is not painted any more; '\($0)' has its place" }
    }
}
