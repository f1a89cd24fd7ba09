import Glibc

/// Tells the service manager how the service is, where one listens (`NOTIFY_SOCKET`).
public struct ServiceNotifier: Sendable {
    private let path: String?
    /// How often the service manager wants a sign of life; nil when it wants none.
    public let watchdogInterval: Duration?

    /// Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`.
    public init(environment: [String: String] = [:]) {
        path = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
        let isForUs = environment["WATCHDOG_PID"].map { Int32($0) == getpid() } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int($0) } ?? 0
        watchdogInterval = isForUs && microseconds > 0 ? .microseconds(microseconds) : nil
    }

    /// The service is up.
    public func ready(status: String) { send("READY=1\nSTATUS=\(status)\n") }

    /// What the service does, in a few words.
    public func tell(status: String) { send("STATUS=\(status)\n") }

    /// A sign of life, if one is wanted. The booth gives one each second.
    public func watchdog() { if watchdogInterval != nil { send("WATCHDOG=1\n") } }

    /// The service is about to end.
    public func stopping() { send("STOPPING=1\nSTATUS=stopping\n") }

    private func send(_ message: String) {
        guard let path else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        // An @ stands for the zero byte with which names begin that are in no folder.
        if name.first == UInt8(ascii: "@") { name[0] = 0 }
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard name.count < capacity else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // A path ends with a zero byte; a name that begins with one does not.
        let length = MemoryLayout<sa_family_t>.size + name.count + (name[0] == 0 ? 0 : 1)
        let bytes = Array(message.utf8)
        _ = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), address, socklen_t(length))
            }
        }
    }
}
