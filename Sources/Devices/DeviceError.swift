import Glibc

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

    /// The system's words for an error number.
    static func words(for systemError: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        guard strerror_r(systemError, &buffer, buffer.count) == 0 else { return "error \(systemError)" }
        return text(buffer)
    }
}

/// An error number that a device call gave.
package struct SystemFailure: Error, Equatable {
    package let code: Int32

    package init(_ code: Int32) {
        self.code = code
    }
}

private func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// The text in a C array of characters, up to its zero.
func text<Characters>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
