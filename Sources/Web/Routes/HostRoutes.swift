import HTTPTypes
import Hummingbird
import NIOCore

extension Desk {
    /// Settings and the appliance itself.
    package var hostRoutes: [Route] {
        [
            Route(.get, "/api/settings", .host) { _ in try .json(await self.appliance.settings) },
            Route(.put, "/api/settings", .host, readsBody: true) { call in
                try .json(await self.appliance.change(try await Self.change(call)))
            },
            Route(.get, "/api/health") { _ in try .json(await self.appliance.health) },
            Route(.get, "/api/history", .host) { _ in
                try .json(self.history.entry(step: self.options.healthInterval))
            },
            Route(.get, "/metrics") { _ in await self.metrics() },
            Route(.post, "/api/export", .host, readsBody: true) { call in
                guard let folder = try await call.object("folder").text("folder"), folder.first == "/" else {
                    throw Problem(.unprocessableContent, "\"folder\" has to be the path of a folder.")
                }
                try await self.appliance.export(to: folder)
                return Response(status: .accepted)
            },
            Route(.post, "/api/wipe", .host, readsBody: true) { call in
                guard try await call.object("confirm").text("confirm") == "wipe" else {
                    throw Problem(.unprocessableContent, "\"confirm\" has to be \"wipe\".")
                }
                try await self.appliance.wipe()
                return .nothing
            },
            Route(.post, "/api/shutdown", .host, readsBody: true) { call in
                _ = try await call.object()
                try await self.appliance.shutDown()
                return Response(status: .accepted)
            },
        ]
    }

    private static func change(_ call: Call) async throws -> SettingsChange {
        let object = try await call.object("style", "size", "faces", "uploads", "countdown", "keep_pictures")
        var change = SettingsChange()
        change.style = try object.text("style")
        change.size = try object.size()
        change.faces = try object.faces()
        change.uploads = try object.flag("uploads")
        change.countdown = try object.integer("countdown", in: 0...60)
        change.keepPictures =
            object.isNull("keep_pictures")
            ? .all : try object.integer("keep_pictures", in: 1...1_000_000).map { .most($0) }
        return change
    }

    private func metrics() async -> Response {
        let metrics = Metrics(
            await appliance.health, history.lastStages, connections: connections.count, listeners: listeners.count)
        let headers: HTTPFields = [
            .contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store",
        ]
        return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text)))
    }
}
