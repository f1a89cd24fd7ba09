import Album
import Glibc
import Imaging
import Testing

@Suite("The album")
struct AlbumTests {
    let folder = TemporaryFolder()

    @Test("a photo gets a number, a name and its notes")
    func save() async throws {
        let album = try await Album(folder: folder.path + "/new/one", options: .keeping())
        let first = try await album.save(1)
        let second = try await album.save(2, style: "sepia")
        #expect(first.number == 1 && second.number == 2)
        #expect(first.photoPath == folder.path + "/new/one/0001-photo.jpg")
        let file = Disk().bytes(of: second.photoPath)
        #expect(second.photoBytes == file.count)
        let notes = try #require(PhotoNotes(ofJPEG: file))
        #expect(notes.number == 2 && notes.style == "sepia" && notes.isTimeTrusted)
        #expect(notes.taken?.text.hasPrefix("2027:0") == true)
        #expect(try RGBImage.decode(.file(path: first.photoPath)) == RGBImage.decode(.bytes(picture(1), name: "a")))
        #expect(await album.pictures().map(\.number) == [2, 1])
    }

    @Test("an anime picture ends the wait for it")
    func anime() async throws {
        let album = try await Album(folder: folder.path, options: .keeping())
        let changes = album.changes()
        try await album.save(1)
        #expect(await album.pending == [Conversion(number: 1, style: "cute")])
        let painted = try await album.paint(1)
        #expect(painted.styles == ["cute"])
        #expect(folder.bytes("0001-cute.jpg") == picture(7))
        #expect(await album.pending.isEmpty)
        var seen = changes.makeAsyncIterator()
        guard case .photoSaved = await seen.next(), case .animeSaved(painted, "cute") = await seen.next() else {
            Issue.record("the changes are not told in their order")
            return
        }
    }

    @Test("what is pending is known after a restart, with the style from the photo")
    func pending() async throws {
        var album = try await Album(folder: folder.path, options: .keeping())
        for tone in 1...4 { try await album.save(tone, style: tone == 2 ? "sepia" : "cute") }
        try await album.save(5, style: "")
        try await album.paint(1)
        try await album.request(style: "pencil", of: 1)
        try await album.giveUp(style: "cute", of: 3, reason: "the photo is damaged")
        let expected = [
            Conversion(number: 1, style: "pencil"), Conversion(number: 2, style: "sepia"),
            Conversion(number: 4, style: "cute"), Conversion(number: 5, style: ""),
        ]
        #expect(await album.pending == expected)
        #expect(String(decoding: folder.bytes("0003-cute.failed"), as: UTF8.self) == "the photo is damaged\n")
        await album.close()
        album = try await Album(folder: folder.path, options: .keeping())
        #expect(await album.pending == expected)
        #expect(await album.picture(3)?.failed == ["cute"])
        try await album.request(style: "cute", of: 3)
        #expect(await album.picture(3)?.failed == [])
        #expect(!folder.names.contains("0003-cute.failed"))
        try await album.paint(3)
        #expect(!folder.names.contains("0003-cute.wanted"))
    }

    @Test("the first style stays pending when another one is painted or fails before it")
    func firstStyle() async throws {
        var album = try await Album(folder: folder.path, options: .keeping())
        for tone in 1...3 { try await album.save(tone, style: "sepia") }
        try await album.request(style: "cute", of: 1)
        try await album.paint(1, "cute")
        try await album.request(style: "cute", of: 2)
        try await album.giveUp(style: "cute", of: 2, reason: "no")
        try await album.giveUp(style: "cute", of: 3, reason: "no")
        await album.close()
        album = try await Album(folder: folder.path, options: .keeping())
        #expect(await album.pending == [1, 2, 3].map { Conversion(number: $0, style: "sepia") })
        for number in 1...3 { try await album.paint(number, "sepia") }
        #expect(await album.pending.isEmpty)
        #expect(folder.names.filter { $0.hasSuffix(".wanted") }.isEmpty)
    }

    @Test("pictures are listed page by page, newest first")
    func pages() async throws {
        let album = try await Album(folder: folder.path, options: .keeping())
        for tone in 1...7 { try await album.save(tone) }
        #expect(await album.pictures(limit: 3).map(\.number) == [7, 6, 5])
        #expect(await album.pictures(before: 5, limit: 3).map(\.number) == [4, 3, 2])
        #expect(await album.pictures(before: 1).isEmpty)
        #expect(await album.pictures(limit: -1).isEmpty)
        #expect(await album.picture(8) == nil)
    }

