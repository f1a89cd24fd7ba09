import Album
import Imaging
import Testing

@Suite("Looking at the album")
struct LookingTests {
    let folder = TemporaryFolder()

    private func filled() async throws -> Album {
        let album = try await Album(folder: folder.path, options: .keeping())
        for tone in 1...5 { try await album.save(tone) }
        for number in [1, 2, 4] { try await album.paint(number) }
        try await album.paint(4, "sepia")
        try await album.pin(2)
        try await album.giveUp(style: "cute", of: 3, reason: "it has no faces")
        return album
    }

    @Test("pages follow each other from the newest to the oldest picture")
    func pages() async throws {
        let album = try await filled()
        let first = await album.page(limit: 2)
        #expect(first.pictures.map(\.picture.number) == [5, 4] && first.next == 4 && first.count == 5)
        let second = await album.page(before: first.next, limit: 2)
        #expect(second.pictures.map(\.picture.number) == [3, 2] && second.next == 2)
        let third = await album.page(before: second.next, limit: 2)
        #expect(third.pictures.map(\.picture.number) == [1] && third.next == nil && third.count == 5)
    }

    @Test("only what fits is on a page and counted")
    func fitting() async throws {
        let album = try await filled()
        let painted = await album.page(limit: 2, style: "cute")
        #expect(painted.pictures.map(\.picture.number) == [4, 2] && painted.next == 2 && painted.count == 3)
        #expect(await album.page(limit: 9, style: "sepia").pictures.map(\.picture.number) == [4])
        #expect(await album.page(limit: 9, isPinned: true).pictures.map(\.picture.number) == [2])
        #expect(await album.page(limit: 9, style: "manga").count == 0)
    }

    @Test("a picture tells what waits, what failed and why, and when it was taken")
    func description() async throws {
        let album = try await filled()
        let third = try #require(await album.description(of: 3))
        #expect(third.waiting == [] && third.picture.failed == ["cute"] && third.reasons == ["it has no faces"])
        let fifth = try #require(await album.description(of: 5))
        #expect(fifth.waiting == ["cute"] && fifth.taken?.text.hasPrefix("2027:") == true)
        try await album.save(1, taken: ShotTime(seconds: 0, isTrusted: false))
        #expect(try #require(await album.description(of: 6)).taken == nil)
        #expect(await album.description(of: 99) == nil)
    }

    @Test("only files that the album knows have a path")
    func paths() async throws {
        let album = try await filled()
        try await album.makeRenditions(of: 4)
        #expect(await album.path(ofFile: "0004-photo.jpg") == folder.path + "/0004-photo.jpg")
        #expect(await album.path(ofFile: "0004-sepia-thumb.jpg") == folder.path + "/0004-sepia-thumb.jpg")
        for name in [
            "0004-manga.jpg", "0009-photo.jpg", "0001-photo-thumb.jpg", "0002.pin", "0003-cute.failed", ".number",
            "../0004-photo.jpg", "0004-photo.jpg/", "", "4-photo.jpg", "0004-photo.jpg\0",
        ] {
            #expect(await album.path(ofFile: name) == nil, "\(name)")
        }
        #expect(await album.fileNames(of: [4, 99]) == ["0004-photo.jpg", "0004-cute.jpg", "0004-sepia.jpg"])
        #expect(await album.fileNames().count == 9)
    }

    @Test("pictures of styles that are gone are shown as all others", arguments: ["cel", "shinkai"])
    func gone(_ style: String) async throws {
        try await filled().paint(4, style)
        let album = try await Album(folder: folder.path, options: .keeping())
        #expect(await album.page(limit: 9, style: style).pictures.map(\.picture.number) == [4])
        #expect(await album.picture(4)?.styles.contains(style) == true)
        try await album.makeRenditions(of: 4)
        for name in ["0004-\(style).jpg", "0004-\(style)-thumb.jpg"] {
            #expect(await album.path(ofFile: name) == "\(folder.path)/\(name)")
        }
    }

    @Test("the number of pictures that are kept can be changed")
    func keep() async throws {
        let album = try await filled()
        album.keep(atMost: 4)
        try await album.makeRoom()
        // The second is pinned; the third was given up, the fifth waits.
        #expect(await album.pictures().map(\.number) == [5, 4, 2])
    }

    @Test("who wipes tells which pictures there were, and none the second time")
    func wiped() async throws {
        let album = try await filled()
        var changes = album.changes().makeAsyncIterator()
        try await album.wipe()
        try await album.wipe()
        #expect(await changes.next() == .wiped([1, 2, 3, 4, 5]))
        #expect(await changes.next() == .wiped([]))
    }
}
