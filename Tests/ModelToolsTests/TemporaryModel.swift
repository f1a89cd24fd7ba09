import Glibc

/// Calls `body` with the path of a temporary model file that holds `bytes`, and removes the file after.
func withModelFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) rethrows -> Result {
    let path = "/tmp/animesnap-passes-\(getpid())-\(UInt64.random(in: 0...UInt64.max)).safetensors"
    let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
    _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
    defer { unlink(path) }
    return try body(path)
}
