import CCrypt
import Glibc
import Platform
import Synchronization

/// The host's PIN: six digits, of which only a hash is kept.
///
/// The file is read for each check, so that a new PIN counts at once.
public final class PinStore: Sendable {
    /// The PIN, when there was none and one was made.
    public let newPin: String?

    private let folder: String?
    private let inMemory: Mutex<String?>

    /// Opens the PIN of a folder and makes one when there is none. Without a folder it is kept in memory.
    ///
    /// - Throws: ``WebError`` when the file cannot be read or written.
    public init(folder: String?) throws(WebError) {
        self.folder = folder
        inMemory = Mutex(nil)
        if let folder, try Self.read(folder) != nil {
            newPin = nil
        } else {
            let (pin, hash) = try Self.makePin()
            if let folder { try Self.write(hash, in: folder) }
            inMemory.withLock { $0 = hash }
            newPin = pin
        }
    }

    /// Makes another PIN and gives it back; it cannot be shown again.
    ///
    /// - Throws: ``WebError`` when the file cannot be written.
    public static func renew(in folder: String) throws(WebError) -> String {
        let (pin, hash) = try makePin()
        try write(hash, in: folder)
        return pin
    }

    /// Whether this is the PIN; takes some milliseconds.
    package func isRight(_ pin: String) -> Bool {
        guard let hash = currentHash, pin.utf8.count <= 32 else { return false }
        var out = [CChar](repeating: 0, count: Int(ccrypt_room))
        guard ccrypt_hash_again(pin, hash, &out) else { return false }
        return equalInConstantTime(Array(String(cArray: out).utf8), Array(hash.utf8))
    }

    /// Names the PIN that counts now: another PIN has another name.
    package var edition: String {
        guard let folder else { return "" }
        var status = stat()
        guard stat("\(folder)/pin", &status) == 0 else { return "none" }
        return "\(status.st_ino) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
    }

    private var currentHash: String? {
        guard let folder else { return inMemory.withLock { $0 } }
        return (try? Self.read(folder)) ?? inMemory.withLock { $0 }
    }

    private static func makePin() throws(WebError) -> (pin: String, hash: String) {
        var random = SystemRandomNumberGenerator()
        let pin = String(String(1_000_000 + Int.random(in: 0..<1_000_000, using: &random)).dropFirst())
        var out = [CChar](repeating: 0, count: Int(ccrypt_room))
        guard ccrypt_hash(pin, &out) else { throw WebError("The system cannot hash a PIN.") }
        return (pin, String(cArray: out))
    }

    private static func read(_ folder: String) throws(WebError) -> String? {
        let path = "\(folder)/pin"
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try FileContent.bytes(of: path, upTo: 512)
        } catch {
            guard error.code == ENOENT else { throw WebError("\(path) cannot be read: \(error)") }
            return nil
        }
        let text = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
        guard text.hasPrefix("$") else { throw WebError("\(path) holds no PIN; 'animesnap pin --new' makes one") }
        return text
    }

    /// Replaces the file, which only its owner may read.
    private static func write(_ hash: String, in folder: String) throws(WebError) {
        do throws(FileError) {
            let file = try AtomicFile(path: "\(folder)/pin", permissions: 0o600)
            try file.write(Array("\(hash)\n".utf8).span)
            try file.commit()
        } catch {
            throw WebError("\(error.path) cannot be written: \(error.reason)")
        }
    }
}
