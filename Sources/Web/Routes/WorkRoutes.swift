import HTTPTypes
import Hummingbird

extension Desk {
    /// New pictures, and what is painted of them.
    package var workRoutes: [Route] {
        let intake = PhotoIntake(self)
        return [
            Route(.post, "/api/snap", .host, readsBody: true) { call in
                let wishes = try await call.object("countdown", "style")
                let countdown = try wishes.integer("countdown", in: 0...60)
                let style = try wishes.text("style")
                try await self.appliance.snap(countdown: countdown, style: style)
                let seconds = await self.appliance.state.countdown
                return try .json(
                    StateEntry(seconds == nil ? .capturing : .counting, countdown: seconds), status: .accepted)
            },
            Route(.post, "/api/uploads", .uploader, readsBody: true) { call in try await intake.respond(call) },
            Route(.post, "/api/pictures/{number}/conversions", .uploader, readsBody: true) { call in
                let number = try call.number()
                let wishes = try await call.object("style", "size", "faces", "hair", "eyes")
                guard let style = try wishes.text("style") else {
                    throw Problem(.unprocessableContent, "\"style\" is missing.")
                }
                let wish = AnimeWish(
                    size: try wishes.size(), faces: try wishes.faces(), hair: try wishes.colour("hair"),
                    eyes: try wishes.colour("eyes"))
                guard call.isHost || wish.size?.isForGuests ?? true else {
                    let most = AnimeSize.mostOfGuests
                    throw Problem(.forbidden, "Only the host may choose more than \(most) pixels; enter the PIN.")
                }
                let job = try await self.appliance.convert(number, style: style, as: wish)
                return try .json(job, status: .accepted)
            },
            Route(.get, "/api/jobs") { _ in try .json(JobList(jobs: await self.appliance.jobs)) },
            Route(.get, "/api/jobs/{id}") { call in
                let id = call.parameters["id"]
                guard let job = await self.appliance.jobs.first(where: { $0.id == id }) else {
                    throw Problem(.notFound, "There is no such job; it may be done.")
                }
                return try .json(job)
            },
            Route(.delete, "/api/jobs/{id}", .host) { call in
                try await self.appliance.cancel(job: call.parameters["id"] ?? "")
                return .nothing
            },
        ]
    }
}

private struct JobList: Encodable { let jobs: [JobEntry] }

extension AnimeSize {
    /// What anybody may wish, in pixels: as much as any board paints by itself. Larger pictures hold up the queue.
    static let mostOfGuests = 1920

    var isForGuests: Bool {
        if case .pixels(let side) = self { side <= Self.mostOfGuests } else { false }
    }
}

extension AnimeFaces {
    /// A choice that is part of a request.
    ///
    /// - Throws: ``Problem`` when there is no such choice.
    init(wish text: String) throws(Problem) {
        guard let choice = Self(rawValue: text) else {
            throw Problem(.unprocessableContent, "\"faces\" has to be \"auto\", \"off\" or \"only\".")
        }
        self = choice
    }
}

extension JSONObject {
    /// "faces"; nil where nothing is said.
    package func faces() throws(Problem) -> AnimeFaces? {
        guard let text = try text("faces") else { return nil }
        return try AnimeFaces(wish: text)
    }

    /// A colour of hair or eyes; nil where nothing is said.
    func colour(_ key: String) throws(Problem) -> AnimeColour? {
        guard let text = try text(key) else { return nil }
        guard let colour = AnimeColour(rawValue: text) else {
            let names = AnimeColour.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            throw Problem(.unprocessableContent, "\"\(key)\" has to be one of \(names).")
        }
        return colour
    }

    /// "size": pixels of the longest side, or "full"; nil where nothing is said.
    package func size() throws(Problem) -> AnimeSize? {
        if isText("full", "size") { return .full }
        do {
            return try integer("size", in: 64...4096).map { .pixels($0) }
        } catch {
            throw Problem(.unprocessableContent, "\"size\" has to be a whole number from 64 to 4096, or \"full\".")
        }
    }
}
