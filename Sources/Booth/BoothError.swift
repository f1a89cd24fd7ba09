/// A request that cannot be met: one sentence that says what, where and what is allowed.
public struct BoothError: Error, Equatable, CustomStringConvertible, Sendable {
    /// The sentence, without a full stop.
    public let description: String

    /// An error told by `description`.
    public init(_ description: String) { self.description = description }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int { Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}
