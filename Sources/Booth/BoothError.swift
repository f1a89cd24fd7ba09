/// A request that cannot be met: one sentence that says what, where and what is allowed.
public struct BoothError: Error, Equatable, CustomStringConvertible, Sendable {
    /// What to do about it depends on this.
    public enum Kind: Equatable, Sendable {
        /// The request names something that there is not or that is not possible.
        case invalid
        /// There is no such picture or no such work.
        case notFound
        /// It is there or under way already.
        case exists
        /// Later it may be possible.
        case busy
        /// There is no room.
        case full
    }

    /// The sentence, without a full stop.
    public let description: String
    /// What kind of reason it is.
    public let kind: Kind

    /// An error told by `description`.
    public init(_ description: String, kind: Kind = .invalid) {
        self.description = description
        self.kind = kind
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int { Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}
