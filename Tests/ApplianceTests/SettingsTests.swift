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
        await #expect(throws: Refusal(.invalid, "\"style\" has to be one of chalk, cute.")) {
            try await stand.appliance.change(
                change {
                    $0.style = "manga"
                    $0.countdown = 9
                })
        }
        #expect(await stand.appliance.settings.countdown == 0)
    }

    @Test("a style that has gone is answered with the one that has its place")
    func retiredStyle() async throws {
        let painter = ScriptedPainter()
        painter.replaceModel(of: "painted", checksum: "first")
        let stand = try Stand(painter)
        let sentence = "The style 'shinkai' is not painted any more; 'painted' has its place."
        await #expect(throws: Refusal(.invalid, sentence)) {
            try await stand.appliance.change(change { $0.style = "shinkai" })
        }
    }

    @Test("numbers of a drawn style count at once and at the next start, and go back to those of the file")
    func numbers() async throws {
        let painter = ScriptedPainter()
        let stand = try Stand(painter)
        let standard = try #require(await stand.appliance.values(ofStyle: "chalk"))
        #expect(standard.map(\.key) == ["eyes", "line", "shadow", "blush", "background", "saturation", "glow"])
        #expect(standard[0] == StyleValueEntry(key: "eyes", value: 1.5, standard: 1.5, range: 1...1.8))
        let set = try await stand.appliance.setValues(["eyes": 1.2, "glow": 0], ofStyle: "chalk")
        #expect(set[0].value == 1.2 && set[0].standard == 1.5 && set[6].value == 0)
        #expect(painter.drawnStyle("chalk")?.set.eyes == 1.2)
        func chosen() throws -> [String] {
            let settings = try SettingsLoader.load(
                file: stand.folder.put("other.yaml", []), chosen: ChosenSettings(folder: stand.folder.path).path,
                environment: [:], model: nil)
            return settings.styleSettings.map { "\($0.name)=\($0.value)" }
        }
        #expect(try chosen() == ["styles.chalk.eyes=1.2", "styles.chalk.glow=0"])
        _ = try await stand.appliance.setValues(["line": 1.5], ofStyle: "chalk")
        #expect(try chosen() == ["styles.chalk.line=1.5"])
        #expect(painter.drawnStyle("chalk")?.set.eyes == 1.5 && painter.drawnStyle("chalk")?.set.line == 1.5)
        _ = try await stand.appliance.setValues([:], ofStyle: "chalk")
        #expect(try chosen() == [] && painter.drawnStyle("chalk")?.set == DrawnStyle())
    }

    @Test("numbers of a drawn style can be tried without being set")
    func trial() async throws {
        let painter = ScriptedPainter()
        painter.letGo()
        let stand = try Stand(painter)
        #expect(try await stand.appliance.trial(ofStyle: "chalk", ["eyes": 1.7]) == Array("first".utf8))
        #expect(painter.tried.map(\.eyes) == [1.7] && painter.drawnStyle("chalk")?.set == DrawnStyle())
    }

    @Test("numbers that are not possible are refused with what is")
    func wrongNumbers() async throws {
        let stand = try Stand(ScriptedPainter())
        func refusal(_ values: [String: Double], _ style: String = "chalk") async -> Refusal? {
            do throws(Refusal) {
                _ = try await stand.appliance.setValues(values, ofStyle: style)
                return nil
            } catch {
                return error
            }
        }
        #expect(
            await refusal(["eyes": 2]) == Refusal(.invalid, "\"eyes\": eyes is 2; 1 to 1.8 are possible."))
        #expect(
            await refusal(["jaw": 0.1])?.description.hasPrefix("\"jaw\" is not known here; known is \"eyes\"") == true)
        #expect(await refusal([:], "cute") == Refusal(.notFound, "There is no drawn style of this name."))
        #expect(await stand.appliance.values(ofStyle: "cute") == nil)
    }
}
