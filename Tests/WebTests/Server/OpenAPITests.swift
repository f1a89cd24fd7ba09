import Testing

import Web

@Suite("The document of the interface")
struct OpenAPITests {
    /// A method at a path, with what the document says about it.
    private struct Operation {
        let method: String
        let path: String
        let text: JSON
        var name: String { "\(method) \(path)" }
    }

    /// The document itself is served with the pages.
    private static let own = "GET /api/openapi.json"
    /// They have no end, or wait.
    private static let streams = ["/api/events", "/preview.jpg", "/preview.mjpg"]

    private func operations(_ site: Site) async throws -> [Operation] {
        let answer = try await site.get("/api/openapi.json")
        #expect(answer.status == 200 && answer["content-type"] == "application/json")
        let paths = JSON(answer.body).paths
        return paths.keys.flatMap { path in
            paths[path].keys.filter { $0 != "parameters" }.map { method in
                Operation(method: method.uppercased(), path: path, text: paths[path][method])
            }
        }
    }

    @Test("every route is in the document, and nothing else is")
    func completeness() async throws {
        try await withServer { site in
            let documented = Set(try await operations(site).map(\.name)).subtracting([Self.own])
            let routes = Set(site.server.desk.routes.map { "\($0.method.rawValue) \($0.path)" })
            #expect(routes.count > 30)
            #expect(routes.subtracting(documented).sorted() == [], "not in the document")
            #expect(documented.subtracting(routes).sorted() == [], "without a route")
        }
    }

    @Test("the limits of uploads are those of the document")
    func limits() async throws {
        try await withServer { site in
            let document = JSON(try await site.get("/api/openapi.json").body)
            let session = try await site.get("/api/session").json
            for name in ["max_upload_bytes", "max_upload_pixels"] {
                #expect(document.components.schemas.Session.properties[name]["default"] == session[name])
                #expect(session[name].asNumber ?? 0 > 0)
            }
        }
    }

    @Test("what asks for a session in the document is refused to guests, and nothing else is")
    func security() async throws {
        try await withServer { site in
            for operation in try await operations(site) where !Self.streams.contains(operation.path) {
                // A missing PIN is no wrong one, and what guests may do too names no session first.
                let isForHosts = operation.text.security[0].keys == ["session"]
                let parts = operation.path.split(separator: "/").map { part -> String in
                    switch part {
                    case "{number}": "1"
                    case "{id}": "1-cute"
                    default: part.hasPrefix("{name}") ? "chalk\(part.dropFirst("{name}".count))" : String(part)
                    }
                }
                let answer = try await site.ask(operation.method, "/" + parts.joined(separator: "/"))
                #expect((answer.status == 403) == isForHosts, "\(operation.name): \(answer.status)")
            }
        }
    }

    @Test("every operation has a summary, a good answer and a name of its own")
    func summaries() async throws {
        try await withServer { site in
            let operations = try await operations(site)
            #expect(Set(operations.map(\.text.operationId.text)).count == operations.count)
            for operation in operations {
                #expect(!operation.text.summary.text.isEmpty, "\(operation.name)")
                #expect(operation.text.responses.keys.contains { $0.hasPrefix("2") }, "\(operation.name)")
            }
        }
    }
}
