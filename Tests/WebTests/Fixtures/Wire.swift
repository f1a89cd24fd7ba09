import Glibc
import Testing

/// A connection on which a test sends the bytes it likes. Nothing blocks: the server runs on the same threads.
final class Wire {
    /// How long an answer may take on a busy machine.
    static let patience = Duration.seconds(300)

    private var socket: Int32
    /// What was received and not taken.
    private(set) var received: [UInt8] = []
    private(set) var isEnded = false

    /// Connects to a port of this machine, from any address 127.x.x.x. A window is how much this side receives without
    /// reading it.
    init(_ port: Int, from address: String = "127.0.0.1", window: Int32? = nil) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(socket >= 0)
        if var window { setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &window, socklen_t(MemoryLayout<Int32>.size)) }
        var own = Self.address(address, 0)
        var other = Self.address("127.0.0.1", port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafePointer(to: &own) { own in
            own.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, size) }
        }
        try #require(status == 0)
        let connected = withUnsafePointer(to: &other) { other in
            other.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
        }
        try #require(connected == 0, "the server does not listen")
        _ = fcntl(socket, F_SETFL, O_NONBLOCK)
    }

    deinit { close() }

    private static func address(_ text: String, _ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, text, &address.sin_addr)
        return address
    }

    /// Closes the connection in good order.
    func close() {
        if socket >= 0 { Glibc.close(socket) }
        socket = -1
    }

    /// Breaks the connection off.
    func breakOff() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        close()
    }

    /// Says that nothing more will be sent.
    func endSending() { shutdown(socket, Int32(SHUT_WR)) }

    // MARK: Sending

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        try #require(await offer(bytes) == bytes.count, "the server does not take what is sent")
    }

    /// Sends as much as the server takes and returns how much that was.
    @discardableResult
    func offer(_ bytes: [UInt8], for patience: Duration = Wire.patience) async -> Int {
        let deadline = ContinuousClock.now + patience
        var sent = 0
        while sent < bytes.count, ContinuousClock.now < deadline {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, min($0.count, 65_536), Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                await Self.pause()
            } else {
                return sent
            }
        }
        return sent
    }

    // MARK: Receiving

    private static func pause() async { try? await Task.sleep(for: .milliseconds(2)) }

    /// Receives what is there; false when there is nothing.
    private func receive() -> Bool {
        guard socket >= 0, !isEnded else { return false }
        var part = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &part, part.count, 0)
        if count > 0 { received += part[..<count] }
        if count == 0 || count < 0 && errno != EAGAIN { isEnded = true }
        return count > 0
    }

    /// Receives until something is so; false when that does not come.
    func wait(for patience: Duration = Wire.patience, until isDone: () -> Bool) async -> Bool {
        let deadline = ContinuousClock.now + patience
        while !isDone() {
            if isEnded || ContinuousClock.now > deadline { return isDone() }
            if !receive() { await Self.pause() }
        }
        return true
    }

    /// Whether the server ends the connection.
    func isClosed(within patience: Duration = Wire.patience) async -> Bool {
        await wait(for: patience) { isEnded }
    }

    /// Waits for a text and returns all that was received up to its end.
    @discardableResult
    func text(to end: String) async throws -> String {
        let pattern = Array(end.utf8)
        var found: Range<Int>?
        _ = await wait {
            found = received.firstRange(of: pattern)
            return found != nil
        }
        let range = try #require(
            found, "'\(end)' does not come: \(String(decoding: received.prefix(2000), as: UTF8.self))")
        return String(decoding: take(range.upperBound), as: UTF8.self)
    }

    /// Takes so many bytes.
    func bytes(_ count: Int) async throws -> [UInt8] {
        try #require(await wait { received.count >= count }, "only \(received.count) bytes of \(count) come")
        return take(count)
    }

    private func take(_ count: Int) -> [UInt8] {
        let taken = Array(received.prefix(count))
        received.removeFirst(taken.count)
        return taken
    }

    /// The head of the next answer, without its body.
    func head() async throws -> Answer { try Answer(head: try await text(to: "\r\n\r\n")) }

    /// The next answer; that to HEAD has no body.
    func answer(to method: String = "GET") async throws -> Answer {
        var answer = try await head()
        if method == "HEAD" || answer.status == 204 || answer.status == 304 || answer.status < 200 { return answer }
        if answer["transfer-encoding"] == "chunked" {
            while true {
                let line = try await text(to: "\r\n").dropLast(1)
                let count = try #require(Int(line, radix: 16), "'\(line)' is no length of a chunk")
                answer.body += try await bytes(count)
                try #require(try await bytes(2) == [13, 10])
                if count == 0 { return answer }
            }
        }
        if let count = answer["content-length"].flatMap({ Int($0) }) {
            answer.body = try await bytes(count)
        } else {
            try #require(await isClosed(), "the answer has no end")
            answer.body = take(received.count)
        }
        return answer
    }
}

/// What a server answers.
struct Answer {
    let status: Int
    let fields: [(name: String, value: String)]
    var body: [UInt8] = []

    init(head: String) throws {
        let lines = head.split(separator: "\r\n")
        let words = try #require(lines.first).split(separator: " ", maxSplits: 2)
        try #require(words.count >= 2 && words[0] == "HTTP/1.1", "\(head)")
        status = try #require(Int(words[1]))
        fields = try lines.dropFirst().map { line in
            let colon = try #require(line.firstIndex(of: ":"))
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (line[..<colon].lowercased(), String(value))
        }
    }

    /// The value of a header field, named in small letters.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSON { JSON(body) }

    /// Whether it is a problem document as all refusals have to be.
    func isProblem(_ status: Int) -> Bool {
        self.status == status && self["content-type"] == "application/problem+json"
            && json.status.asNumber == Double(status) && json.type.text == "about:blank" && !json.title.text.isEmpty
            && json.detail.text.hasSuffix(".") && json.detail.text.count > 8
    }
}
