import Album
import Appliance
import Booth
import Imaging
import Painting
import Testing
import Web

@Suite("What the host sets")
struct SettingsTests {
    private func change(_ body: (inout SettingsChange) -> Void) -> SettingsChange {
        var change = SettingsChange()
        body(&change)
        return change
    }

    @Test("counts at once while a picture is painted")
    func whilePainting() async throws {
        var options = Painter.Options()
        options.size = .longestSide(64)
        let painter = try ModelPainter(library: .standard, model: "cute", options: options)
        let stand = try Stand(painter)
        let gate = Gate()
        let photo = PictureInput.bytes(try jpeg(96, 64), name: "the photo")
        let painting = Task {
            try await painter.paint(photo, style: "cute", as: PaintingWish()) { _, _ in gate.pass() }
        }
        await gate.reached()
        let wish = change {
            $0.size = .pixels(32)
            $0.countdown = 3
            $0.keepPictures = .most(5)
        }
        let settings = try await stand.appliance.change(wish)
        #expect(!gate.hasGivenUp)
        #expect(settings.size == .pixels(32) && settings.countdown == 3 && settings.keepPictures == 5)
        gate.letGo()
        #expect(try size(of: await painting.value) == PictureSize(width: 64, height: 43))
        let next = try await painter.paint(photo, style: "cute", as: PaintingWish()) { _, _ in }
        #expect(try size(of: next) == PictureSize(width: 32, height: 21))
    }

    private func size(of bytes: [UInt8]) throws -> PictureSize {
        try JPEGReader(.bytes(bytes, name: "the picture")).info.size
    }

    @Test("is kept for the next start, and what is not named stays as it is")
    func kept() async throws {
        let painter = ScriptedPainter()
        let stand = try Stand(painter)
        #expect(await stand.appliance.settings.faces == .auto)
        _ = try await stand.appliance.change(
            change {
                $0.style = "cute"
                $0.size = .full
                $0.faces = .only
                $0.uploads = false
                $0.keepPictures = .all
            })
        let settings = try await stand.appliance.change(change { $0.size = .pixels(640) })
        #expect(
            settings
                == SettingsEntry(
                    style: "cute", size: .pixels(640), faces: .only, uploads: false, countdown: 0, keepPictures: nil))
        let chosen = try SettingsLoader.load(
            file: stand.folder.put("other.yaml", []), chosen: ChosenSettings(folder: stand.folder.path).path,
            environment: [:], model: nil)
        #expect(chosen[.style] == "cute" && chosen.animeSide == 640 && !chosen.allowsUploads)
        #expect(chosen.faces == .only && painter.faces == [.only])
        #expect(chosen.mostPictures == nil && chosen[.mostPictures] == "all")
    }

    @Test("a style that there is not is refused with those that there are, and nothing else is set")
    func unknownStyle() async throws {
        let stand = try Stand(ScriptedPainter())
        await #expect(throws: Refusal(.invalid, "\"style\" has to be one of cel, cute.")) {
            try await stand.appliance.change(
                change {
                    $0.style = "manga"
                    $0.countdown = 9
                })
        }
        #expect(await stand.appliance.settings.countdown == 0)
    }
}
