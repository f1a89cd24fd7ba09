import Testing
import Web

@Suite("Snapping and painting")
struct WorkRouteTests {
    @Test("the host takes a picture")
    func snap() async throws {
        try await withServer { site in
            let token = try await site.enter()
            let answer = try await site.send("POST", "/api/snap", #"{"countdown":3,"style":"chalk"}"#, cookie: token)
            #expect(answer.status == 202 && answer.json.state == "counting" && answer.json.countdown == 3)
            let plain = try await site.send("POST", "/api/snap", "", cookie: token)
            #expect(plain.status == 202 && plain.json.state == "capturing")
            #expect(
                site.appliance.deeds == [.snap(countdown: 3, style: "chalk"), .snap(countdown: nil, style: nil)])
        }
    }

    @Test(
        "a wish for a picture that makes no sense is refused",
        arguments: [
            #"{"countdown":-1}"#, #"{"countdown":61}"#, #"{"countdown":"3"}"#, #"{"style":1}"#, #"{"flash":true}"#,
        ])
    func nonsense(_ body: String) async throws {
        try await withServer { site in
            let answer = try await site.send("POST", "/api/snap", body, cookie: try await site.enter())
            #expect(answer.isProblem(422) && site.appliance.deeds.isEmpty)
        }
    }

    @Test("without a camera nothing is taken")
    func noCamera() async throws {
        try await withServer(VirtualAppliance(hasCamera: false)) { site in
            let answer = try await site.send("POST", "/api/snap", "{}", cookie: try await site.enter())
            #expect(answer.isProblem(503) && answer["retry-after"] != nil)
        }
    }

