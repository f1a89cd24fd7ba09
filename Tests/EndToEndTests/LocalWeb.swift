import FoundationEssentials
import Glibc
import Testing

/// Asks a web server of this machine, one request on each connection.
struct LocalWeb {
    struct Answer {
        let status: Int
        let head: String
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    let port: Int
    /// The token of the host's session.
    var session: String?

    /// Finds the port in what an appliance says.
    init(said: String) throws {
        let address = try #require(said.firstMatch(of: /web: http:\/\/[^ ]*?:(\d+)\//), "no address: \(said)")
        port = try #require(Int(address.1))
    }

    /// Sends a request with an empty body or a JSON text.
    func ask(_ method: String, _ path: String, _ json: String = "") throws -> Answer {
        try ask(method, path, Array(json.utf8), type: "application/json")
    }

    /// Sends a request with a body.
    func ask(_ method: String, _ path: String, _ body: [UInt8], type: String) throws -> Answer {
        let host = "127.0.0.1:\(port)"
        var lines = ["\(method) \(path) HTTP/1.0", "Host: \(host)", "Origin: http://\(host)"]
        lines += ["Content-Type: \(type)", "Content-Length: \(body.count)"]
        if let session { lines.append("Cookie: session=\(session)") }
        let bytes = try Self.exchange(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body, port)
        let end = try #require(bytes.firstRange(of: Array("\r\n\r\n".utf8)), "\(method) \(path): no answer")
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        let status = try #require(head.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        return Answer(status: status, head: head, body: Array(bytes[end.upperBound...]))
    }

    /// Gives the PIN.
    ///
    /// - Returns: The status of the answer.
    mutating func enter(_ pin: String) throws -> Int {
        let answer = try ask("POST", "/api/session", #"{"pin":"\#(pin)"}"#)
        if let cookie = answer.head.firstMatch(of: /session=([0-9a-f]+);/) { session = String(cookie.1) }
        return answer.status
    }

    private static func exchange(_ request: [UInt8], _ port: Int) throws -> [UInt8] {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var patience = timeval(tv_sec: 300, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let status = withLoopback(port) { connect(socket, $0, $1) }
        try #require(status == 0, "nobody listens at port \(port)")
        // A socket that blocks takes all of it.
        try #require(send(socket, request, request.count, Int32(MSG_NOSIGNAL)) == request.count)
        var (bytes, part) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
        while true {
            let count = recv(socket, &part, part.count, 0)
            if count <= 0 { return bytes }
            bytes += part[..<count]
        }
    }
}

/// Holds a port of this machine.
final class Listener {
    let port: Int
    private var socket: Int32

    init() throws {
        // A command that another test starts meanwhile must not hold the port on.
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let descriptor = socket
        try #require(withLoopback(0) { bind(descriptor, $0, $1) } == 0 && listen(descriptor, 1) == 0)
        var own = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &own) { own in
            own.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        try #require(status == 0)
        port = Int(in_port_t(bigEndian: own.sin_port))
    }

    deinit { close() }

    func close() {
        if socket >= 0 { Glibc.close(socket) }
        socket = -1
    }
}

private func withLoopback(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
    return withUnsafePointer(to: &address) { address in
        address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}
