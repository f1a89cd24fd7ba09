import Appliance
import Booth
import Glibc
import Testing

@Suite("The examination")
struct ExaminationTests {
    private let folder = TemporaryFolder()

    private func findings(_ values: [String: String]) async throws -> [String: Finding] {
        var all = [
            "album.folder": "\(folder.path)/album", "state.folder": "\(folder.path)/state", "camera.kind": "virtual",
            "button.pin": "none", "lamp.pin": "none", "web.enabled": "false", "models.size": "s",
        ]
        all.merge(values) { $1 }
        let settings = try SettingsLoader.load(
            file: folder.put("animesnap.yaml", []), environment: [:],
            flags: all.map { .init(name: "test", key: $0.key, value: $0.value) }, model: nil)
        let findings = await Examination(settings: settings, machine: Machine()).findings()
        return Dictionary(findings.map { ($0.subject, $0) }, uniquingKeysWith: { first, _ in first })
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

    @Test("a style that there is not is a problem")
    func unknownStyle() async throws {
        let model = try #require(try await findings(["style": "manga"])["model"])
        #expect(model.verdict == .problem && model.text.contains("there is no model called 'manga'"))
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
        for name in ["0001-photo.jpg", "0001-cel.jpg", "0002-photo.jpg"] { folder.put("album/\(name)") }
        let text = try #require(try await findings(["retention.free-space": "0"])["album"]).text
        #expect(text.contains("/album, 2 pictures, 1 to be painted, "))
    }
}
