import Album
import Booth
import Engine
import Glibc
import Imaging
import Painting
import Synchronization
import Testing

@Suite("A painter of photos with faces")
struct ModelPainterTests {
    /// A photo with one face, which lies beside the models.
    private let photo: PictureInput
    private let model: ModelFile

    init() throws {
        let library = ModelLibrary.standard
        photo = .file(
            path: try #require(library.folders.map { "\($0)/sample.jpg" }.first { access($0, R_OK) == 0 }))
        model = try ModelFile(path: library.path(of: "cel-s"))
    }

    private func options(_ size: Int, _ faces: Painter.Faces) -> Painter.Options {
        var options = Painter.Options()
        options.useNetworks(of: .standard)
        options.size = .longestSide(size)
        options.faces = faces
        return options
    }

    private func painter(
        _ options: Painter.Options, tell: @escaping @Sendable (Painter.Report) -> Void = { _ in }
    ) throws -> ModelPainter {
        try ModelPainter(library: .standard, model: "cel-s", options: options, tell: tell)
    }

    @Test("paints faces as is set from the next picture on, or as is wished for one picture")
    func faces() async throws {
        let reports = Mutex<[Painter.Report]>([])
        let painter = try painter(options(256, .auto)) { report in reports.withLock { $0.append(report) } }
        func paint(_ wish: PaintingWish = PaintingWish()) async throws {
            _ = try await painter.paint(photo, style: "cel", as: wish) { _, _ in }
        }
        try await paint()
        try await paint(PaintingWish(faces: .off))
        painter.setFaces(.off)
        try await paint()
        try await paint(PaintingWish(size: .longestSide(128), faces: .only))
        let all = reports.withLock { $0 }
        #expect(all.map(\.facesPainted) == [1, 0, 0, 1])
        #expect(all.last?.anime == PictureSize(width: 128, height: 128))
    }

    @Test("paints all of a photo that has no face, where a portrait was wanted")
    func noFace() async throws {
        let reports = Mutex<[Painter.Report]>([])
        let painter = try painter(options(128, .only)) { report in reports.withLock { $0.append(report) } }
        let grey = PictureInput.bytes(try RGBImage(width: 96, height: 64, red: 99).jpeg(), name: "grey.jpg")
        _ = try await painter.paint(grey, style: "cel", as: PaintingWish()) { _, _ in }
        _ = try await painter.paint(photo, style: "cel", as: PaintingWish()) { _, _ in }
        let all = reports.withLock { $0 }
        #expect(all.map(\.anime.width) == [128, 128] && all.map(\.anime.height) == [85, 128])
        #expect(all.map(\.facesPainted) == [0, 1])
    }

    @Test("shows faces in samples, whatever is set")
    func sample() async throws {
        let sample = try await painter(options(1280, .off)).paintSample(photo, style: "cel")
        #expect(try sample == Painter(model: model, options: options(320, .auto)).paint(photo).bytes)
        #expect(try sample != Painter(model: model, options: options(320, .off)).paint(photo).bytes)
    }

    @Test("leaves faces to the scene in the live viewfinder, and doubles nothing there")
    func live() async throws {
        let live = try await painter(options(1280, .auto)).paintLive(photo, style: "cel")
        let size = try JPEGReader(.bytes(live, name: "the frame")).info.size
        var plain = options(max(size.width, size.height), .off)
        plain.enlarger = nil
        plain.quality = 80
        #expect(try live == Painter(model: model, options: plain).paint(photo).bytes)
    }
}
