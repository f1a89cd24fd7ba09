/// A request that the engine refuses: one sentence that says what, where and what is allowed.
public struct EngineError: Error, Equatable, CustomStringConvertible {
    /// The sentence, without a full stop.
    public let description: String

    init(_ description: String) { self.description = oneLine(description) }
}

/// A model file that the engine refuses.
public struct ModelFileError: Error, Equatable, CustomStringConvertible {
    /// The file, as it was named by the caller.
    public let path: String
    /// Why it was refused.
    public let reason: String

    init(path: String, reason: String) {
        self.path = path
        self.reason = oneLine(reason)
    }

    /// The sentence, without a full stop.
    public var description: String { "\(path) is not a usable model file: \(reason)" }
}

/// Names from damaged files may be long and hold anything: line breaks and control characters become spaces, and what goes
/// past 600 characters is left out.
private func oneLine(_ text: String) -> String {
    let line = text.unicodeScalars.prefix(600).map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
    return String(String.UnicodeScalarView(line))
}
