import Album
import Imaging
import Testing

/// What happens to an album in the fault tests, with a record of what it has acknowledged.
struct Story {
    /// Each photo whose saving was acknowledged, as it was in the folder then.
    var photos: [Int: [UInt8]] = [:]
    /// Which style it was taken for.
    var styles: [Int: String] = [:]
    /// The last anime pictures that were acknowledged, by name.
    var animes: [String: [UInt8]] = [:]
    /// All anime pictures that were handed over, acknowledged or not.
    var attempted: [String: [[UInt8]]] = [:]
    /// Photos that were asked to be deleted, and those that are.
    var deletions: Set<Int> = []
    var deleted: Set<Int> = []
    /// Photos that were painted or given up, acknowledged or not.
    var touched: Set<Int> = []
    var wishes: Set<Int> = []
    /// The sizes that were wished with them.
    var sizes: [Int: PaintingSize] = [:]
    var pins: Set<Int> = []
    /// How many steps failed.
    var failures = 0

    let files: any FileSystem
    /// Called after a step failed; the step is tried again when it returns true.
    var mend: () -> Bool = { false }

    init(_ files: any FileSystem) {
        self.files = files
    }

    /// Tells the whole story. Steps that fail are passed over.
    mutating func tell(_ album: Album) async {
        await shoot(album, 1, "cute")
        await paint(album, 1, "cute", 11)
        await shoot(album, 2, "sepia")
        await shoot(album, 3, "cute")
        if await step({ try await album.request(style: "pencil", of: 1, as: PaintingWish(size: .longestSide(1024))) }) {
            wishes.insert(1)
            sizes[1] = .longestSide(1024)
        }
        _ = await step { try await album.makeRenditions(of: 1) }
        await paint(album, 1, "cute", 12)
        await paint(album, 1, "pencil", 13)
        if let third = photos.keys.sorted().dropFirst(2).first {
            touched.insert(third)
            let style = styles[third] ?? ""
            _ = await step { try await album.giveUp(style: style, of: third, reason: "no") }
        }
        await shoot(album, 4, "cute")
        if await step({ try await album.pin(1) }) { pins.insert(1) }
        if let last = photos.keys.max() { await delete(album, last) }
        await shoot(album, 5, "cute")
        let last = photos.keys.max() ?? 5
        await paint(album, last, "cute", 14)
        sizes[last] = nil
        if await step({ try await album.request(style: "pencil", of: last) }) { wishes.insert(last) }
    }

    mutating func step(_ body: () async throws -> Void) async -> Bool {
        for _ in 0..<4 {
            do {
                try await body()
                return true
            } catch {
                failures += 1
                guard mend() else { return false }
            }
        }
        return false
    }

    mutating func shoot(_ album: Album, _ tone: Int, _ style: String) async {
        _ = await step { try await album.makeRoom() }
        var saved: Picture?
        guard await step({ saved = try await album.save(tone, style: style) }), let saved else { return }
        #expect(photos[saved.number] == nil, "number \(saved.number) was given twice")
        photos[saved.number] = readable(saved.photoPath)
        styles[saved.number] = style
    }

    mutating func paint(_ album: Album, _ number: Int, _ style: String, _ tone: Int) async {
        guard photos[number] != nil else { return }
        let bytes = Fixture.pictures[tone]
        let name = "\(Self.digits(number))-\(style).jpg"
        attempted[name, default: []].append(bytes)
        touched.insert(number)
        if await step({ try await album.paint(number, style, tone: tone) }) {
            animes[name] = bytes
            attempted[name] = [bytes]
        }
    }

    mutating func delete(_ album: Album, _ number: Int) async {
        deletions.insert(number)
        if await step({ try await album.delete(number) }) { deleted.insert(number) }
    }

    /// Reads a file past all faults.
    private func readable(_ path: String) -> [UInt8] {
        files.bytes(of: path)
    }

    static func digits(_ number: Int) -> String {
        String(repeating: "0", count: max(0, 4 - "\(number)".count)) + "\(number)"
    }

    // MARK: Afterwards

    /// Whether the album kept all that it acknowledged.
    func check(_ album: Album, _ folder: String, _ context: Comment) async throws {
        let kept = Set(await album.pictures(limit: 1000).map(\.number))
        let pending = await album.pending
        for (number, bytes) in photos where !deletions.contains(number) {
            #expect(kept.contains(number), context)
            #expect(files.bytes(of: folder + "/" + Self.digits(number) + "-photo.jpg") == bytes, context)
            let style = styles[number] ?? ""
            let isWaiting = pending.contains(Conversion(number: number, style: style))
            let picture = await album.picture(number)
            let isDone = touched.contains(number) && (picture?.styles.isEmpty == false || picture?.failed == [style])
            #expect(isWaiting || isDone, context)
        }
        for number in deleted { #expect(!kept.contains(number), context) }
        for number in wishes where !deletions.contains(number) {
            let isWaiting = pending.contains(Conversion(number: number, style: "pencil"))
            let isDone = await album.picture(number)?.styles.contains("pencil") == true
            #expect(isWaiting || isDone, context)
            if isWaiting, let size = sizes[number] {
                #expect(await album.wish(of: "pencil", number).size == size, context)
            }
        }
        for number in pins where !deletions.contains(number) {
            #expect(await album.picture(number)?.isPinned == true, context)
        }
        for (name, versions) in attempted {
            guard let number = Int(name.prefix(4)), !deletions.contains(number) else { continue }
            let bytes = files.bytes(of: folder + "/" + name)
            let isOld = animes[name].map { $0 == bytes } ?? bytes.isEmpty
            #expect(isOld || versions.contains(bytes), context)
        }
        checkFiles(folder, deleted, context)
    }

    /// No temporaries, no damaged pictures, nothing of pictures that are gone.
    private func checkFiles(_ folder: String, _ deleted: Set<Int>, _ context: Comment) {
        for name in files.names(in: folder) where name != ".animesnap-counter" {
            #expect(!name.hasPrefix("."), "\(name) is left: \(context.rawValue)")
            for number in deleted { #expect(!name.hasPrefix(Self.digits(number)), context) }
            if name.hasSuffix(".jpg") {
                let image = try? RGBImage.decode(.file(folder + "/" + name, files))
                #expect(image != nil, "\(name) is damaged: \(context.rawValue)")
                guard let original = original(of: name) else { continue }
                let whole = try? RGBImage.decode(.file(folder + "/" + original, files))
                #expect(isAlike(image, whole), "\(name) shows another picture: \(context.rawValue)")
            }
        }
    }

    /// The picture that a preview or thumbnail is of.
    private func original(of name: String) -> String? {
        for ending in ["-preview.jpg", "-thumb.jpg"] where name.hasSuffix(ending) {
            return name.dropLast(ending.count) + ".jpg"
        }
        return nil
    }

    private func isAlike(_ one: RGBImage?, _ other: RGBImage?) -> Bool {
        guard let one = one?[0, 0], let other = other?[0, 0] else { return false }
        return abs(Int(one.red) - Int(other.red)) < 12 && abs(Int(one.green) - Int(other.green)) < 12
    }
}
