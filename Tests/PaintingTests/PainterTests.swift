import Engine
import Imaging
import Painting
import Testing

@Suite("A painter")
struct PainterTests {
    let model: ModelFile
    let folder: TemporaryFolder

    init() throws {
        model = try Checkout.model()
        folder = try TemporaryFolder()
    }

    private func painter(_ size: Painter.Size, _ change: (inout Painter.Options) -> Void = { _ in }) -> Painter {
        var options = Painter.Options()
        options.size = size
        change(&options)
        return Painter(model: model, options: options)
    }

    @Test("makes pictures of 1280 pixels unless it is told otherwise")
    func standardSize() throws {
        #expect(Painter.Options().size == .longestSide(1280))
        if Checkout.isEmulated { return }
        let report = try Painter(model: model).paint(photo(60, 30)).report
        #expect(report.anime == PictureSize(width: 1280, height: 640))
        #expect(
            report.network == report.anime && report.doublings == 0, "without an enlarging network it sees all of it")
    }

    @Test("keeps the proportions and pads what the network sees")
    func sizes() throws {
        let resized = try painter(.longestSide(50)).paint(photo(100, 61)).report
        #expect(resized.photo == PictureSize(width: 100, height: 61))
        #expect(resized.anime == PictureSize(width: 50, height: 31))
        #expect(resized.network == PictureSize(width: 64, height: 32))
        let full = try painter(.full).paint(photo(100, 61)).report
        #expect(full.anime == full.photo)
        #expect(full.network == PictureSize(width: 112, height: 64))
    }

    @Test("takes lower strips where memory is short, then sees less and doubles it once more")
    func shortMemory() throws {
        if Checkout.isEmulated { return }
        let side = Graph.Extent(height: 640, width: 640)
        func plan(_ rows: Int?) throws -> Plan { try Plan(graph: model.graph, picture: side, stripRows: rows) }
        let square = try photo(64, 64)
        func report(_ limit: Int) throws -> Painter.Report {
            try painter(.longestSide(640)) {
                $0.useNetworks(of: ModelLibrary(folders: [Checkout.root + "/weights"]))
                $0.faces = .off
                $0.memoryLimit = limit
            }.paint(square).report
        }
        let lowest = try plan(8)
        let (least, usual) = (lowest.workspaceBytes, try plan(nil).workspaceBytes)
        #expect(try report(usual).doublings == 0)
        if least < usual { #expect(try report(least).stripRows == lowest.stripRows && report(least).doublings == 0) }
        let less = try report(least - 1)
        #expect(less.doublings == 1 && less.network.width == 320 && less.anime.width == 640)
        let error = #expect(throws: EngineError.self) { try report(1000) }
        #expect(error?.description.hasPrefix("a picture of 640x640 needs ") == true, "what it would see is told")
    }

    @Test("paints to memory and to a file the same bytes")
    func memoryAndFile() throws {
        let painter = painter(.longestSide(40))
        let path = try folder.add("anime.jpg", [1, 2, 3])
        _ = try painter.paint(photo(30, 20), toFile: path)
        #expect(try folder.bytes("anime.jpg") == painter.paint(photo(30, 20)).bytes)
    }

    @Test("paints pictures of any sizes in any order as a fresh painter does")
    func reuse() throws {
        let sizes = [(40, 30), (30, 40), (40, 30), (1, 1), (96, 8), (40, 30)]
        let used = painter(.full)
        for (width, height) in sizes {
            let picture = try photo(width, height)
            #expect(try used.paint(picture).bytes == painter(.full).paint(picture).bytes, "\(width)x\(height)")
        }
    }

    @Test("makes the same bytes with all kernels, threads and strips")
    func sameBytes() throws {
        let picture = try photo(90, 70)
        let expected = try painter(.full) { $0.instructionSet = InstructionSet.available[0] }.paint(picture).bytes
        for set in InstructionSet.available {
            for threads in 1...(Checkout.isEmulated ? 2 : 4) {
                for rows in [nil, 1, 24, 1000] {
                    let bytes = try painter(.full) {
                        $0.instructionSet = set
                        $0.threads = threads
                        $0.stripRows = rows
                    }.paint(picture).bytes
                    #expect(bytes == expected, "\(set), \(threads) threads, strips of \(rows ?? 0) rows")
                }
            }
        }
    }

    @Test("tells what it took")
    func report() throws {
        let report = try painter(.longestSide(64)) { $0.stripRows = 16 }.paint(photo(100, 50)).report
        #expect(report.decode > .zero && report.resize > .zero && report.run > .zero && report.encode > .zero)
        #expect(report.stripRows == 16)
        let plan = try Plan(graph: model.graph, picture: .init(height: 32, width: 64), stripRows: 16)
        #expect(report.workspaceBytes == plan.workspaceBytes)
    }

    @Test("tells its progress row by row")
    func progress() throws {
        var told: [Int] = []
        _ = try painter(.full).paint(photo(20, 30)) { done, rows in
            #expect(rows == 30)
            told.append(done)
        }
        #expect(told == Array(1...30))
    }

    @Test("stops when its progress is answered by an error, leaves no file, and can go on")
    func cancel() throws {
        struct Stop: Error {}
        let painter = painter(.full) { $0.threads = 3 }
        let picture = try photo(40, 64)
        let expected = try painter.paint(picture).bytes
        try folder.add("old.jpg", [1, 2, 3])
        for row in [1, 33, 64] {
            for name in ["new.jpg", "old.jpg"] {
                #expect(throws: Stop.self) {
                    try painter.paint(picture, toFile: "\(folder.path)/\(name)") { done, _ in
                        if done == row { throw Stop() }
                    }
                }
                #expect(folder.names == ["old.jpg"])
            }
        }
        #expect(folder.bytes("old.jpg") == [1, 2, 3])
        #expect(try painter.paint(picture).bytes == expected)
    }

    @Test("goes on after a photo that is cut off")
    func badPhoto() throws {
        let painter = painter(.longestSide(48)) { $0.threads = 2 }
        let picture = try photo(100, 80)
        let expected = try painter.paint(picture).bytes
        let bytes = try #require({ if case .bytes(let bytes, _) = picture { bytes } else { nil } }())
        for count in [0, 100, bytes.count / 2, bytes.count - 2] {
            #expect(throws: PictureError.self) {
                try painter.paint(.bytes(Array(bytes.prefix(count)), name: "cut"), toFile: "\(folder.path)/cut.jpg")
            }
            #expect(folder.names == [])
        }
        #expect(try painter.paint(picture).bytes == expected)
    }

    @Test("keeps to its memory limit, and can paint what fits after what does not")
    func memoryLimit() throws {
        let limit = try Plan(graph: model.graph, picture: .init(height: 32, width: 48), stripRows: 8).workspaceBytes
        let painter = painter(.full) { $0.memoryLimit = limit }
        #expect(throws: Never.self) { try painter.paint(photo(48, 32)) }
        let error = #expect(throws: EngineError.self) { try painter.paint(photo(96, 32)) }
        #expect(error?.description.contains("the limit is ") == true)
        #expect(throws: Never.self) { try painter.paint(photo(48, 32)) }
    }

    @Test("refuses an impossible number of threads", arguments: [0, -3, 65])
    func threads(_ count: Int) throws {
        #expect(throws: EngineError.self) { try painter(.full) { $0.threads = count }.paint(photo(8, 8)) }
    }
}
