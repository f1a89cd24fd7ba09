import HTTPTypes
import Hummingbird
import NIOCore

extension Desk {
    /// Styles, what each looks like, and the numbers of those that are drawn.
    package var styleRoutes: [Route] {
        [
            Route(.get, "/api/styles") { _ in
                let current = await self.appliance.settings.style
                return try .json(StyleList(styles: await self.appliance.styles, current: current))
            },
            Route(.get, "/styles/{name}.jpg") { call in
                guard let jpeg = await self.appliance.sample(ofStyle: call.style) else {
                    throw Problem(.notFound, "There is no sample of this style.")
                }
                return .picture(jpeg, "private, max-age=3600")
            },
            Route(.get, "/api/styles/{name}/values", .host) { call in
                guard let values = await self.appliance.values(ofStyle: call.style) else {
                    throw Problem(.notFound, "There is no drawn style of this name.")
                }
                return try .json(StyleValues(values: values))
            },
            Route(.put, "/api/styles/{name}/values", .host, readsBody: true) { call in
                let wishes = try await call.numbers()
                let values = try await self.appliance.setValues(wishes, ofStyle: call.style)
                return try .json(StyleValues(values: values))
            },
            Route(.post, "/api/styles/{name}/trials", .host, readsBody: true) { call in
                let wishes = try await call.numbers()
                let jpeg = try await self.appliance.trial(ofStyle: call.style, wishes)
                return .picture(jpeg, "no-store")
            },
        ]
    }
}

extension Call {
    fileprivate var style: String { parameters["name"] ?? "" }
}

extension Response {
    fileprivate static func picture(_ jpeg: [UInt8], _ caching: String) -> Response {
        let headers: HTTPFields = [.contentType: "image/jpeg", .cacheControl: caching]
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: jpeg)))
    }
}

private struct StyleList: Encodable {
    let styles: [StyleEntry]
    let current: String
}

private struct StyleValues: Encodable { let values: [StyleValueEntry] }
