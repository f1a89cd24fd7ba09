import Booth
import Glibc
import Platform

/// The folder of what has to be known after a restart.
package enum StateFolder {
    /// Makes the folder and those above it where they are missing.
    ///
    /// - Throws: `BoothError` when that is not possible.
    package static func make(_ path: String) throws(BoothError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/\(part)"
            guard mkdir(made, 0o755) == 0 || errno == EEXIST else {
                throw BoothError("the folder \(path) cannot be made: \(SystemError.last.words)")
            }
        }
        guard access(path, W_OK) == 0 else {
            throw BoothError(
                "the folder \(path) cannot be written to: \(SystemError.last.words)")
        }
    }
}
