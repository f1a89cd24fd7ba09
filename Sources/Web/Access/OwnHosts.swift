import Glibc
import HTTPTypes
import Hummingbird
import Synchronization

/// The names and addresses of this machine: a request for any other is refused, so that a page from elsewhere cannot
/// reach this server by a name of its own that it lets point here.
package final class OwnHosts: Sendable {
    private struct State {
        var addresses: [String] = []
        var readAt: ContinuousClock.Instant?
    }

    private let names: Set<String>
    private let port: Mutex<Int>
    private let state = Mutex(State())

    package init(names: [String], port: Int) {
        var all = Set(names.map { $0.lowercased() })
        all.insert("localhost")
        if let own = Self.hostName {
            all.insert(own)
            all.insert("\(own).local")
        }
        self.names = all
        self.port = Mutex(port)
    }

    /// The port becomes known when the server listens.
    package func listens(on port: Int) { self.port.withLock { $0 = port } }

    /// Whether a Host header names this machine.
    package func contain(_ host: String) -> Bool {
        guard let name = Self.name(in: host) else { return false }
        return names.contains(name) || Self.isLoopback(name) || addresses.contains(name)
    }

    /// The address under which others can reach this server, as the client that asks does where that says something.
    package func address(for host: String) -> String {
        if let name = Self.name(in: host), name != "localhost", !Self.isLoopback(name) { return "http://\(host)" }
        let port = port.withLock { $0 }
        let name = addresses.first { $0.contains(".") && !Self.isLoopback($0) } ?? "localhost"
        return "http://\(name)\(port == 80 ? "" : ":\(port)")"
    }

    /// The addresses of this machine that others can reach, IPv4 before IPv6.
    package var reachable: [String] {
        let port = port.withLock { $0 }
        let end = port == 80 ? "/" : ":\(port)/"
        return addresses.filter { !Self.isLoopback($0) && !$0.hasPrefix("fe80:") }
            .map { $0.contains(":") ? "http://[\($0)]\(end)" : "http://\($0)\(end)" }
    }

    /// Phones that join a network ask a name of their maker's for a known answer. In a network where every name leads
    /// here, they are shown the way to the gallery.
    package func captiveAnswer(_ request: Request) -> Response? {
        let probes = [
            "/generate_204", "/gen_204", "/hotspot-detect.html", "/library/test/success.html", "/connecttest.txt",
            "/ncsi.txt", "/success.txt", "/canonical.html", "/redirect",
        ]
        guard request.method == .get, probes.contains(request.uri.path) else { return nil }
        return Response(
            status: .found, headers: [.location: address(for: "localhost") + "/", .cacheControl: "no-store"])
    }

    private var addresses: [String] {
        let now = ContinuousClock.now
        let known = state.withLock { state in
            state.readAt.map { now - $0 < .seconds(5) } == true ? state.addresses : nil
        }
        if let known { return known }
        let read = Self.interfaceAddresses()
        state.withLock { $0 = State(addresses: read, readAt: now) }
        return read
    }

    /// The name or address without port, in small letters; nil for what is no Host header.
    package static func name(in host: String) -> String? {
        let text = host.lowercased()
        guard !text.isEmpty, text.utf8.count <= 255 else { return nil }
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            guard isPort(text[text.index(after: end)...]) else { return nil }
            return String(text[text.index(after: text.startIndex)..<end])
        }
        let name = text.prefix { $0 != ":" }
        guard !name.isEmpty, isPort(text.dropFirst(name.count)) else { return nil }
        return name.last == "." ? String(name.dropLast()) : String(name)
    }

    private static func isPort(_ text: Substring) -> Bool {
        guard !text.isEmpty else { return true }
        return text.first == ":" && text.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
    }

    private static func isLoopback(_ name: String) -> Bool { name == "127.0.0.1" || name == "::1" }

    private static var hostName: String? {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return nil }
        let name = String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return name.isEmpty ? nil : name.lowercased()
    }

    private static func interfaceAddresses() -> [String] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        var found: [String] = []
        for entry in sequence(first: first, next: { $0?.pointee.ifa_next }) {
            guard let address = entry?.pointee.ifa_addr else { continue }
            let family = Int32(address.pointee.sa_family)
            guard family == AF_INET || family == AF_INET6 else { continue }
            let size = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
            var bytes = [CChar](repeating: 0, count: 64)
            guard getnameinfo(address, socklen_t(size), &bytes, socklen_t(bytes.count), nil, 0, NI_NUMERICHOST) == 0
            else { continue }
            let text = String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            found.append(String(text.prefix { $0 != "%" }))
        }
        return found.filter { !$0.contains(":") } + found.filter { $0.contains(":") }
    }
}
