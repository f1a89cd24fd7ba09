/// A request that cannot be met: one sentence that says what, where and what is allowed.
public struct PaintingError: Error, Equatable, CustomStringConvertible {
    /// The sentence, without a full stop.
    public let description: String

    /// An error told by `description`.
    public init(_ description: String) { self.description = description }
}
