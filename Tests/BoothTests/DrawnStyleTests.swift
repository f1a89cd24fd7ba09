import Album
import Booth
import FoundationEssentials
import Glibc
import Imaging
import Painting
import Testing

@Suite("Drawn styles of the camera")
struct DrawnStyleTests {
    /// A library with a style file or more, and networks that underpaint; and one that paints by itself.
    private final class Place {
        let root = "/tmp/animesnap-drawn-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        var complaints: [String] = []

        init() throws {
            for folder in ["", "/library", "/library/styles", "/brought", "/brought/styles"] {
                mkdir(root + folder, 0o755)
            }
            for size in ["s", "m"] { try copyModel("drawn-m", to: "\(root)/library/brush-\(size).safetensors") }
            try copyModel("cute-s", to: "\(root)/library/cute-s.safetensors")
            add("library/styles/ink.json", #"{"title": "Ink: black lines", "licence": "CC0-1.0", "network": "brush"}"#)
        }

        deinit { try? FileManager.default.removeItem(atPath: root) }

        func add(_ file: String, _ text: String) { put(Array(text.utf8), to: "\(root)/\(file)") }

        func painter(_ model: String = "ink") throws -> ModelPainter {
            var options = Painter.Options()
            options.size = .longestSide(64)
            var complaints: [String] = []
            defer { self.complaints = complaints }
            return try ModelPainter(
                library: ModelLibrary(folders: ["\(root)/library"]), broughtFolder: "\(root)/brought", model: model,
                options: options, complain: { complaints.append($0) })
        }
    }

    private func photo() throws -> PictureInput {
        .bytes(try RGBImage(width: 64, height: 48, red: 99, green: 120, blue: 50).jpeg(), name: "photo.jpg")
    }

    @Test("are one style each with the sizes of their network, which is none by itself")
    func styles() throws {
        let place = try Place()
        place.add("library/styles/wash.json", #"{"network": "brush", "line": 0.5}"#)
        let painter = try place.painter()
        #expect(painter.styles == ["cute", "ink", "wash"] && place.complaints == [])
        #expect(painter.sizes.map(\.existing) == [[.small], [.small, .medium], [.small, .medium]])
        let ink = try #require(painter.descriptions.first { $0.name == "ink" })
        #expect(ink.title == "Ink: black lines" && ink.licence == "CC0-1.0")
        #expect(painter.knows(style: "ink-neon") && !painter.knows(style: "brush"))
        #expect(painter.draws(style: "ink") && painter.draws(style: "wash-sky") && !painter.draws(style: "cute"))
        #expect(painter.drawnStyle("wash")?.set.line == 0.5 && painter.drawnStyle("cute") == nil)
    }

    @Test("are painted with the size that suits the board, or with the one that is named")
    func sizes() throws {
        let place = try Place()
        let painter = try place.painter()
        #expect(painter.firstStyle == "ink" && !painter.isFirstModelNamed)
        #expect(painter.firstPath.hasSuffix("brush-m.safetensors"))
        painter.setSpeed(try #require(PaintingSpeed(operationsPerSecond: 1e6)))
        #expect(painter.firstPath.hasSuffix("brush-s.safetensors"))
        let named = try place.painter("ink-m")
        named.setSpeed(try #require(PaintingSpeed(operationsPerSecond: 1e6)))
        #expect(named.firstStyle == "ink" && named.isFirstModelNamed)
        #expect(named.firstPath.hasSuffix("brush-m.safetensors") && named.styles == ["cute", "ink"])
    }

    @Test("may be written by people, beside the models that they bring; those of the program have their names first")
    func brought() throws {
        let place = try Place()
        place.add("brought/styles/mine.json", #"{"network": "brush", "hair": "pink"}"#)
        place.add("brought/styles/ink.json", #"{"network": "brush", "hair": "blue"}"#)
        place.add("brought/styles/wrong.json", #"{"eyes": 9}"#)
        place.add("brought/styles/tin.json", #"{"network": "cute"}"#)
        place.add("brought/styles/lonely.json", #"{"network": "none"}"#)
        let painter = try place.painter("mine")
        #expect(painter.styles == ["cute", "ink", "mine"] && painter.firstStyle == "mine")
        #expect(painter.drawnStyle("mine")?.set.hair == .pink && painter.drawnStyle("ink")?.set.hair == .photo)
        #expect(place.complaints.count == 3)
        #expect(place.complaints.contains { $0.contains("tin.json: its network is 'cute', and ") })
        #expect(place.complaints.contains { $0.contains("lonely.json: its network is 'none', and there is no none-s") })
        #expect(place.complaints.contains { $0.contains("wrong.json: eyes is 9; 1 to 1.8 are possible") })
    }

    @Test("have samples of another name when their numbers are set")
    func checksum() throws {
        let place = try Place()
        let painter = try place.painter()
        let before = painter.checksum(ofStyle: "ink")
        var drawn = try #require(painter.drawnStyle("ink")?.ofFile)
        drawn.eyes = 1.1
        painter.setDrawnStyle(drawn, of: "ink")
        #expect(painter.drawnStyle("ink")?.set.eyes == 1.1 && painter.checksum(ofStyle: "ink") != before)
        painter.setDrawnStyle(nil, of: "ink")
        #expect(painter.checksum(ofStyle: "ink") == before)
    }

    @Test("name their pictures, whatever their network is called")
    func notes() async throws {
        let place = try Place()
        let painter = try place.painter()
        let bytes = try await painter.paint(photo(), style: "ink", as: PaintingWish(hair: .pink)) { _, _ in }
        #expect(String(decoding: bytes.prefix(600), as: UTF8.self).contains("Anime picture, style ink, model drawn-m"))
    }

    @Test("that took the place of others paint what waits for those, and take no new wishes for them")
    func retired() async throws {
        let place = try Place()
        place.add("library/styles/anime.json", #"{"network": "brush"}"#)
        let painter = try place.painter()
        #expect(!painter.knows(style: "cel"))
        #expect(painter.unknownStyle("cel") == "the style 'cel' is not painted any more; 'anime' has its place")
        #expect(painter.unknownStyle("shinkai") == "there is no style 'shinkai'; there are anime, cute, ink")
        let bytes = try await painter.paint(photo(), style: "cel", as: PaintingWish()) { _, _ in }
        #expect(try JPEGReader(.bytes(bytes, name: "cel.jpg")).info.size == PictureSize(width: 64, height: 48))
        await #expect(throws: PaintingError.self) {
            try await painter.paint(photo(), style: "shinkai", as: PaintingWish()) { _, _ in }
        }
    }

    @Test("have as many colours as can be wished")
    func colours() {
        #expect(PaintingColour.allCases.map(\.rawValue) == DrawnStyle.Tint.allCases.map(\.rawValue))
    }
}
