/// A request that cannot be met: one sentence that says what, where and what is allowed.
public struct PaintingError: Error, Equatable, CustomStringConvertible {
    /// The sentence, without a full stop.
    public let description: String

    /// An error told by `description`.
    public init(_ description: String) { self.description = description }
}

/// Only a face was to be painted, and there is none.
public struct NoFaceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What the photo is called.
    public let photo: String

    /// One sentence for a person.
    public var description: String { "there is no face in \(photo), and only a face was to be painted" }
}
