import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// What comes with every request of a connection.
package struct CallContext: InitializableFromSource {
    package let client: String
    private let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        channel = source.channel
        client = ConnectionCensus.name(of: channel.remoteAddress)
    }

    /// Does something when the connection is gone.
    package func whenClosed(_ body: @escaping @Sendable () -> Void) { channel.closeFuture.whenComplete { _ in body() } }
}

/// Finds what answers a request, and sees that it may.
package struct WebResponder: HTTPResponder {
    package typealias Context = CallContext

    package let routes: [Route]
    /// What answers GET where no route does: the pages.
    package let pages: StaticPages
    package let hosts: OwnHosts
    package let sessions: Sessions
    package let mayUpload: @Sendable () async -> Bool
    package let log: Logger

    package func respond(to request: Request, context: CallContext) async throws -> Response {
        var response: Response
        var hasReadBody = false
        do {
            (response, hasReadBody) = try await answer(request, context)
        } catch let problem as Problem {
            response = problem.response
        } catch let refusal as Refusal {
            response = Problem(refusal).response
        } catch is CancellationError {
            response = Problem(.serviceUnavailable, "The server is stopping.", retryAfter: 5).response
        } catch let error as any HTTPResponseError {
            response = Problem(error.status, "The request cannot be answered.").response
        } catch {
            log.error("\(request.method) \(request.uri.path): \(error)")
            response = Problem(.internalServerError, "The server failed.").response
        }
        SecurityHeaders.add(to: &response)
        // What is left of a body is not worth reading.
        if request.hasBody, !hasReadBody || response.status.code >= 400 { response.headers[.connection] = "close" }
        if request.headers[.connection]?.lowercased() == "close" { response.headers[.connection] = "close" }
        if response.status == .noContent || response.status == .notModified { response.headers[.contentLength] = nil }
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// Also says whether the request's body was read.
    private func answer(_ request: Request, _ context: CallContext) async throws -> (Response, Bool) {
        guard let path = request.head.path, path.first == "/" else {
            throw Problem(.badRequest, "The address has to begin with a slash.")
        }
        // The first Host header became the authority.
        guard HTTPField.Name("Host").flatMap({ request.headers[$0] }) == nil else {
            throw Problem(.badRequest, "The request names two servers.")
        }
        let host = request.head.authority ?? ""
        guard hosts.contain(host) else {
            if let redirect = hosts.captiveAnswer(request) { return (redirect, false) }
            throw Problem(.misdirectedRequest, "This server is not called that; use its address.")
        }
        let method = request.method == .head ? .get : request.method
        let wanted = request.uri.path.split(separator: "/", omittingEmptySubsequences: false)
        let found = routes.compactMap { route in route.match(wanted).map { (route: route, parameters: $0) } }
        guard let match = found.first(where: { $0.route.method == method }) else {
            return (try other(request, method, allowed: found.map(\.route.method)), false)
        }
        let token = Sessions.token(in: request.headers)
        if method != .get { try SameOrigin.check(request, host: host) }
        let isHost = sessions.contain(token)
        try await check(match.route.access, isHost: isHost)
        let call = Call(
            request: request, context: context, host: host, parameters: match.parameters, isHost: isHost, token: token)
        return (try await match.route.handler(call), match.route.readsBody)
    }

    private func other(
        _ request: Request, _ method: HTTPRequest.Method, allowed: [HTTPRequest.Method]
    ) throws(Problem) -> Response {
        if method == .get, allowed.isEmpty, let page = pages.answer(request) { return page }
        let isPage = allowed.isEmpty && pages.contain(request.uri.path)
        guard isPage || !allowed.isEmpty else { throw .notFound }
        let methods = (isPage ? [.get] : allowed).flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] }
        var problem = Problem(.methodNotAllowed, "\(request.method.rawValue) is not possible here.")
        problem.headers[.allow] = methods.joined(separator: ", ")
        throw problem
    }

    private func check(_ access: Access, isHost: Bool) async throws(Problem) {
        switch access {
        case .guest: return
        case .uploader:
            guard !isHost, await !mayUpload() else { return }
            throw Problem(.forbidden, "Only the host may do that now; enter the PIN.")
        case .host:
            guard !isHost else { return }
            throw Problem(.forbidden, "Only the host may do that; enter the PIN.")
        }
    }
}

extension Request {
    var hasBody: Bool {
        headers[.transferEncoding] != nil || headers[.contentLength].map { $0 != "0" } ?? false
    }
}

/// What every answer carries, so that a page can load nothing from elsewhere and be shown nowhere else.
enum SecurityHeaders {
    static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; \
        manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
        """

    static func add(to response: inout Response) {
        response.headers[.contentSecurityPolicy] = policy
        response.headers[.xContentTypeOptions] = "nosniff"
        for (name, value) in others { response.headers[name] = value }
    }

    private static let others: [(HTTPField.Name, String)] = [
        ("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Resource-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
    ].compactMap { pair in HTTPField.Name(pair.0).map { ($0, pair.1) } }
}
