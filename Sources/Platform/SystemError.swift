import Glibc

/// The error number of a call of the system that failed.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The number, ENOSPC say.
    package let code: Int32

    /// Makes an error of a number.
    package init(_ code: Int32) {
        self.code = code
    }

    /// The error of the call that failed last on this thread.
    package static var last: SystemError { SystemError(errno) }

    /// The system's words, "No space left on device" say.
    package var description: String {
        var buffer = [CChar](repeating: 0, count: 128)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return String(cArray: buffer)
    }

    /// The system's words as part of a sentence, "no space left on device" say.
    package var words: String {
        let words = description
        return words.prefix(1).lowercased() + words.dropFirst()
    }
}

extension String {
    /// The text in a C array of characters, which Swift sees as a tuple, up to its zero.
    package init<Characters: BitwiseCopyable>(cArray characters: Characters) {
        self = withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The text in an array of characters, up to its zero.
    package init(cArray characters: [CChar]) {
        self.init(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
