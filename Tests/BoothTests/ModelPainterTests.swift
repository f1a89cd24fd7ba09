import Album
import Booth
import Engine
import Glibc
import Imaging
import Painting
import Seeing
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
        model = try ModelFile(path: library.path(of: "cute-s"))
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
        try ModelPainter(library: .standard, model: "cute-s", options: options, tell: tell)
    }

    @Test("paints faces as is set from the next picture on, or as is wished for one picture")
    func faces() async throws {
        let reports = Mutex<[Painter.Report]>([])
        let painter = try painter(options(256, .auto)) { report in reports.withLock { $0.append(report) } }
        func paint(_ wish: PaintingWish = PaintingWish()) async throws {
            _ = try await painter.paint(photo, style: "cute", as: wish) { _, _ in }
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
        _ = try await painter.paint(grey, style: "cute", as: PaintingWish()) { _, _ in }
        _ = try await painter.paint(photo, style: "cute", as: PaintingWish()) { _, _ in }
        let all = reports.withLock { $0 }
        #expect(all.map(\.anime.width) == [128, 128] && all.map(\.anime.height) == [85, 128])
        #expect(all.map(\.facesPainted) == [0, 1])
    }

    @Test("shows faces in samples, whatever is set")
    func sample() async throws {
        let sample = try await painter(options(1280, .off)).paintSample(photo, style: "cute")
        #expect(try sample == Painter(model: model, options: options(320, .auto)).paint(photo).bytes)
        #expect(try sample != Painter(model: model, options: options(320, .off)).paint(photo).bytes)
    }

    /// The first frame that people see live.
    private func plain(_ faces: Painter.Faces) -> Painter.Options {
        var plain = options(192, faces)
        plain.faceSide = 256
        plain.enlarger = nil
        plain.quality = 80
        return plain
    }

    @Test("paints faces by themselves in the live viewfinder too, small, and doubles nothing there")
    func live() async throws {
        let faces = try FaceDetector(model: #require(options(192, .auto).faceNetwork)).look(at: photo).faces
        #expect(faces.count == 1)
        let expected = try Painter(model: model, options: plain(.auto)).paint(photo, faces: faces)
        #expect(expected.report.facesPainted == 1)
        for setting in [Painter.Faces.auto, .only] {
            let live = try await painter(options(1280, setting)).paintLive(photo, style: "cute")
            #expect(live == expected.bytes, "\(setting)")
        }
    }

    @Test("leaves faces to the scene in the live viewfinder where that is set, or nobody can find them")
    func liveWithoutFaces() async throws {
        let expected = try Painter(model: model, options: plain(.off)).paint(photo).bytes
        #expect(try await painter(options(1280, .off)).paintLive(photo, style: "cute") == expected)
        var blind = options(1280, .auto)
        blind.faceNetwork = nil
        #expect(try await painter(blind).paintLive(photo, style: "cute") == expected)
        blind.faceNetwork = model
        #expect(try await painter(blind).paintLive(photo, style: "cute") == expected)
    }

    @Test("paints on in the live viewfinder after a picture, and after a frame that is none")
    func liveGoesOn() async throws {
        let painter = try painter(options(64, .auto))
        _ = try await painter.paintLive(photo, style: "cute")
        await #expect(throws: (any Error).self) {
            try await painter.paintLive(.bytes([1, 2, 3], name: "no picture"), style: "cute")
        }
        _ = try await painter.paint(photo, style: "cute", as: PaintingWish()) { _, _ in }
        let frame = try await painter.paintLive(photo, style: "cute")
        #expect(try JPEGReader(.bytes(frame, name: "the frame")).info.size.width > 0)
    }
}