    @Test("deleting takes everything of one picture and nothing of another")
    func delete() async throws {
        let album = try await Album(folder: folder.path, options: .keeping())
        for tone in 1...2 {
            let number = try await album.save(tone).number
            try await album.paint(number)
            try await album.request(style: "pencil", of: number)
            try await album.giveUp(style: "oil", of: number, reason: "why not")
            try await album.pin(number)
            try await album.makeRenditions(of: number)
        }
        let all = folder.names
        try await album.delete(1)
        #expect(folder.names == all.filter { !$0.hasPrefix("0001") })
        #expect(await album.pictures().map(\.number) == [2])
        #expect(await failure { try await album.delete(1) }?.kind == .notFound)
        #expect(await failure { try await album.pin(1) }?.kind == .notFound)
        #expect(await failure { try await album.paint(1) }?.kind == .notFound)
    }

    @Test("pins stay over a restart, and can be taken off")
    func pins() async throws {
        var album = try await Album(folder: folder.path, options: .keeping())
        for tone in 1...2 { try await album.save(tone) }
        try await album.pin(1)
        try await album.pin(2)
        try await album.unpin(2)
        await album.close()
        album = try await Album(folder: folder.path, options: .keeping())
        #expect(await album.picture(1)?.isPinned == true)
        #expect(await album.picture(2)?.isPinned == false)
    }

    @Test("what cannot be kept is refused with one sentence")
    func refused() async throws {
        let album = try await Album(folder: folder.path, options: .keeping())
        for style in ["", "photo", "Cute", "a b", "../x", "x-preview", "x-thumb", String(repeating: "a", count: 33)] {
            let error = await failure { try await album.request(style: style, of: 1) }
            #expect(error?.kind == .invalid, "'\(style)'")
        }
        for bytes in [[], Array("hello".utf8), Array(picture(1).prefix(40))] {
            let error = await failure { _ = try await album.savePhoto(bytes, style: "cute", taken: .june) }
            #expect(error?.kind == .invalid)
            #expect(error?.description.hasSuffix(".") == false)
        }
        #expect(folder.names.isEmpty)
    }

    @Test("only one process writes, others may look")
    func oneWriter() async throws {
        let album = try await Album(folder: folder.path, options: .keeping())
        try await album.save(1)
        let second = await failure { _ = try await Album(folder: folder.path) }
        #expect(second?.kind == .readOnly && second?.description.contains("another process") == true)
        let reader = try await Album(folder: folder.path, access: .readOnly)
        #expect(await reader.count == 1)
        #expect(await failure { try await reader.delete(1) }?.kind == .readOnly)
        await album.close()
        #expect(await failure { try await album.save(2) }?.kind == .readOnly)
        _ = try await Album(folder: folder.path)
    }

    @Test("a folder that is none, or is not there for a reader, is refused")
    func noFolder() async throws {
        let file = folder.add("file")
        #expect(await failure { _ = try await Album(folder: file) }?.kind == .inputOutput)
        #expect(await failure { _ = try await Album(folder: file + "/sub") }?.kind == .inputOutput)
        #expect(await failure { _ = try await Album(folder: folder.path + "/no", access: .readOnly) } != nil)
    }

    @Test("a time that cannot be believed is marked and not written as the photo's time")
    func times() async throws {
        let album = try await Album(folder: folder.path, options: .keeping())
        func notes(_ time: ShotTime) async throws -> PhotoNotes? {
            PhotoNotes(ofJPEG: Disk().bytes(of: try await album.save(1, taken: time).photoPath))
        }
        let never = try await notes(ShotTime(seconds: 1_811_800_000, isTrusted: false))
        #expect(never?.isTimeTrusted == false && never?.taken?.text.hasPrefix("2027") == true)
        let beginning = try await notes(ShotTime(seconds: 5, isTrusted: true))
        #expect(beginning?.isTimeTrusted == false)
        #expect(try await notes(.june)?.isTimeTrusted == true)
        let yearBefore = try await notes(ShotTime(seconds: ShotTime.june.seconds - 31_536_000, isTrusted: true))
        #expect(yearBefore?.isTimeTrusted == false)
        #expect(try await notes(ShotTime(seconds: ShotTime.june.seconds + 9, isTrusted: true))?.isTimeTrusted == true)
    }
}
