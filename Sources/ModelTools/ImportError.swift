/// Why a network could not be read, run, quantized or written: one sentence that says what, where and what is allowed.
public struct ImportError: Error, CustomStringConvertible, Equatable, Sendable {
    /// The sentence, without a full stop at its end.
    public let description: String

    package init(_ description: String) {
        self.description = description
    }
}
