import Testing
import Web

@Suite("Uploads")
struct UploadRouteTests {
    private static func form(_ parts: [(head: String, bytes: [UInt8])], end: String = "--x--\r\n") -> [UInt8] {
        parts.flatMap { part in
            Array("--x\r\nContent-Disposition: form-data; \(part.head)\r\n\r\n".utf8) + part.bytes + [13, 10]
        } + Array(end.utf8)
    }

    private static let formType = "Content-Type: multipart/form-data; boundary=x"
    private static let jpegType = "Content-Type: image/jpeg"

    @Test("a guest uploads a photo")
    func file() async throws {
        try await withServer { site in
            let photo = try VirtualAppliance.jpeg(9)
            let answer = try await site.ask("POST", "/api/uploads?style=chalk", [Self.jpegType], body: photo)
            #expect(answer.status == 201 && answer.json.pictures.list.count == 1)
            let picture = answer.json.pictures[0]
            #expect(picture.number == 4 && picture.waiting == .list(["chalk"]) && picture.taken == .null)
            #expect(picture.photo.preview == .null && picture.photo.file == "/files/0004-photo.jpg")
            #expect(site.appliance.deeds == [.add(bytes: photo.count, style: "chalk")])
        }
    }

    @Test("what is to be done with the faces of a photo comes in the address or before it in a form")
    func faces() async throws {
        try await withServer { site in
            let photo = try VirtualAppliance.jpeg(9)
            let path = "/api/uploads?faces=off"
            #expect(try await site.ask("POST", path, [Self.jpegType], body: photo).status == 201)
            let parts: [(String, [UInt8])] = [
                ("name=photo; filename=a.jpg", photo), ("name=faces", Array("only".utf8)),
                ("name=photo; filename=b.jpg", photo),
            ]
            #expect(try await site.ask("POST", path, [Self.formType], body: Self.form(parts)).status == 201)
            #expect(
                site.appliance.deeds
                    == [AnimeFaces.off, .off, .only].map { .add(bytes: photo.count, style: nil, faces: $0) })
            let wrong = try await site.ask("POST", "/api/uploads?faces=two", [Self.jpegType], body: photo)
            #expect(wrong.isProblem(422) && wrong.json.detail.text.contains("\"faces\""))
        }
    }

    @Test("a form may have many photos and a style")
    func form() async throws {
        try await withServer { site in
            let photos = try (5...7).map { try VirtualAppliance.jpeg($0) }
            let body = Self.form(
                [("name=style", Array("chalk".utf8))] + photos.map { ("name=\"photo\"; filename=\"a.jpg\"", $0) }
                    + [("name=\"photo\"; filename=\"\"", [])])
            let answer = try await site.ask("POST", "/api/uploads", [Self.formType], body: body)
            #expect(answer.status == 201)
            #expect(answer.json.pictures.list.map(\.number) == [4, 5, 6])
            #expect(site.appliance.deeds == photos.map { .add(bytes: $0.count, style: "chalk") })
        }
    }

    @Test("a photo may come in chunks, and after a pause")
    func chunks() async throws {
        try await withServer { site in
            let photo = try VirtualAppliance.jpeg(9)
            let wire = try site.connect()
            let fields = [Self.jpegType, "Transfer-Encoding: chunked", "Expect: 100-continue"]
            try await wire.send(site.head("POST", "/api/uploads", fields))
            #expect(try await wire.answer().status == 100)
            for part in [photo[..<100], photo[100...]] {
                try await wire.send("\(String(part.count, radix: 16))\r\n")
                try await wire.send(Array(part) + [13, 10])
                try await Task.sleep(for: .milliseconds(20))
            }
            try await wire.send("0\r\n\r\n")
            #expect(try await wire.answer().status == 201)
            #expect(site.appliance.deeds == [.add(bytes: photo.count, style: nil)])
            // The connection goes on.
            try await wire.send(site.head("GET", "/api/jobs"))
            #expect(try await wire.answer().status == 200)
        }
    }

    @Test("what is no photo is refused with its reason")
    func noPhoto() async throws {
        try await withServer { site in
            let photo = try VirtualAppliance.jpeg(9)
            var bomb = photo
            let frame = try #require(bomb.firstRange(of: [0xFF, 0xC0]))
            bomb.replaceSubrange((frame.lowerBound + 5)..<(frame.lowerBound + 9), with: [0xFF, 0xDC, 0xFF, 0xDC])
            let bodies: [[UInt8]] = [
                [], Array("GIF89a".utf8), Array(photo.prefix(100)), Array(photo.dropLast(photo.count / 3)), bomb,
                [0xFF, 0xD8], [0xFF, 0xD8, 0xFF, 0xD9], Array(repeating: 0, count: 10_000),
            ]
            for (index, body) in bodies.enumerated() {
                let answer = try await site.ask("POST", "/api/uploads", [Self.jpegType], body: body)
                #expect(answer.isProblem(422), "body \(index): \(answer.status) \(answer.text)")
                let form = Self.form([("name=photo; filename=a.jpg", body.isEmpty ? [1] : body)])
                let second = try await site.ask("POST", "/api/uploads", [Self.formType], body: form)
                #expect(second.isProblem(422), "form \(index)")
            }
            #expect(site.appliance.deeds.isEmpty)
            #expect(try await site.servesHonestClients())
        }
    }

    @Test(
        "what comes as something else is refused",
        arguments: [
            "image/png", "text/plain", "application/x-www-form-urlencoded", "image/jpegx", "",
            "multipart/mixed; boundary=x",
        ])
    func otherType(_ type: String) async throws {
        try await withServer { site in
            let fields = type.isEmpty ? [] : ["Content-Type: \(type)"]
            let answer = try await site.ask("POST", "/api/uploads", fields, body: try VirtualAppliance.jpeg(9))
            #expect(answer.isProblem(415) && site.appliance.deeds.isEmpty)
        }
    }

    @Test("a form that is not whole or has no photo is refused")
    func badForms() async throws {
        try await withServer { site in
            let photo = try VirtualAppliance.jpeg(9)
            let forms: [(body: [UInt8], status: Int)] = [
                (Self.form([]), 422), (Self.form([("name=style", Array("chalk".utf8))]), 422), ([], 400),
                (Self.form([("name=photo; filename=a", photo)], end: "--x"), 400), (Array("nonsense".utf8), 400),
                (Self.form([("name=photo", Array(repeating: 1, count: 2000))]), 413),
                (Self.form((0..<40).map { _ in ("name=a", [1]) }), 413),
                (Array("--x\r\n".utf8) + Array(repeating: 0x41, count: 20_000), 400),
            ]
            for (index, form) in forms.enumerated() {
                let answer = try await site.ask("POST", "/api/uploads", [Self.formType], body: form.body)
                #expect(answer.isProblem(form.status), "form \(index): \(answer.status) \(answer.text)")
            }
            for type in ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a"] {
                let answer = try await site.ask("POST", "/api/uploads", ["Content-Type: \(type)"], body: [1])
                #expect(answer.isProblem(400))
            }
        }
    }

    @Test("an unknown style is refused")
    func style() async throws {
        try await withServer { site in
            let photo = try VirtualAppliance.jpeg(9)
            let answer = try await site.ask("POST", "/api/uploads?style=none", [Self.jpegType], body: photo)
            #expect(answer.isProblem(422))
        }
    }

    @Test("a photo above the limit is refused, however its length is told")
    func tooLarge() async throws {
        try await withServer(nil, { $0.mostUploadBytes = 100_000 }) { site in
            let body = [UInt8](repeating: 7, count: 100_001)
            #expect(try await site.ask("POST", "/api/uploads", [Self.jpegType], body: body).isProblem(413))
            let chunk = Array("186a1\r\n".utf8) + body + Array("\r\n0\r\n\r\n".utf8)
            let wire = try site.connect()
            try await wire.send(site.head("POST", "/api/uploads", [Self.jpegType, "Transfer-Encoding: chunked"]))
            await wire.offer(chunk)
            #expect(try await wire.answer().isProblem(413))
            let form = Self.form([("name=photo; filename=a", body)])
            #expect(try await site.ask("POST", "/api/uploads", [Self.formType], body: form).isProblem(413))
            #expect(site.appliance.deeds.isEmpty)
        }
    }

    @Test("the host decides whether guests upload")
    func forbidden() async throws {
        try await withServer { site in
            let token = try await site.enter()
            _ = try await site.send("PUT", "/api/settings", #"{"uploads":false}"#, cookie: token)
            let photo = try VirtualAppliance.jpeg(9)
            #expect(try await site.ask("POST", "/api/uploads", [Self.jpegType], body: photo).isProblem(403))
            let answer = try await site.ask("POST", "/api/uploads", [Self.jpegType], cookie: token, body: photo)
            #expect(answer.status == 201)
        }
    }

    @Test("a full disk and a full queue are told", arguments: [(Refusal.Kind.full, 507), (.busy, 503)])
    func refused(_ kind: Refusal.Kind, _ status: Int) async throws {
        let appliance = try VirtualAppliance()
        appliance.change { $0.refusal = Refusal(kind, "There is no room.") }
        try await withServer(appliance) { site in
            let photo = try VirtualAppliance.jpeg(9)
            let answer = try await site.ask("POST", "/api/uploads", [Self.jpegType], body: photo)
            #expect(answer.isProblem(status) && answer.json.detail == "There is no room.")
        }
    }

    @Test("two uploads come in at once and two wait; the others are told to come again")
    func crowd() async throws {
        let change: (inout WebOptions) -> Void = { options in
            options.uploadPatience = .seconds(120)
            options.limits.bodyStill = .seconds(120)
        }
        try await withServer(nil, change) { site in
            let photo = try VirtualAppliance.jpeg(9)
            var slow: [Wire] = []
            for _ in 0..<7 {
                let wire = try site.connect()
                try await wire.send(site.head("POST", "/api/uploads", [Self.jpegType], count: photo.count))
                try await wire.send(Array(photo.dropLast()))
                slow.append(wire)
            }
            var isRefused = [Bool](repeating: false, count: slow.count)
            let areRefused = try await becomesTrue {
                for (index, wire) in slow.enumerated() where !isRefused[index] {
                    isRefused[index] = await wire.wait(for: .milliseconds(10)) { !wire.received.isEmpty }
                }
                return isRefused.filter { $0 }.count == 3
            }
            #expect(areRefused)
            #expect(site.appliance.deeds.isEmpty)
            for (wire, isRefused) in zip(slow, isRefused) where !isRefused {
                try await wire.send(Array(photo.suffix(1)))
            }
            for (wire, isRefused) in zip(slow, isRefused) {
                let answer = try await wire.answer()
                #expect(isRefused ? answer.isProblem(503) && answer["retry-after"] == "2" : answer.status == 201)
            }
            #expect(site.appliance.deeds.count == 4)
        }
    }
}
