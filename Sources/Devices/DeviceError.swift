/// Why a device cannot be used: one sentence that says what, where and what would be allowed.
public struct DeviceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The sentence, without a full stop.
    public let description: String
    /// The system's error number where one is behind it.
    public let systemError: Int32?

    /// Makes an error from its sentence.
    public init(_ sentence: String, systemError: Int32? = nil) {
        description = sentence
        self.systemError = systemError
    }
}
