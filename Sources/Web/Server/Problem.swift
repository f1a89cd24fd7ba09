import HTTPTypes
import Hummingbird

/// Why a request is not answered as wished; it becomes a problem document (RFC 9457).
package struct Problem: Error {
    package let status: HTTPResponse.Status
    /// One sentence for a person.
    package let detail: String
    package var headers = HTTPFields()

    package init(_ status: HTTPResponse.Status, _ detail: String, retryAfter seconds: Int? = nil) {
        self.status = status
        self.detail = detail
        if let seconds { headers[.retryAfter] = String(seconds) }
    }

    package init(_ refusal: Refusal) {
        switch refusal.kind {
        case .notFound: self.init(.notFound, refusal.description)
        case .exists: self.init(.conflict, refusal.description)
        case .invalid: self.init(.unprocessableContent, refusal.description)
        case .busy: self.init(.serviceUnavailable, refusal.description, retryAfter: 3)
        case .full: self.init(.insufficientStorage, refusal.description)
        case .failed: self.init(.internalServerError, refusal.description)
        }
    }

    package static let notFound = Problem(.notFound, "There is nothing at this address.")

    private struct Document: Encodable {
        let type = "about:blank"
        let title: String
        let status: Int
        let detail: String
    }

    package var response: Response {
        let document = Document(title: status.reasonPhrase, status: status.code, detail: detail)
        var response = (try? Response.json(document, status: status)) ?? Response(status: status)
        response.headers[.contentType] = "application/problem+json"
        for field in headers { response.headers[field.name] = field.value }
        return response
    }
}

extension HTTPResponse.Status {
    static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
}

/// Runs what an appliance does and passes its refusals on.
func passingOn<Result: Sendable>(_ body: () async throws(Refusal) -> Result) async throws(Problem) -> Result {
    do throws(Refusal) { return try await body() } catch { throw Problem(error) }
}
