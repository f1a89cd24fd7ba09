import Engine
import Imaging
import Painting
import Testing

@Suite("The work of a finished picture")
struct PaintingWorkTests {
    private let photo = PictureSize(width: 1280, height: 960)

    private func model(_ name: String) throws -> ModelFile {
        try ModelFile(path: "\(Checkout.root)/weights/\(name).safetensors")
    }

    private func work(_ graph: Graph, _ width: Int, _ height: Int? = nil) throws -> Double {
        let picture = Graph.Extent(height: height ?? width, width: width)
        return try graph.multiplyAccumulates(for: picture).reduce(0.0) { $0 + Double($1) }
    }

    /// With all networks.
    private func options(_ size: Painter.Size, _ faces: Painter.Faces = .auto) throws -> Painter.Options {
        var options = Painter.Options()
        options.size = size
        options.faces = faces
        options.faceNetwork = try model("seeing/yunet-n")
        options.enlarger = try model("finishing/finish")
        return options
    }

    @Test("is that of the scene and two faces, and twice that of finding faces and of every doubling")
    func parts() throws {
        let (graph, options) = (try model("cute-m").graph, try options(.longestSide(1280)))
        let (finder, enlarger) = (try model("seeing/yunet-n").graph, try model("finishing/finish").graph)
        let whole = try PaintingWork(of: graph, options, photo: photo)
        #expect(whole.scale.doublings == 1 && whole.scale.seen == PictureSize(width: 640, height: 640))
        let scene = try work(graph, 640) + 2 * work(finder, 640) + 2 * work(enlarger, 640)
        #expect(whole.operations == (try scene + 2 * work(graph, 512)))

        let off = try PaintingWork(of: graph, try self.options(.longestSide(1280), .off), photo: photo)
        #expect(off.operations == (try work(graph, 640) + 2 * work(enlarger, 640)))
        let only = try PaintingWork(of: graph, try self.options(.longestSide(1280), .only), photo: photo)
        #expect(only.operations == scene, "the face is the scene")
        let twice = try PaintingWork(of: graph, try self.options(.longestSide(2560), .off), photo: photo)
        #expect(
            twice.operations == (try work(graph, 640) + 2 * work(enlarger, 640) + 2 * work(enlarger, 1280)))
    }

    @Test("in full size is that of the photo, in its proportions")
    func full() throws {
        let graph = try model("cute-m").graph
        let work = try PaintingWork(of: graph, try options(.full, .off), photo: photo)
        #expect(work.scale.seen == PictureSize(width: 640, height: 480))
        let enlarger = try model("finishing/finish").graph
        #expect(
            work.operations == (try self.work(graph, 640, 480) + 2 * self.work(enlarger, 640, 480)))
    }

    @Test("does without what is not there: the network sees the whole picture then, and no faces")
    func without() throws {
        var options = Painter.Options()
        options.size = .longestSide(1280)
        let graph = try model("cute-m").graph
        let whole = try PaintingWork(of: graph, options, photo: photo)
        #expect(whole.scale.doublings == 0)
        #expect(whole.operations == (try work(graph, 1280)))
    }

    @Test("fits the memory when scene, faces and doublings do, each by itself")
    func memory() throws {
        let graph = try model("cute-m").graph
        var options = try options(.longestSide(64), .off)
        func fits() -> Bool { SizeRule().candidate(.medium, graph, options).fitsMemory }
        // As much as the scene alone takes is too little for a face.
        options.memoryLimit = (1...64).map { $0 << 17 }.first { limit in
            options.memoryLimit = limit
            return fits()
        }
        #expect(fits())
        options.faces = .auto
        #expect(!fits())
        // Enough for the scene and its faces, and too little for a second doubling of a whole picture.
        options.size = .longestSide(640)
        options.memoryLimit = (1...512).map { $0 << 17 }.first { limit in
            options.memoryLimit = limit
            return fits()
        }
        #expect(fits())
        options.size = .longestSide(8192)
        #expect(!fits())
    }

    @Test("of a network that does not take such pictures is refused, and it is no candidate for a time")
    func refused() throws {
        let (graph, options) = (try model("cute-m").graph, try options(.longestSide(1 << 24)))
        #expect(throws: EngineError.self) { try PaintingWork(of: graph, options, photo: photo) }
        let candidate = SizeRule().candidate(.medium, graph, options)
        #expect(candidate.work == .infinity && !candidate.fitsMemory)
    }
}
