import Album
import Glibc
import Imaging

/// A folder that is gone with its last use.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/album-tests-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/nonexistent"
    }

    deinit {
        Self.remove(path)
    }

    private static func remove(_ path: String) {
        chmod(path, 0o755)
        var folders: [String] = []
        try? Disk().list(path) { entry in
            if unlink(path + "/" + entry.name) != 0 { folders.append(entry.name) }
        }
        for folder in folders { remove(path + "/" + folder) }
        rmdir(path)
    }

    /// The names in it, hidden ones too.
    var names: [String] { Disk().names(in: path) }

    /// Writes a file and returns its path.
    @discardableResult
    func add(_ name: String, _ bytes: [UInt8] = [1]) -> String {
        let file = path + "/" + name
        unlink(file)
        guard let handle = try? Disk().create(file) else { return file }
        try? Disk().write(bytes, to: handle)
        try? Disk().close(handle)
        return file
    }

    func bytes(_ name: String) -> [UInt8] {
        Disk().bytes(of: path + "/" + name)
    }
}

extension FileSystem {
    func names(in folder: String) -> [String] {
        var names: [String] = []
        try? list(folder) { names.append($0.name) }
        return names.sorted()
    }

    func bytes(of path: String) -> [UInt8] {
        guard let file = try? open(path) else { return [] }
        defer { try? close(file) }
        var bytes: [UInt8] = []
        while let more = try? read(file, upTo: 1 << 20), !more.isEmpty { bytes += more }
        return bytes
    }
}

/// A small JPEG file of one colour: equal for equal tones.
func picture(_ tone: Int, side: Int = 16) -> [UInt8] {
    let tone = UInt8(truncatingIfNeeded: tone &* 37)
    let image = RGBImage(width: side, height: side / 2, red: tone, green: 255 - tone, blue: 90)
    return (try? image.jpeg()) ?? []
}

/// The error that something ends in; nil when it succeeds.
func failure(_ body: () async throws -> Void) async -> AlbumError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? AlbumError ?? AlbumError(.invalid, "another error: \(error)")
    }
}

extension ShotTime {
    /// 1 June 2027.
    static let june = ShotTime(seconds: 1_811_800_000, isTrusted: true)
}

extension Album.Options {
    /// Without a limit for bytes.
    static func keeping(_ most: Int? = nil) -> Album.Options {
        Album.Options(mostPictures: most, leastFreeBytes: 0, bytesPerShot: 0)
    }
}

extension Album {
    /// Saves a photo of one colour.
    @discardableResult
    func save(_ tone: Int, style: String = "cute", taken: ShotTime = .june) throws -> Picture {
        try savePhoto(Fixture.pictures[tone % Fixture.pictures.count], style: style, taken: taken)
    }

    /// Saves an anime picture of one colour.
    @discardableResult
    func paint(_ number: Int, _ style: String = "cute", tone: Int = 7) throws -> Picture {
        try saveAnime(Fixture.pictures[tone % Fixture.pictures.count], of: number, style: style)
    }
}

enum Fixture {
    /// Made once, since many tests save many pictures.
    static let pictures = (0..<24).map { picture($0) }
}

extension PictureInput {
    /// A file of any file system.
    static func file(_ path: String, _ files: any FileSystem) -> PictureInput {
        .bytes(files.bytes(of: path), name: path)
    }
}
