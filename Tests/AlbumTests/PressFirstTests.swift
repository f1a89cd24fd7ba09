import Album
import Testing

@Suite("A press comes first")
struct PressFirstTests {
    private let folder = TemporaryFolder()
    private let files = HeldFiles()

    /// What reads the photos of an album that was just opened.
    enum Reader: CaseIterable, Sendable {
        case page, description, pending, wish

        func read(_ album: Album) async {
            switch self {
            case .page: _ = await album.page(limit: 10)
            case .description: _ = await album.description(of: 1)
            case .pending: _ = await album.pending
            case .wish: try? await album.request(style: "sepia", of: 1)
            }
        }
    }

    /// An album of three photos, of which nothing is known but the names.
    private func reopened() async throws -> Album {
        let album = try await Album(folder: folder.path, options: .keeping())
        for tone in 1...3 { try await album.save(tone) }
        await album.close()
        return try await Album(folder: folder.path, options: .keeping(), files: files)
    }

    @Test("a photo is saved while others are still being read", arguments: Reader.allCases)
    func saving(_ reader: Reader) async throws {
        let album = try await reopened()
        let reading = Task { await reader.read(album) }
        await files.reading()
        try await album.makeRoom()
        #expect(try await album.save(4).number == 4)
        #expect(!files.hasGivenUp)
        files.letGo()
        await reading.value
        #expect(await album.pending.map(\.style).filter { $0 == "cute" }.count == 4)
    }

    @Test("many who ask for the same page read each photo once")
    func once() async throws {
        let album = try await reopened()
        let first = Task { await album.page(limit: 10) }
        await files.reading()
        let others = (0..<9).map { _ in Task { await album.page(limit: 10) } }
        files.letGo()
        let page = await first.value
        #expect(page.pictures.map(\.picture.number) == [3, 2, 1])
        #expect(page.pictures.allSatisfy { $0.taken?.text.hasPrefix("2027:") == true && $0.waiting == ["cute"] })
        for other in others { #expect(await other.value == page) }
        #expect(files.photosRead == 3)
    }

    @Test("a picture that is deleted while it is read is not on the page")
    func deleted() async throws {
        let album = try await reopened()
        let page = Task { await album.page(limit: 10) }
        await files.reading()
        try await album.delete(2)
        files.letGo()
        #expect(await page.value.pictures.map(\.picture.number) == [3, 1])
        #expect(!files.hasGivenUp)
        #expect(await album.description(of: 2) == nil)
    }

    @Test("of a photo that was just saved nothing is read")
    func saved() async throws {
        let album = try await Album(folder: folder.path, options: .keeping(), files: files)
        try await album.save(1)
        let page = await album.page(limit: 10)
        #expect(page.pictures.first?.taken?.text.hasPrefix("2027:") == true)
        #expect(files.photosRead == 0)
    }
}
