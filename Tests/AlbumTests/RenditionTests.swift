import Album
import Imaging
import Testing

@Suite("Previews and thumbnails")
struct RenditionTests {
    let folder = TemporaryFolder()

    private func open() async throws -> Album {
        var options = Album.Options.keeping()
        options.previewSide = 200
        options.thumbnailSide = 50
        return try await Album(folder: folder.path, options: options)
    }

    private func size(_ name: String) throws -> PictureSize {
        try JPEGReader(.file(path: folder.path + "/" + name)).info.size
    }

    @Test("they are made for the photo and for each anime picture, no larger than the picture")
    func sizes() async throws {
        let album = try await open()
        _ = try await album.savePhoto(picture(1, side: 400), style: "cute", taken: .june)
        _ = try await album.saveAnime(picture(2, side: 120), of: 1, style: "cute")
        #expect(await album.picture(1)?.hasThumbnails == false)
        try await album.makeRenditions(of: 1)
        let made = try #require(await album.picture(1))
        #expect(made.hasThumbnails)
        #expect(try size("0001-photo-preview.jpg") == PictureSize(width: 200, height: 100))
        #expect(try size("0001-photo-thumb.jpg") == PictureSize(width: 50, height: 25))
        #expect(try size("0001-cute-preview.jpg") == PictureSize(width: 120, height: 60))
        #expect(try size("0001-cute-thumb.jpg") == PictureSize(width: 50, height: 25))
        #expect(made.previewPath("photo") == folder.path + "/0001-photo-preview.jpg")
        #expect(made.thumbnailPath("cute") == folder.path + "/0001-cute-thumb.jpg")
    }

    @Test("they are made once, and again for a picture that was replaced")
    func replaced() async throws {
        let album = try await open()
        try await album.save(1)
        try await album.paint(1, tone: 3)
        try await album.makeRenditions(of: 1)
        let first = folder.bytes("0001-cute-thumb.jpg")
        folder.add("0001-photo-thumb.jpg", [9])
        try await album.makeRenditions(of: 1)
        #expect(folder.bytes("0001-photo-thumb.jpg") == [9])
        try await album.paint(1, tone: 4)
        #expect(!folder.names.contains("0001-cute-thumb.jpg"))
        #expect(await album.picture(1)?.hasThumbnails == false)
        try await album.makeRenditions(of: 1)
        #expect(folder.bytes("0001-cute-thumb.jpg") != first)
    }

    @Test("missing ones are noticed after a restart")
    func restart() async throws {
        var album = try await open()
        try await album.save(1)
        try await album.makeRenditions(of: 1)
        await album.close()
        try Disk().remove(folder.path + "/0001-photo-preview.jpg")
        album = try await open()
        #expect(await album.picture(1)?.hasThumbnails == false)
        try await album.makeRenditions(of: 1)
        #expect(await album.picture(1)?.hasThumbnails == true)
    }

    @Test("a picture that is deleted meanwhile leaves nothing behind")
    func deletedMeanwhile() async throws {
        let album = try await open()
        for _ in 0..<10 {
            let number = try await album.savePhoto(picture(1, side: 900), style: "cute", taken: .june).number
            async let made: Void = album.makeRenditions(of: number)
            try await album.delete(number)
            _ = try? await made
        }
        #expect(folder.names == [".animesnap-counter"])
    }

    @Test("photos can be saved while they are made")
    func beside() async throws {
        let album = try await open()
        _ = try await album.savePhoto(picture(1, side: 3000), style: "cute", taken: .june)
        async let made: Void = album.makeRenditions(of: 1)
        for tone in 2...6 { try await album.save(tone) }
        try await made
        #expect(await album.count == 6)
        #expect(await album.picture(1)?.hasThumbnails == true)
    }
}
