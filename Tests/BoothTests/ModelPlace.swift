import Booth
import Engine
import Glibc
import Painting
import Platform
import Testing

/// A painter that knows `cute` alone, and a folder for models that people bring.
struct ModelPlace {
    let root = "/tmp/animesnap-models-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
    let painter: ModelPainter
    let folder: ModelFolder

    /// - Parameters:
    ///   - memoryLimit: What painting may take, in bytes.
    ///   - brought: Looks at the models.
    ///   - files: What lies in the folder when the painter starts.
    /// - Throws: When there are no models.
    init(
        memoryLimit: Int? = nil, brought: BroughtModels = BroughtModels(), files: [String: [UInt8]] = [:]
    ) async throws {
        for folder in ["", "/library", "/brought"] { mkdir(root + folder, 0o755) }
        try copyModel("cute-m", to: "\(root)/library/cute-m.safetensors")
        for (file, bytes) in files { put(bytes, to: "\(root)/brought/\(file)") }
        var options = Painter.Options()
        options.size = .longestSide(512)
        painter = try ModelPainter(
            library: ModelLibrary(folders: ["\(root)/library"]), broughtFolder: "\(root)/brought", brought: brought,
            model: "cute", options: options)
        options.memoryLimit = memoryLimit
        folder = ModelFolder(path: "\(root)/brought", painter: painter, options: options)
        #expect(await folder.look() == [])
    }

    func path(_ file: String) -> String { "\(root)/brought/\(file)" }
    func bring(_ model: String, as file: String) throws { try copyModel(model, to: path(file)) }
    func write(_ bytes: [UInt8], to file: String) { put(bytes, to: path(file)) }
    func remove(_ file: String) { unlink(path(file)) }

    /// What two looks see that follow each other: a file that stays as it is is looked at.
    func look() async -> [ModelFolder.Change] { await folder.look() + folder.look() }

    func end() {
        for folder in ["library", "brought"] {
            for file in (try? Folder.names(in: "\(root)/\(folder)")) ?? [] { unlink("\(root)/\(folder)/\(file)") }
            rmdir("\(root)/\(folder)")
        }
        rmdir(root)
    }
}

/// The file of a model of the project. Of another style than "cute" and "drawn" it is the same network, which calls its style so.
func bytes(of model: String) throws -> [UInt8] {
    let (style, size) = (model.dropLast(2), model.suffix(2))
    if style != "cute", style != "drawn" { return try bytes(of: "cute\(size)", calledStyle: String(style)) }
    let path = try ModelLibrary.standard.path(of: model)
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
}

/// The file of a model of the project that calls its style otherwise, whole in all else.
func bytes(of model: String, calledStyle style: String, title: String? = nil) throws -> [UInt8] {
    var file = try bytes(of: model)
    let count = (0..<8).reduce(0) { $0 | Int(file[$1]) << (8 * $1) }
    let text = String(decoding: file[8..<8 + count], as: UTF8.self)
    let own = try #require(text.firstMatch(of: /\\"style\\":\\"[a-z]*\\"/))
    var renamed = text.replacing(own.0, with: "\\\"style\\\":\\\"\(style)\\\"")
    if let title {
        let own = try #require(text.firstMatch(of: /\\"title\\":\\"[^"]*\\"/))
        renamed = renamed.replacing(own.0, with: "\\\"title\\\":\\\"\(title)\\\"")
    }
    var header = Array(renamed.utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: (64 - (header.count + 8) % 64) % 64)
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    file.replaceSubrange(..<(8 + count), with: length + header)
    // The checksum is of the file with zeros in its place.
    let digits = try #require(file.firstRange(of: Array("\"checksum\":\"".utf8))).upperBound
    file.replaceSubrange(digits..<digits + 8, with: Array("00000000".utf8))
    var checksum = Checksum()
    file.withUnsafeBytes { checksum.add($0) }
    file.replaceSubrange(digits..<digits + 8, with: Array(checksum.text.utf8))
    return file
}

/// Writes a file, in place of what is there.
func put(_ bytes: [UInt8], to path: String) {
    let descriptor = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0o644)
    _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
}

/// Copies a model of the project.
func copyModel(_ model: String, to path: String) throws { put(try bytes(of: model), to: path) }