    @Test("a picture is painted in another style, and the job is seen and taken away")
    func convert() async throws {
        try await withServer { site in
            let answer = try await site.send("POST", "/api/pictures/2/conversions", #"{"style":"chalk"}"#)
            #expect(answer.status == 202)
            let job = answer.json
            #expect(job.id == "2-chalk" && job.number == 2 && job.style == "chalk" && job.state == "waiting")
            #expect(job.progress == 0 && job.position == 0)
            #expect(try await site.get("/api/jobs").json.jobs.list == [job])
            #expect(try await site.get("/api/jobs/2-chalk").json == job)
            let token = try await site.enter()
            #expect(try await site.ask("DELETE", "/api/jobs/2-chalk", cookie: token).status == 204)
            #expect(try await site.ask("DELETE", "/api/jobs/2-chalk", cookie: token).isProblem(404))
            #expect(try await site.get("/api/jobs").json.jobs == .list([]))
            #expect(site.appliance.deeds == [.convert(2, "chalk"), .cancel("2-chalk")])
        }
    }

    @Test("a picture is painted anew in another size, up to 1920 by guests and to any size by the host")
    func size() async throws {
        try await withServer { site in
            let path = "/api/pictures/2/conversions"
            #expect(try await site.send("POST", path, #"{"style":"cute","size":1920}"#).status == 202)
            let token = try await site.enter()
            for size in ["64", "4096", "\"full\""] {
                let answer = try await site.send("POST", path, #"{"style":"chalk","size":\#(size)}"#, cookie: token)
                #expect(answer.status == 202)
            }
            #expect(
                site.appliance.deeds == [
                    .convert(2, "cute", AnimeWish(size: .pixels(1920))),
                    .convert(2, "chalk", AnimeWish(size: .pixels(64))),
                    .convert(2, "chalk", AnimeWish(size: .pixels(4096))), .convert(2, "chalk", AnimeWish(size: .full)),
                ])
        }
    }

    @Test("a picture is painted anew with its faces done otherwise", arguments: AnimeFaces.allCases)
    func faces(_ faces: AnimeFaces) async throws {
        try await withServer { site async throws in
            let body = #"{"style":"cute","faces":"\#(faces.rawValue)"}"#
            #expect(try await site.send("POST", "/api/pictures/2/conversions", body).status == 202)
            #expect(site.appliance.deeds == [.convert(2, "cute", AnimeWish(faces: faces))])
        }
    }

    @Test("a picture is painted with hair and eyes of other colours", arguments: AnimeColour.allCases)
    func colours(_ colour: AnimeColour) async throws {
        try await withServer { site async throws in
            let body = #"{"style":"chalk","hair":"\#(colour.rawValue)","eyes":"teal"}"#
            #expect(try await site.send("POST", "/api/pictures/2/conversions", body).status == 202)
            #expect(site.appliance.deeds == [.convert(2, "chalk", AnimeWish(hair: colour, eyes: .teal))])
        }
    }

    @Test("what is wrong with a size is said in one sentence")
    func sizeSentence() async throws {
        try await withServer { site in
            let answer = try await site.send("POST", "/api/pictures/2/conversions", #"{"style":"chalk","size":5000}"#)
            #expect(answer.json.detail == "\"size\" has to be a whole number from 64 to 4096, or \"full\".")
        }
    }

    @Test(
        "a conversion that cannot be is refused",
        arguments: [
            ("/api/pictures/2/conversions", #"{"style":"cute"}"#, 409),
            ("/api/pictures/9/conversions", #"{"style":"chalk"}"#, 404),
            ("/api/pictures/2/conversions", "{}", 422), ("/api/pictures/2/conversions", "", 422),
            ("/api/pictures/2/conversions", #"{"style":"chalk","x":1}"#, 422),
            ("/api/pictures/2/conversions", #"{"style":"chalk","size":63}"#, 422),
            ("/api/pictures/2/conversions", #"{"style":"chalk","size":4097}"#, 422),
            ("/api/pictures/2/conversions", #"{"style":"chalk","size":"large"}"#, 422),
            ("/api/pictures/2/conversions", #"{"style":"chalk","size":null}"#, 422),
            ("/api/pictures/2/conversions", #"{"size":512}"#, 422),
            ("/api/pictures/2/conversions", #"{"style":"chalk","faces":"two"}"#, 422),
            ("/api/pictures/2/conversions", #"{"style":"chalk","faces":2}"#, 422),
            ("/api/pictures/2/conversions", #"{"style":"chalk","hair":"purple"}"#, 422),
            ("/api/pictures/2/conversions", #"{"style":"chalk","eyes":""}"#, 422),
            ("/api/pictures/2/conversions", #"{"style":"chalk","eyes":["red"]}"#, 422),
            ("/api/pictures/2/conversions", #"{"style":"chalk","size":1921}"#, 403),
            ("/api/pictures/2/conversions", #"{"style":"chalk","size":"full"}"#, 403),
            ("/api/pictures/2/conversions", "x", 400),
        ])
    func refused(_ path: String, _ body: String, _ status: Int) async throws {
        try await withServer { site in
            let answer = try await site.send("POST", path, body)
            #expect(answer.isProblem(status) && site.appliance.deeds.isEmpty)
        }
    }

    @Test("while guests may not upload they may not convert either, and the host may")
    func uploadsOff() async throws {
        let appliance = try VirtualAppliance()
        appliance.change { $0.settings.uploads = false }
        try await withServer(appliance) { site async throws in
            let (path, body) = ("/api/pictures/2/conversions", #"{"style":"chalk"}"#)
            #expect(try await site.send("POST", path, body).isProblem(403))
            #expect(try await site.get("/api/session").json.uploads == false)
            #expect(try await site.send("POST", path, body, cookie: try await site.enter()).status == 202)
        }
    }

    @Test("a full queue is told with a time to come again")
    func full() async throws {
        let appliance = try VirtualAppliance()
        appliance.change { $0.refusal = Refusal(.busy, "The queue is full.") }
        try await withServer(appliance) { site in
            let answer = try await site.send("POST", "/api/pictures/2/conversions", #"{"style":"chalk"}"#)
            #expect(answer.isProblem(503) && answer["retry-after"] == "3")
        }
    }

    @Test("a job that is not there is 404", arguments: ["x", "2-chalk", "%00", ".."])
    func noJob(_ id: String) async throws {
        try await withServer { site in
            let answer = try await site.get("/api/jobs/\(id)")
            #expect(answer.isProblem(404))
        }
    }
}
