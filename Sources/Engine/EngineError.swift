/// A request that the engine refuses: one sentence that says what, where and what is allowed.
public struct EngineError: Error, Equatable, CustomStringConvertible {
    /// The sentence, without a full stop.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// A model file that the engine refuses.
public struct ModelFileError: Error, Equatable, CustomStringConvertible {
    /// The file, as it was named by the caller.
    public let path: String
    /// Why it was refused.
    public let reason: String

    /// The sentence, without a full stop.
    public var description: String { "\(path) is not a usable model file: \(reason)" }
}
