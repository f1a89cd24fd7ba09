import HTTPTypes
import Hummingbird
import NIOCore

extension Desk {
    /// What goes on while somebody looks.
    package var liveRoutes: [Route] {
        [
            Route(.get, "/api/events") { call in try self.eventStream(call) },
            Route(.get, "/preview.jpg") { call in try await self.preview(call) },
            Route(.get, "/preview.mjpg") { call in try await self.previewStream(call) },
        ]
    }

    private func eventStream(_ call: Call) throws -> Response {
        let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        guard call.request.method != .head else { return Response(status: .ok, headers: headers) }
        guard let seat = listeners.seat(call.client) else {
            throw Problem(.serviceUnavailable, "There are too many event streams.", retryAfter: 10)
        }
        let last = HTTPField.Name("Last-Event-ID").flatMap { call.request.headers[$0] }
        let (id, stream) = events.listen(after: last)
        seat.whenWanted { [events] _ in events.leave(id) }
        // Who has left is not waited for until there is something to say.
        call.context.whenClosed { [events] in events.leave(id) }
        let body = ResponseBody { [events] writer in
            defer { withExtendedLifetime(seat) { events.leave(id) } }
            for await event in stream { try await writer.write(event) }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private func preview(_ call: Call) async throws -> Response {
        let after = try call.integer("after", in: 0...Int.max) ?? 0
        guard let seat = viewers.seat(call.client) else { throw Self.tooManyViewers }
        defer { withExtendedLifetime(seat) {} }
        let viewfinder = try await viewfinder(style: call.query("style"))
        switch await viewfinder.next(after: UInt64(after), patience: options.previewPatience) {
        case .frame(let frame):
            var headers: HTTPFields = [.contentType: "image/jpeg", .cacheControl: "no-store"]
            if let name = HTTPField.Name("X-Frame-Number") { headers[name] = String(frame.number) }
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: frame.jpeg))
        case .none: return .nothing
        case .noCamera: throw Problem(.serviceUnavailable, "There is no camera.", retryAfter: 3)
        }
    }

    private func previewStream(_ call: Call) async throws -> Response {
        let viewfinder = try await viewfinder(style: call.query("style"))
        let headers: HTTPFields = [
            .contentType: "multipart/x-mixed-replace; boundary=frame", .cacheControl: "no-store",
        ]
        guard call.request.method != .head else { return Response(status: .ok, headers: headers) }
        guard let seat = viewers.seat(call.client) else { throw Self.tooManyViewers }
        let visit = await viewfinder.enter()
        call.context.whenClosed { Task { await viewfinder.leave(visit) } }
        seat.whenWanted { _ in Task { await viewfinder.leave(visit) } }
        let body = ResponseBody { [patience = options.previewPatience] writer in
            defer { withExtendedLifetime(seat) {} }
            var last: UInt64 = 0
            // A client that is slow is still taking the frame before and misses those that come meanwhile.
            while case .frame(let frame) = await viewfinder.next(after: last, patience: patience, visit: visit) {
                last = frame.number
                let length = frame.jpeg.readableBytes
                var part = ByteBuffer(
                    string: "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: \(length)\r\n\r\n")
                part.writeImmutableBuffer(frame.jpeg)
                part.writeString("\r\n")
                try await writer.write(part)
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private static let tooManyViewers = Problem(
        .serviceUnavailable, "There are too many who watch.", retryAfter: 10)
}
