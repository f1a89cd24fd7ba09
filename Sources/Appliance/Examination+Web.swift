import Booth
import Glibc
import Platform
import Web

extension Examination {
    /// Whether the web pages can be served where the settings want them. The camera takes pictures without them too.
    func web() -> Finding {
        guard settings.isWebEnabled else { return Finding("web", "off: pictures are not shown on the network") }
        let (address, port) = (settings[.webAddress], settings.webPort)
        let place = "port \(port) of \(address)"
        switch Self.codeOfBinding(address, port) {
        case 0:
            return Finding("web", port == 0 ? "a free port of \(address), a new one at each start" : "\(place) is free")
        case EADDRINUSE:
            return Finding(
                "web", .warning,
                "\(place) is taken, by animesnap that runs already or by another program: stop that, or set web.port")
        case EACCES:
            return Finding(
                "web", .warning,
                "\(place) is not for this user: set web.port to 1024 or more, or start it as the system's service")
        case EADDRNOTAVAIL:
            return Finding("web", .warning, "\(address) is no address of this machine: set web.address to 0.0.0.0")
        case let code:
            return Finding("web", .warning, "\(place) cannot be used: \(SystemError(code).words)")
        }
    }

    /// Whether QR codes can be drawn. The pages show addresses in words without them.
    func codes() -> Finding {
        do {
            _ = try QRCode("http://animesnap.local/")
            return Finding("codes", "QR codes are drawn")
        } catch {
            return Finding("codes", .warning, "\(error); until then pages show addresses in words")
        }
    }

    /// Takes the port for a moment, as the server would.
    ///
    /// - Returns: The system's code; 0 when the port can be had.
    private static func codeOfBinding(_ address: String, _ port: Int) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address, "\(port)", &hints, &found) == 0, let first = found?.pointee else {
            return EADDRNOTAVAIL
        }
        defer { freeaddrinfo(found) }
        let socket = socket(first.ai_family, first.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), first.ai_protocol)
        guard socket >= 0 else { return errno }
        defer { close(socket) }
        // Connections that were closed a moment ago do not keep the server from starting.
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        return bind(socket, first.ai_addr, first.ai_addrlen) == 0 ? 0 : errno
    }
}
