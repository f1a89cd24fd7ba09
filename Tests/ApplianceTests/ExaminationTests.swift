import Appliance
import Booth
import Glibc
import Painting
import Testing

@Suite("The examination")
struct ExaminationTests {
    private let folder = TemporaryFolder()

    private func findings(_ values: [String: String]) async throws -> [String: Finding] {
        Dictionary(try await all(values).map { ($0.subject, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// What is told of models besides the first finding.
    private func warnings(_ values: [String: String]) async throws -> [String] {
        try await all(values).filter { $0.subject == "model" && $0.verdict == .warning }.map(\.text)
    }

    private func all(_ values: [String: String]) async throws -> [Finding] {
        var all = [
            "album.folder": "\(folder.path)/album", "state.folder": "\(folder.path)/state", "camera.kind": "virtual",
            "button.pin": "none", "lamp.pin": "none", "web.enabled": "false", "models.size": "s",
        ]
        all.merge(values) { $1 }
        let settings = try SettingsLoader.load(
            file: folder.put("animesnap.yaml", []), environment: [:],
            flags: all.map { .init(name: "test", key: $0.key, value: $0.value) }, model: nil)
        return await Examination(settings: settings, machine: Machine()).findings()
    }

    @Test("tells what the settings name, and changes nothing")
    func standard() async throws {
        let found = try await findings([:])
        #expect(found["button"]?.verdict == .warning && found["button"]?.text == "none: nobody can press it")
        #expect(found["lamp"]?.text == "none" && found["web"]?.text.hasPrefix("off") == true)
        #expect(found["album"]?.text == "\(folder.path)/album is not there yet: it is made at the start")
        #expect(found["model"]?.verdict == .good && found["painting"]?.verdict == .good)
        #expect(access("\(folder.path)/album", F_OK) != 0 && access("\(folder.path)/state", F_OK) != 0)
    }

    @Test("tells how faces and large pictures are painted, and how large the camera's stream is")
    func networks() async throws {
        let found = try await findings([:])
        #expect(found["faces"]?.text.contains("each is painted by itself; ") == true)
        #expect(found["faces"]?.text.hasSuffix("seeing/yunet-n.safetensors finds them") == true)
        #expect(found["enlarging"]?.text.hasSuffix("finishing/finish.safetensors doubles what was drawn") == true)
        #expect(
            found["painting"]?.text.hasPrefix("1280 pixels at the longest side: the network sees 640; ")
                == true)
        #expect(found["stream"]?.text == "1280x960 at 15 a second: as large as pictures are painted")
        #expect(found["size"]?.text.contains(" a picture at 1280 with two faces (measured: ") == true)
        let others = try await findings(["picture.faces": "off", "picture.size": "512"])
        #expect(others["faces"]?.text == "off: they are painted with the scene")
        #expect(others["stream"]?.text.contains("more than the 512 pixels of picture.size") == true)
        #expect(others["size"]?.text.contains(" a picture at 512 (measured: ") == true)
        let full = try await findings(["picture.size": "full", "camera.size": "640x480"])
        #expect(full["stream"]?.text == "640x480 at 15 a second: pictures are painted as large as that")
    }

    @Test("a network of the program that is damaged is told with what becomes of pictures without it")
    func damagedNetworks() async throws {
        for name in ["seeing", "finishing"] { folder.makeFolder(name) }
        for name in ["seeing/yunet-n", "finishing/finish"] { folder.put("\(name).safetensors", [1, 2, 3]) }
        let weights = ModelLibrary.standard
        let models = ["models.folder": folder.path, "style": try weights.path(of: "cute-s")]
        let found = try await findings(models)
        #expect(found["faces"]?.verdict == .warning && found["faces"]?.text.contains("lose eyes") == true)
        #expect(found["enlarging"]?.verdict == .warning && found["enlarging"]?.text.contains("take longer") == true)
        #expect(found["painting"]?.text.contains("the network sees 1280; ") == true)
        #expect(try await findings(models.merging(["picture.faces": "only"]) { $1 })["faces"]?.verdict == .problem)
        #expect(try await findings(models.merging(["picture.size": "640"]) { $1 })["enlarging"]?.verdict == .good)
    }

    @Test("a time that not even the smallest model keeps to is told, and the smallest paints")
    func timeLimit() async throws {
        let size = try #require(try await findings(["models.size": "auto", "models.time-limit": "0.01"])["size"])
        #expect(size.text.hasPrefix("s, about ") && size.text.contains("longer than the 0.01 s of models.time-limit"))
    }

    @Test("a style that there is not is a problem")
    func unknownStyle() async throws {
        let model = try #require(try await findings(["style": "manga"])["model"])
        #expect(model.verdict == .problem && model.text.contains("there is no model called 'manga'"))
    }

    @Test("settings that name a style that has gone go on with the one that has its place, and a warning says so")
    func retiredStyle() async throws {
        folder.makeFolder("styles")
        symlink(try ModelLibrary.standard.path(of: "drawn-m"), "\(folder.path)/brush-s.safetensors")
        folder.put("styles/painted.json", Array(#"{"network": "brush"}"#.utf8))
        let found = try await findings([
            "models.folder": folder.path, "style": "shinkai-s", "styles.painted.eyes": "1.1", "styles.cel.eyes": "1.1",
        ])
        #expect(found["model"]?.verdict == .good && found["model"]?.text.contains("brush-s.safetensors") == true)
        #expect(found["styles"]?.text == "painted; painted comes first")
        let all = try await warnings([
            "models.folder": folder.path, "style": "shinkai", "styles.cel.eyes": "1.1",
        ])
        #expect(
            all == [
                "test: there is no drawn style 'cel', so styles.cel.eyes changes nothing",
                "test: the style 'shinkai' is not painted any more; 'painted' has its place",
            ])
    }

    @Test("an address that is not this machine's is a warning: the camera takes pictures without pages")
    func address() async throws {
        let web = try #require(
            try await findings(["web.enabled": "true", "web.address": "192.0.2.1", "web.port": "8080"])["web"])
        #expect(web.verdict == .warning && web.text.contains("192.0.2.1 is no address of this machine"))
    }

    @Test("pictures, and what has still to be painted, are counted")
    func album() async throws {
        folder.makeFolder("album")
        for name in ["0001-photo.jpg", "0001-chalk.jpg", "0002-photo.jpg"] { folder.put("album/\(name)") }
        let text = try #require(try await findings(["retention.free-space": "0"])["album"]).text
        #expect(text.contains("/album, 2 pictures, 1 to be painted, "))
    }
}
