import Album
import Testing

@Suite("Wishes for styles, sizes and faces")
struct WishTests {
    let folder = TemporaryFolder()

    private func open() async throws -> Album { try await Album(folder: folder.path, options: .keeping()) }

    @Test(
        "a wish keeps its size over a restart until the picture is saved",
        arguments: [PaintingSize.longestSide(1024), .full])
    func size(_ size: PaintingSize) async throws {
        var album = try await open()
        try await album.save(1)
        try await album.paint(1)
        try await album.request(style: "cute", of: 1, as: PaintingWish(size: size))
        #expect(folder.bytes("0001-cute.wanted") == Array("\(size)\n".utf8))
        #expect(await album.wish(of: "cute", 1).size == size)
        await album.close()
        album = try await open()
        #expect(await album.pending == [Conversion(number: 1, style: "cute")])
        #expect(await album.wish(of: "cute", 1).size == size)
        try await album.paint(1, tone: 8)
        #expect(await album.wish(of: "cute", 1).size == nil)
        #expect(await album.pending.isEmpty)
        #expect(await album.picture(1)?.replacements("cute") == 1)
    }

    @Test(
        "a wish for faces or colours is kept below its size, where programs that know only sizes pass over it",
        arguments: [
            (PaintingWish(faces: .off), "\nfaces: off\n"),
            (PaintingWish(size: .longestSide(1920), faces: .only), "1920\nfaces: only\n"),
            (PaintingWish(size: .full, faces: .auto), "full\nfaces: auto\n"),
            (PaintingWish(hair: .pink), "\nhair: pink\n"),
            (
                PaintingWish(size: .longestSide(65_535), faces: .auto, hair: .silver, eyes: .violet),
                "65535\nfaces: auto\nhair: silver\neyes: violet\n"
            ),
        ])
    func faces(_ wish: PaintingWish, _ text: String) async throws {
        var album = try await open()
        try await album.save(1)
        try await album.request(style: "cute", of: 1, as: wish)
        #expect(folder.bytes("0001-cute.wanted") == Array(text.utf8))
        #expect(PaintingSize(text) == wish.size)
        await album.close()
        album = try await open()
        #expect(await album.wish(of: "cute", 1) == wish)
    }

    @Test("a photo that waits for its first style keeps the size that was wished for it")
    func firstStyle() async throws {
        var album = try await open()
        try await album.save(1)
        try await album.giveUp(style: "cute", of: 1, reason: "no")
        try await album.request(style: "cute", of: 1, as: PaintingWish(size: .longestSide(256)))
        await album.close()
        album = try await open()
        #expect(await album.pending == [Conversion(number: 1, style: "cute")])
        #expect(await album.wish(of: "cute", 1).size == .longestSide(256))
    }

    @Test("the newest wish counts, and one without a size stands for the size that is set")
    func newest() async throws {
        let album = try await open()
        try await album.save(1)
        #expect(await album.wish(of: "cute", 1).size == nil)
        try await album.request(style: "pencil", of: 1, as: PaintingWish(size: .longestSide(256)))
        try await album.request(style: "pencil", of: 1, as: PaintingWish(size: .full))
        #expect(await album.wish(of: "pencil", 1).size == .full)
        try await album.request(style: "pencil", of: 1)
        #expect(await album.wish(of: "pencil", 1).size == nil)
    }

    @Test(
        "a mark that says something else is a wish without a size",
        arguments: [
            "", "\n", "big", "-1", "0", "99999999999999999999", "full of joy", "1024 px", "\nfaces: two", "\nfaces:",
        ])
    func foreign(_ text: String) async throws {
        var album = try await open()
        try await album.save(1)
        await album.close()
        folder.add("0001-pencil.wanted", Array(text.utf8))
        album = try await open()
        #expect(await album.picture(1)?.wanted == ["pencil"])
        #expect(await album.wish(of: "pencil", 1) == PaintingWish())
    }

    @Test("a wish that is taken back leaves a picture as it was, and a photo without one as given up")
    func withdraw() async throws {
        var album = try await open()
        try await album.save(1)
        try await album.paint(1)
        try await album.request(style: "cute", of: 1, as: PaintingWish(size: .full))
        try await album.request(style: "pencil", of: 1)
        try await album.withdraw(style: "cute", of: 1, reason: "not now")
        try await album.withdraw(style: "pencil", of: 1, reason: "not now")
        await album.close()
        album = try await open()
        let picture = try #require(await album.picture(1))
        #expect(picture.styles == ["cute"] && picture.wanted == [] && picture.failed == ["pencil"])
        #expect(await failure { try await album.withdraw(style: "cute", of: 7, reason: "") }?.kind == .notFound)
    }
}
