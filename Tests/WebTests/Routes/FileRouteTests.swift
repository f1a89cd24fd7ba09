import Glibc
import Testing
import Web

@Suite("Files of pictures")
struct FileRouteTests {
    /// An album with a photo of 300,000 bytes, which is sent in portions.
    private static let long = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 13 &+ $0 >> 8) }

    private static func appliance() throws -> VirtualAppliance {
        let appliance = try VirtualAppliance()
        try appliance.addPicture(4, photo: long)
        return appliance
    }

    @Test(
        "a file is sent as it is",
        arguments: ["0001-photo.jpg", "0001-cute.jpg", "0001-cute-thumb.jpg", "0004-photo.jpg"])
    func whole(_ name: String) async throws {
        try await withServer(Self.appliance()) { site in
            let answer = try await site.get("/files/\(name)")
            let bytes = contents(site.appliance.folder("album/\(name)"))
            #expect(answer.status == 200 && answer.body == bytes && !bytes.isEmpty)
            #expect(answer["content-length"] == String(bytes.count) && answer["transfer-encoding"] == nil)
            #expect(answer["content-type"] == "image/jpeg" && answer["accept-ranges"] == "bytes")
            let tag = try #require(answer["etag"])
            #expect(tag.count > 2 && tag.hasPrefix("\"") && tag.hasSuffix("\""))
            #expect(answer["content-disposition"] == nil)
            let isPhoto = name.contains("photo")
            #expect(answer["cache-control"]?.contains("immutable") == isPhoto)
        }
    }

    @Test("HEAD tells the same and sends nothing")
    func head() async throws {
        try await withServer(Self.appliance()) { site in
            for name in ["0001-photo.jpg", "0004-photo.jpg"] {
                let (head, get) = (try await site.ask("HEAD", "/files/\(name)"), try await site.get("/files/\(name)"))
                #expect(head.status == 200 && head["content-length"] == get["content-length"])
                #expect(head["etag"] == get["etag"] && head["content-length"] == String(get.body.count))
            }
        }
    }

    @Test(
        "a part of a file is sent",
        arguments: [
            ("bytes=0-0", 0..<1), ("bytes=10-19", 10..<20), ("bytes=299999-", 299_999..<300_000),
            ("bytes=-5", 299_995..<300_000), ("bytes=1000-299000", 1000..<299_001), ("bytes=0-999999", 0..<300_000),
        ])
    func part(_ header: String, _ range: Range<Int>) async throws {
        try await withServer(Self.appliance()) { site in
            let answer = try await site.get("/files/0004-photo.jpg", ["Range: \(header)"])
            #expect(answer.status == 206 && answer.body == Array(Self.long[range]))
            #expect(answer["content-range"] == "bytes \(range.lowerBound)-\(range.upperBound - 1)/300000")
            #expect(answer["content-length"] == String(range.count))
        }
    }

    @Test(
        "a part behind the end is 416 and tells the length",
        arguments: ["bytes=300000-", "bytes=99999999999999999999-", "bytes=-0"])
    func behind(_ header: String) async throws {
        try await withServer(Self.appliance()) { site in
            let answer = try await site.get("/files/0004-photo.jpg", ["Range: \(header)"])
            #expect(answer.isProblem(416) && answer["content-range"] == "bytes */300000")
        }
    }

    @Test("several parts or nonsense get the whole file", arguments: ["bytes=0-1,5-9", "bytes=9-5", "x"])
    func several(_ header: String) async throws {
        try await withServer(Self.appliance()) { site in
            let answer = try await site.get("/files/0004-photo.jpg", ["Range: \(header)"])
            #expect(answer.status == 200 && answer.body == Self.long && answer["content-range"] == nil)
        }
    }

    @Test("what the client has is not sent again")
    func unchanged() async throws {
        try await withServer { site in
            let tag = try #require(try await site.get("/files/0001-photo.jpg")["etag"])
            for value in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
                let answer = try await site.get(
                    "/files/0001-photo.jpg", ["If-None-Match: \(value)", "Range: bytes=0-1"])
                #expect(answer.status == 304 && answer["etag"] == tag && answer["content-length"] == nil)
            }
            #expect(try await site.get("/files/0001-photo.jpg", ["If-None-Match: \"x\""]).status == 200)
        }
    }

    @Test("a part of another version is not sent")
    func ifRange() async throws {
        try await withServer { site in
            let path = "/files/0001-photo.jpg"
            let tag = try #require(try await site.get(path)["etag"])
            #expect(try await site.get(path, ["Range: bytes=0-1", "If-Range: \(tag)"]).status == 206)
            for other in ["\"x\"", "W/\(tag)", "Tue, 01 Jun 2027 12:00:00 GMT"] {
                #expect(try await site.get(path, ["Range: bytes=0-1", "If-Range: \(other)"]).status == 200)
            }
            // The file is written anew.
            try site.appliance.folder.add("album/0001-photo.jpg", VirtualAppliance.jpeg(5))
            let answer = try await site.get(path, ["Range: bytes=0-1", "If-Range: \(tag)"])
            #expect(answer.status == 200 && answer["etag"] != tag)
        }
    }

    @Test("a file can be saved under its name")
    func download() async throws {
        try await withServer { site in
            let answer = try await site.get("/files/0001-cute.jpg?download=1")
            #expect(answer.status == 200)
            #expect(answer["content-disposition"] == "attachment; filename=\"0001-cute.jpg\"")
        }
    }

    @Test("a picture that is gone is 404")
    func gone() async throws {
        try await withServer { site async throws in
            unlink(site.appliance.folder("album/0001-photo.jpg"))
            #expect(try await site.get("/files/0001-photo.jpg").isProblem(404))
            #expect(try await site.get("/files/0099-photo.jpg").isProblem(404))
        }
    }

    @Test("a link, a folder and a pipe are no pictures")
    func noFiles() async throws {
        try await withServer { site in
            let folder = site.appliance.folder
            let secret = try folder.add("secret.jpg", Array("secret".utf8))
            symlink(secret, folder("album/link.jpg"))
            mkdir(folder("album/folder.jpg"), 0o755)
            mkfifo(folder("album/pipe.jpg"), 0o644)
            for name in ["link.jpg", "folder.jpg", "pipe.jpg"] {
                site.appliance.change { $0.files[name] = folder("album/\(name)") }
                #expect(try await site.get("/files/\(name)").isProblem(404), "\(name)")
            }
        }
    }

    @Test("an empty file is sent and has no parts")
    func empty() async throws {
        try await withServer { site in
            try site.appliance.folder.add("album/0001-photo.jpg", [])
            let answer = try await site.get("/files/0001-photo.jpg")
            #expect(answer.status == 200 && answer["content-length"] == "0")
            #expect(try await site.get("/files/0001-photo.jpg", ["Range: bytes=0-"]).isProblem(416))
        }
    }

    @Test("only files that the album knows are sent, however a path is written")
    func traversal() async throws {
        try await withServer { site in
            let folder = site.appliance.folder
            for name in ["secret.jpg", "album/secret.jpg", "album/inner/secret.jpg"] {
                try folder.add(name, Array("the secret".utf8))
            }
            let names = [
                "secret.jpg", "../secret.jpg", "..%2fsecret.jpg", "%2e%2e%2fsecret.jpg", "%2e%2e/secret.jpg",
                "..%5csecret.jpg", "..\\secret.jpg", "....//secret.jpg", "..%252fsecret.jpg", "..%c0%afsecret.jpg",
                "..%ef%bc%8fsecret.jpg", "inner/secret.jpg", "./secret.jpg", "/secret.jpg", "%2fsecret.jpg",
                folder("secret.jpg"), "file://" + folder("secret.jpg"), "0001-photo.jpg/../secret.jpg",
                "0001-photo.jpg%2f..%2fsecret.jpg", "secret.jpg%00", "secret.jpg%00.jpg", "secret%2ejpg", "SECRET.JPG",
                "..", ".", "", "%2e%2e", "..;/secret.jpg", "~/secret.jpg", "secret.jpg?x", "secret.jpg#x",
                "../../../../../../../../etc/passwd", "%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd",
            ]
            for name in names {
                for prefix in ["/files/", "/styles/", "/assets/", "/icons/", "/p/", "/"] {
                    let answer = try await site.get(prefix + name)
                    let isShell = prefix == "/" && name.isEmpty
                    #expect(
                        isShell || answer.status == 404 || answer.status == 400, "\(prefix)\(name): \(answer.status)")
                    #expect(!answer.text.contains("the secret") && !answer.text.contains("root:"), "\(prefix)\(name)")
                }
            }
            #expect(try await site.servesHonestClients())
        }
    }
}
