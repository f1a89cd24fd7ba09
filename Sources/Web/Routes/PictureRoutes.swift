import HTTPTypes
import Hummingbird

extension Desk {
    /// The album.
    package var pictureRoutes: [Route] {
        let files = FileAnswer(appliance: appliance, threads: threads)
        let archive = ArchiveAnswer(appliance: appliance, threads: threads)
        return [
            Route(.get, "/api/pictures") { call in try .json(await self.appliance.pictures(try Self.wish(call))) },
            Route(.get, "/api/pictures/{number}") { call in
                let number = try call.number()
                guard let picture = await self.appliance.picture(number) else {
                    throw Problem(.notFound, "There is no picture \(number).")
                }
                return try .json(picture)
            },
            Route(.delete, "/api/pictures/{number}", .host) { call in
                let number = try call.number()
                try await self.appliance.delete(number)
                return .nothing
            },
            Route(.put, "/api/pictures/{number}/pin", .host) { call in
                try await self.appliance.setPin(true, of: try call.number())
                return .nothing
            },
            Route(.delete, "/api/pictures/{number}/pin", .host) { call in
                try await self.appliance.setPin(false, of: try call.number())
                return .nothing
            },
            Route(.get, "/files/{name}") { call in try await files.respond(call) },
            Route(.get, "/api/archive.zip") { call in try await archive.respond(call) },
        ]
    }

    private static func wish(_ call: Call) throws(Problem) -> PictureWish {
        var wish = PictureWish()
        wish.before = try call.integer("before", in: 1...999_999_999)
        wish.limit = try call.integer("limit", in: 1...100) ?? wish.limit
        wish.style = call.query("style")
        switch call.query("pinned") {
        case nil, "false": break
        case "true": wish.isPinned = true
        default: throw Problem(.badRequest, "\"pinned\" has to be true or false.")
        }
        return wish
    }
}
