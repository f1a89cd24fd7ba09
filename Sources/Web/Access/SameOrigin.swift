import HTTPTypes
import Hummingbird

/// What changes something has to come from this server's own pages or from a tool.
package enum SameOrigin {
    /// Browsers name the page that asks. A request that names none comes from a tool, and must then not carry the
    /// cookie of somebody's browser.
    package static func check(_ request: Request, host: String) throws(Problem) {
        let foreign = Problem(.forbidden, "This request comes from another site.")
        let site = fetchSite.flatMap { request.headers[$0] }
        if let site, site != "same-origin", site != "none" { throw foreign }
        if let origin = request.headers[.origin] {
            guard origin.lowercased() == "http://\(host.lowercased())" else { throw foreign }
        } else if site == nil, request.headers[.cookie] != nil {
            throw Problem(.forbidden, "A request with a cookie has to say where it comes from (Origin).")
        }
    }

    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")
}
