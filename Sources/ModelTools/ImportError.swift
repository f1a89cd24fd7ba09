/// Why a network could not be read, run, quantized or written: one sentence that says what, where and what is allowed.
public struct ImportError: Error, CustomStringConvertible, Equatable, Sendable {
    /// The sentence, without a full stop at its end.
    public let description: String

    /// Names from damaged files may be long and hold anything: line breaks and control characters become spaces, and what
    /// goes past 600 characters is left out.
    package init(_ description: String) {
        let line = String.UnicodeScalarView(
            description.unicodeScalars.prefix(600).map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 })
        self.description = String(line)
    }
}
