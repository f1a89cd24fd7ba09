import Testing
import Web

@Suite("Pictures")
struct PictureRouteTests {
    @Test("the newest pictures come first, page by page")
    func pages() async throws {
        try await withServer(VirtualAppliance(pictures: 7)) { site in
            var (numbers, next, pages) = ([Double](), "", 0)
            repeat {
                let json = try await site.get("/api/pictures?limit=3\(next)").json
                #expect(json.count == 7)
                numbers += json.pictures.list.compactMap(\.number.asNumber)
                pages += 1
                next = json.next.asNumber.map { "&before=\(Int($0))" } ?? ""
                if next.isEmpty { #expect(json.next == .null) }
            } while !next.isEmpty && pages < 10
            #expect(numbers == [7, 6, 5, 4, 3, 2, 1] && pages == 3)
        }
    }

    @Test("pictures can be asked for by style and pin")
    func wishes() async throws {
        try await withServer { site in
            let token = try await site.enter()
            _ = try await site.ask("PUT", "/api/pictures/2/pin", cookie: token)
            let pinned = try await site.get("/api/pictures?pinned=true").json
            #expect(pinned.count == 1 && pinned.pictures[0].number == 2 && pinned.pictures[0].pinned == true)
            #expect(try await site.get("/api/pictures?style=cute").json.count == 3)
            #expect(try await site.get("/api/pictures?style=none").json.pictures.list.isEmpty)
        }
    }

    @Test(
        "a wish that makes no sense is refused",
        arguments: [
            "limit=0", "limit=101", "limit=x", "limit=", "before=0", "before=-1", "before=99999999999999999999",
            "pinned=yes",
        ])
    func nonsense(_ query: String) async throws {
        try await withServer { site in
            let answer = try await site.get("/api/pictures?\(query)")
            #expect(answer.isProblem(400))
        }
    }

    @Test("a picture names its files")
    func picture() async throws {
        try await withServer { site in
            let json = try await site.get("/api/pictures/2").json
            #expect(json.keys == ["anime", "failed", "number", "photo", "pinned", "taken", "waiting"])
            #expect(json.number == 2 && json.pinned == false && json.taken == "2027-06-01T12:00:00Z")
            #expect(json.photo.file == "/files/0002-photo.jpg" && json.anime[0].thumb == "/files/0002-cute-thumb.jpg")
            #expect(json.photo.keys == ["file", "preview", "thumb"])
            for file in [json.photo.file, json.photo.preview, json.photo.thumb, json.anime[0].file] {
                #expect(try await site.get(file.text).status == 200)
            }
        }
    }

    @Test(
        "a picture that is not there is 404",
        arguments: ["9", "0", "-1", "x", "2x", "+2", "99999999999999999999", "%32", "2%00", "%D9%A2"])
    func noPicture(_ number: String) async throws {
        try await withServer { site in
            let token = try await site.enter()
            let path = "/api/pictures/\(number)"
            #expect(try await site.get(path).isProblem(404))
            #expect(try await site.ask("DELETE", path, cookie: token).isProblem(404))
            #expect(try await site.ask("PUT", "\(path)/pin", cookie: token).isProblem(404))
            #expect(site.appliance.deeds.isEmpty)
        }
    }

    @Test("the host deletes a picture")
    func delete() async throws {
        try await withServer { site in
            let token = try await site.enter()
            let answer = try await site.ask("DELETE", "/api/pictures/2", cookie: token)
            #expect(answer.status == 204 && answer.body.isEmpty && answer["content-length"] == nil)
            #expect(site.appliance.deeds == [.delete(2)])
            #expect(try await site.get("/api/pictures/2").isProblem(404))
        }
    }

    @Test("the host keeps a picture, and no longer")
    func pin() async throws {
        try await withServer { site in
            let token = try await site.enter()
            #expect(try await site.ask("PUT", "/api/pictures/1/pin", cookie: token).status == 204)
            #expect(try await site.ask("DELETE", "/api/pictures/1/pin", cookie: token).status == 204)
            #expect(site.appliance.deeds == [.pin(1, true), .pin(1, false)])
        }
    }

    @Test(
        "what the appliance refuses has the status of its kind",
        arguments: [
            (Refusal.Kind.notFound, 404), (.exists, 409), (.invalid, 422), (.busy, 503), (.full, 507), (.failed, 500),
        ])
    func refusals(_ kind: Refusal.Kind, _ status: Int) async throws {
        let appliance = try VirtualAppliance()
        appliance.change { $0.refusal = Refusal(kind, "It is a \"test\" today.") }
        try await withServer(appliance) { site in
            let answer = try await site.ask("DELETE", "/api/pictures/1", cookie: try await site.enter())
            #expect(answer.isProblem(status) && answer.json.detail == "It is a \"test\" today.")
            #expect((answer["retry-after"] != nil) == (kind == .busy))
        }
    }

    @Test("all photos and anime pictures come as one archive")
    func archive() async throws {
        try await withServer { site in
            let answer = try await site.get("/api/archive.zip")
            #expect(answer.status == 200 && answer["content-type"] == "application/zip")
            #expect(answer["content-disposition"] == "attachment; filename=\"animesnap.zip\"")
            let files = try ZipReading(answer.body).files
            #expect(files.map(\.name) == (1...3).flatMap { ["000\($0)-cute.jpg", "000\($0)-photo.jpg"] })
            for file in files { #expect(file.bytes == contents(site.appliance.folder("album/\(file.name)"))) }
        }
    }

    @Test("an archive has the pictures that were asked for and still are there")
    func someFiles() async throws {
        let appliance = try VirtualAppliance()
        try appliance.addPicture(4, photo: (0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* 13) })
        appliance.change { state in
            state.files["0001-cute.jpg"] = appliance.folder("album/gone.jpg")
        }
        try await withServer(appliance) { site in
            let files = try ZipReading(try await site.get("/api/archive.zip?numbers=4,1,9").body).files
            #expect(files.map(\.name) == ["0001-photo.jpg", "0004-cute.jpg", "0004-photo.jpg"])
            #expect(files.last?.bytes.count == 400_000)
        }
    }

    @Test(
        "an archive of nothing or of nonsense is refused",
        arguments: [
            ("9", 404), ("x", 400), ("1,,2", 400), ("1,", 400), ("-1", 400), ("0", 400), ("9999999999", 400),
            ("1;2", 400),
        ])
    func noArchive(_ numbers: String, _ status: Int) async throws {
        try await withServer { site in
            let answer = try await site.get("/api/archive.zip?numbers=\(numbers)")
            #expect(answer.isProblem(status))
        }
    }
}
