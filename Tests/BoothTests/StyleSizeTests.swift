import Booth
import Glibc
import Painting
import Platform
import Testing

@Suite("A style in several sizes") struct StyleSizeTests {
    /// A library and a folder for models that people bring. All sizes take the same work here, so that either all paint
    /// in time or none does.
    private final class Place {
        /// What the last painter could not use.
        var complaints: [String] = []
        let root = "/tmp/animesnap-sizes-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"

        /// Files are "library/chalk-s" say; all are of the style "chalk" but those that are called otherwise.
        init(_ files: String...) throws {
            for folder in ["", "/library", "/brought"] { mkdir(root + folder, 0o755) }
            for file in files { try add(file) }
        }

        deinit {
            for folder in ["library", "brought"] {
                for file in (try? Folder.names(in: "\(root)/\(folder)")) ?? [] { unlink("\(root)/\(folder)/\(file)") }
                rmdir("\(root)/\(folder)")
            }
            rmdir(root)
        }

        func add(_ file: String, model: String = "chalk-m") throws { try copyModel(model, to: path(file)) }
        func path(_ file: String) -> String { "\(root)/\(file).safetensors" }

        func painter(_ model: String = "chalk", wish: ModelSize? = nil) throws -> ModelPainter {
            var rule = SizeRule()
            rule.wish = wish
            rule.timeLimit = 1
            var options = Painter.Options()
            options.size = .longestSide(512)
            var complaints: [String] = []
            defer { self.complaints = complaints }
            return try ModelPainter(
                library: ModelLibrary(folders: ["\(root)/library"]), broughtFolder: "\(root)/brought", model: model,
                options: options, rule: rule, complain: { complaints.append($0) })
        }

        /// The file that paints the first style.
        func file(_ painter: ModelPainter) -> String {
            String(painter.firstPath.dropFirst(root.utf8.count + 1).dropLast(".safetensors".utf8.count))
        }
    }

    private let fast = PaintingSpeed(operationsPerSecond: 1e12)
    private let slow = PaintingSpeed(operationsPerSecond: 1e9)

    @Test("is one style")
    func one() throws {
        let place = try Place("library/chalk-s", "library/chalk-m", "library/chalk-l")
        let painter = try place.painter()
        #expect(painter.styles == ["chalk"] && painter.firstStyle == "chalk")
        #expect(painter.descriptions.map(\.name) == ["chalk", "chalk-meadow", "chalk-sky", "chalk-neon"])
        #expect(painter.sizes.map(\.existing) == [[.small, .medium, .large]])
        #expect(painter.sizes.first?.work == 3_537_174_528)
    }

    @Test("is painted with the middle one before the speed is known, then with what suits it")
    func speed() throws {
        let place = try Place("library/chalk-s", "library/chalk-m", "library/chalk-l")
        let painter = try place.painter()
        #expect(place.file(painter) == "library/chalk-m")
        painter.setSpeed(try #require(slow))
        #expect(place.file(painter) == "library/chalk-s")
        painter.setSpeed(try #require(fast))
        #expect(place.file(painter) == "library/chalk-l" && painter.sizes.map(\.size) == [.large])
    }

    @Test("is painted with another size when pictures become larger")
    func pictures() async throws {
        let place = try Place("library/chalk-s", "library/chalk-l")
        let painter = try place.painter()
        painter.setSpeed(try #require(PaintingSpeed(operationsPerSecond: 4e9)))
        #expect(place.file(painter) == "library/chalk-l")
        painter.setSize(.longestSide(1024))
        #expect(place.file(painter) == "library/chalk-s")
    }

    @Test("is painted with the size that is asked for; styles that lack it are told")
    func wish() throws {
        let place = try Place("library/chalk-s", "library/chalk-m")
        try place.add("library/cute-m", model: "cute-m")
        try place.add("library/only", model: "sepia-m")
        let painter = try place.painter(wish: .small)
        painter.setSpeed(try #require(fast))
        #expect(place.file(painter) == "library/chalk-s")
        #expect(painter.styles == ["chalk", "cute", "sepia"])
        #expect(painter.stylesWithoutWishedSize.map(\.style) == ["cute"], "a model without a size is not meant")
        #expect(try place.painter().stylesWithoutWishedSize == [])
    }

    @Test("is painted with one model when that is named")
    func named() throws {
        let place = try Place("library/chalk-s", "library/chalk-m", "library/chalk-l")
        for name in ["chalk-s", place.path("library/chalk-s")] {
            let painter = try place.painter(name, wish: .large)
            painter.setSpeed(try #require(fast))
            #expect(place.file(painter) == "library/chalk-s" && painter.styles == ["chalk"])
            #expect(painter.stylesWithoutWishedSize == [])
        }
    }

    @Test("is painted with a file of its very name before all sizes")
    func exactName() throws {
        let place = try Place("library/chalk-s", "library/chalk-m", "library/chalk")
        let painter = try place.painter()
        #expect(place.file(painter) == "library/chalk" && painter.sizes.map(\.existing) == [[]])
    }

    @Test("does without a damaged one, which is told")
    func damaged() throws {
        let place = try Place("library/chalk-s", "library/chalk-m")
        put([1, 2, 3], to: place.path("library/chalk-l"))
        let painter = try place.painter()
        painter.setSpeed(try #require(fast))
        #expect(place.file(painter) == "library/chalk-m")
        #expect(place.complaints.count == 1 && place.complaints.first?.contains("chalk-l.safetensors") == true)
    }

    @Test("can be brought by people, file by file")
    func brought() async throws {
        let place = try Place()
        try place.add("library/cute-m", model: "cute-m")
        let painter = try place.painter("cute")
        painter.setSpeed(try #require(fast))
        let folder = ModelFolder(path: "\(place.root)/brought", painter: painter, options: Painter.Options())
        func bring(_ file: String) async throws -> [ModelFolder.Change] {
            try place.add("brought/\(file)")
            return await folder.look() + folder.look()
        }
        #expect(try await bring("own-s") == [.added(file: "own-s.safetensors", style: "chalk")])
        #expect(try await bring("own-l") == [.added(file: "own-l.safetensors", style: "chalk")])
        #expect(painter.styles == ["chalk", "cute"] && painter.sizes.first?.size == .large)
        for file in ["other-l", "other"] {
            guard case .refused(_, let reason)? = try await bring(file).first else {
                Issue.record("\(file) was taken")
                continue
            }
            #expect(reason.contains("is of the style 'chalk', which"))
        }
        unlink(place.path("brought/own-l"))
        #expect(await folder.look() == [.removed(file: "own-l.safetensors", style: "chalk")])
        #expect(painter.styles == ["chalk", "cute"] && painter.sizes.first?.size == .small)
    }

    @Test("is measured by painting")
    func measured() async throws {
        let place = try Place("library/chalk-s", "library/chalk-m")
        let speed = try await place.painter().measureSpeed()
        #expect((1e6...1e13).contains(speed.operationsPerSecond))
    }
}
