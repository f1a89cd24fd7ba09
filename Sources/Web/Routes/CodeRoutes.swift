import HTTPTypes
import Hummingbird
import NIOCore

extension Desk {
    /// Codes for the cameras of phones.
    package var codeRoutes: [Route] {
        [
            Route(.get, "/api/qr.svg") { call in
                let path = call.query("path") ?? "/"
                // The code has to lead here and nowhere else.
                let isOwn = path.first == "/" && !path.hasPrefix("//") && path.utf8.count <= 200
                guard isOwn, path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5C }) else {
                    throw Problem(.badRequest, "\"path\" has to begin with one slash and to have no spaces.")
                }
                return try Self.code(self.hosts.address(for: call.host) + path)
            },
            Route(.get, "/api/wifi.svg", .host) { _ in
                guard let wifi = self.options.wifi else { throw Problem(.notFound, "No Wi-Fi is set.") }
                return try Self.code(wifi.text)
            },
        ]
    }

    private static func code(_ text: String) throws(Problem) -> Response {
        do throws(WebError) {
            let code = try QRCode(text)
            let headers: HTTPFields = [.contentType: "image/svg+xml", .cacheControl: "no-store"]
            return Response(
                status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: code.svg)))
        } catch {
            throw Problem(.notImplemented, "\(error).")
        }
    }
}

extension WifiNetwork {
    /// What phones read from a code, after the notation of ZXing.
    package var text: String {
        func escaped(_ text: String) -> String {
            text.map { #"\;,:""#.contains($0) ? "\\\($0)" : String($0) }.joined()
        }
        let secret = password.map { "T:WPA;S:\(escaped(name));P:\(escaped($0));" } ?? "T:nopass;S:\(escaped(name));"
        return "WIFI:\(secret);"
    }
}
