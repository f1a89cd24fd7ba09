import Booth
import Glibc
import Painting
import Platform
import Testing

@Suite struct ModelFolderTests {
    /// A painter that knows `cute` alone, and an empty folder for models that people bring.
    private struct Place {
        let root = "/tmp/animesnap-models-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        let painter: ModelPainter
        var folder: ModelFolder

        init(memoryLimit: Int? = nil) throws {
            mkdir(root, 0o755)
            mkdir("\(root)/library", 0o755)
            try copyModel("cute-m", to: "\(root)/library/cute-m.safetensors")
            var options = Painter.Options()
            options.size = .longestSide(512)
            painter = try ModelPainter(
                library: ModelLibrary(folders: ["\(root)/library"]), model: "cute", options: options)
            options.memoryLimit = memoryLimit
            folder = ModelFolder(path: "\(root)/brought", painter: painter, options: options)
            #expect(folder.look() == [])
        }

        func bring(_ model: String, as file: String) throws { try copyModel(model, to: "\(root)/brought/\(file)") }
        func write(_ bytes: [UInt8], to file: String) { put(bytes, to: "\(root)/brought/\(file)") }
        func remove(_ file: String) { unlink("\(root)/brought/\(file)") }

        func end() {
            for folder in ["library", "brought"] {
                for file in (try? Folder.names(in: "\(root)/\(folder)")) ?? [] { unlink("\(root)/\(folder)/\(file)") }
                rmdir("\(root)/\(folder)")
            }
            rmdir(root)
        }
    }

    @Test("a file becomes a style once it stays as it is, and the style goes with it")
    func comesAndGoes() throws {
        var place = try Place()
        defer { place.end() }
        try place.bring("cel-m", as: "mine.safetensors")
        #expect(place.folder.look() == [])
        #expect(place.painter.styles == ["cute"])
        #expect(place.folder.look() == [.added(file: "mine.safetensors", style: "cel")])
        #expect(place.painter.styles == ["cel", "cute"])
        #expect(place.painter.knows(style: "cel-neon"))
        #expect(place.folder.look() == [])
        place.remove("mine.safetensors")
        #expect(place.folder.look() == [.removed(file: "mine.safetensors", style: "cel")])
        #expect(place.painter.styles == ["cute"])
    }

    @Test("a file that is still being copied is waited for")
    func copying() throws {
        var place = try Place()
        defer { place.end() }
        let whole = try bytes(of: "cel-m")
        for count in [1000, 100_000, whole.count] {
            place.write(Array(whole.prefix(count)), to: "mine.safetensors")
            #expect(place.folder.look() == [])
        }
        #expect(place.folder.look() == [.added(file: "mine.safetensors", style: "cel")])
    }

    @Test("a damaged file is refused once, with its reason, and what was there stays")
    func damaged() throws {
        var place = try Place()
        defer { place.end() }
        var whole = try bytes(of: "cel-m")
        whole[whole.count / 2] ^= 1
        place.write(whole, to: "mine.safetensors")
        place.write([1, 2, 3], to: "other.safetensors")
        place.write([1, 2, 3], to: "notes.txt")
        place.write([1, 2, 3], to: "._mine.safetensors")
        _ = place.folder.look()
        let changes = place.folder.look()
        try #require(changes.count == 2)
        guard case .refused("mine.safetensors", let reason) = changes[0],
            case .refused("other.safetensors", _) = changes[1]
        else {
            Issue.record("\(changes)")
            return
        }
        #expect(reason.contains("checksum"))
        #expect(place.folder.look() == [])
        #expect(place.painter.styles == ["cute"])
    }

    @Test("a style of the program is not replaced")
    func occupied() throws {
        var place = try Place()
        defer { place.end() }
        try place.bring("cute-m", as: "mine.safetensors")
        _ = place.folder.look()
        guard case .refused(_, let reason)? = place.folder.look().first else {
            Issue.record("it was taken")
            return
        }
        #expect(reason.hasSuffix("/library/cute-m.safetensors is already"))
    }

    @Test("a model that needs more memory than there is for painting is refused")
    func memory() throws {
        var place = try Place(memoryLimit: 1 << 20)
        defer { place.end() }
        try place.bring("cel-m", as: "mine.safetensors")
        _ = place.folder.look()
        guard case .refused(_, let reason)? = place.folder.look().first else {
            Issue.record("it was taken")
            return
        }
        #expect(reason.contains("limit is 1 MB"))
    }

    @Test("another file of the same name takes the first one's place; a bad one takes its style away")
    func replaced() throws {
        var place = try Place()
        defer { place.end() }
        try place.bring("cel-m", as: "mine.safetensors")
        _ = place.folder.look()
        _ = place.folder.look()
        place.remove("mine.safetensors")
        try place.bring("shinkai-m", as: "mine.safetensors")
        #expect(place.folder.look() == [])
        #expect(place.folder.look() == [.added(file: "mine.safetensors", style: "shinkai")])
        #expect(place.painter.styles == ["cute", "shinkai"])
        place.remove("mine.safetensors")
        place.write([1, 2, 3], to: "mine.safetensors")
        _ = place.folder.look()
        _ = place.folder.look()
        #expect(place.painter.styles == ["cute"])
    }
}

func bytes(of model: String) throws -> [UInt8] {
    let path = try ModelLibrary.standard.path(of: model)
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
}

func put(_ bytes: [UInt8], to path: String) {
    let descriptor = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0o644)
    _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
}

func copyModel(_ model: String, to path: String) throws { put(try bytes(of: model), to: path) }
