import HTTPTypes
import Hummingbird

extension Desk {
    /// Who somebody is.
    package var sessionRoutes: [Route] {
        [
            Route(.get, "/api/session") { call in try .json(await self.session(of: call)) },
            Route(.post, "/api/session", readsBody: true) { call in try await self.enter(call) },
            Route(.delete, "/api/session") { call in
                self.sessions.end(call.token)
                return Self.cookie("", seconds: 0)
            },
        ]
    }

    private func session(of call: Call) async -> SessionEntry {
        SessionEntry(
            role: call.isHost ? "host" : "guest", uploads: await appliance.settings.uploads, version: options.version,
            name: options.name, address: hosts.address(for: call.host) + "/", mostBytes: options.mostUploadBytes,
            mostPixels: options.pictureLimits.pixels, hasWifi: options.wifi != nil)
    }

    private func enter(_ call: Call) async throws -> Response {
        guard let pin = try await call.object("pin").text("pin") else {
            throw Problem(.unprocessableContent, "\"pin\" is missing.")
        }
        let edition = pins.edition
        switch await gate.enter(pin, from: call.client) {
        case .right:
            return Self.cookie(sessions.begin(edition: edition), seconds: Int(Sessions.lifetime.components.seconds))
        case .wrong: throw Problem(.forbidden, "This is not the PIN.")
        case .locked(let seconds):
            throw Problem(.tooManyRequests, "There were too many wrong PINs; wait a moment.", retryAfter: seconds)
        }
    }

    /// Scripts cannot read it, and no other site's requests carry it.
    private static func cookie(_ token: String, seconds: Int) -> Response {
        var response = Response.nothing
        response.headers[.setCookie] = "session=\(token); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict"
        response.headers[.cacheControl] = "no-store"
        return response
    }
}

private struct SessionEntry: Encodable {
    let role: String
    let uploads: Bool
    let snapNeedsPin = true
    let version: String
    let name: String
    let address: String
    let mostBytes: Int
    let mostPixels: Int
    let hasWifi: Bool

    private enum CodingKeys: String, CodingKey {
        case role, uploads, version, name, address
        case snapNeedsPin = "snap_needs_pin"
        case mostBytes = "max_upload_bytes"
        case mostPixels = "max_upload_pixels"
        case hasWifi = "wifi"
    }
}
