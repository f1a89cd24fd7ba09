import Album
import AlbumTesting
import Imaging
import Testing

@Suite("Numbers")
struct NumberTests {
    let disk = SimulatedDisk()

    private func open() async throws -> Album {
        try await Album(folder: "/album", options: .keeping(), files: disk)
    }

    @Test("the number of a deleted picture is not given again, even after a restart and a power cut")
    func deleted() async throws {
        var album = try await open()
        for tone in 1...3 { try await album.save(tone) }
        try await album.delete(3)
        disk.cutPower(seed: 3)
        album = try await open()
        #expect(try await album.save(4).number == 4)
        try await album.delete(4)
        try await album.wipe()
        await album.close()
        album = try await open()
        #expect(try await album.save(5).number == 5)
    }

    @Test("the clock has no part in numbers")
    func clock() async throws {
        var album = try await open()
        try await album.save(1)
        await album.close()
        disk.time -= 400 * 86_400
        album = try await open()
        try await album.save(2, taken: ShotTime(seconds: 0, isTrusted: false))
        await album.close()
        disk.time += 4000 * 86_400
        album = try await open()
        #expect(try await album.save(3).number == 3)
    }

    @Test("without a counter file the largest number in the folder counts, of whatever file")
    func noCounter() async throws {
        for name in ["0007-photo.jpg", "0012-cute.jpg", "0030.pin", "10000-cute-thumb.jpg", ".20000-photo.jpg.part"] {
            var album = try await open()
            try await album.wipe()
            await album.close()
            for name in disk.names(in: "/album") { try disk.remove("/album/" + name) }
            try disk.close(try disk.create("/album/" + name))
            album = try await open()
            let expected = try #require(Int(name.drop { $0 == "." }.prefix { $0.isNumber })) + 1
            #expect(try await album.save(1).number == expected)
            await album.close()
        }
    }

    @Test("the newest picture of a folder without a counter can be deleted, and its number is not given again")
    func deletedWithoutCounter() async throws {
        try disk.makeFolder("/album")
        try disk.close(try disk.create("/album/0009-photo.jpg"))
        try disk.syncFolder("/album")
        try await open().delete(9)
        disk.cutPower(seed: 1)
        await (try open()).close()
        let album = try await open()
        #expect(await album.count == 0)
        #expect(try await album.save(1).number == 10)
    }

    @Test("a clock that was set back a year over a restart is not believed")
    func setBack() async throws {
        var album = try await open()
        disk.time = ShotTime.june.seconds
        try await album.save(1)
        await album.close()
        album = try await open()
        let early = ShotTime(seconds: ShotTime.june.seconds - 31_536_000, isTrusted: true)
        let picture = try await album.save(2, taken: early)
        #expect(picture.number == 2)
        #expect(PhotoNotes(ofJPEG: disk.bytes(of: picture.photoPath))?.isTimeTrusted == false)
        let right = try await album.save(3, taken: ShotTime(seconds: ShotTime.june.seconds + 60, isTrusted: true))
        #expect(PhotoNotes(ofJPEG: disk.bytes(of: right.photoPath))?.isTimeTrusted == true)
    }

    @Test("a counter file with rubbish in it is passed over", arguments: ["", "x", "-5\n", "999999999999999999999999"])
    func rubbish(_ text: String) async throws {
        var album = try await open()
        try await album.save(1)
        await album.close()
        try disk.remove("/album/.animesnap-counter")
        let file = try disk.create("/album/.animesnap-counter")
        try disk.write(Array(text.utf8), to: file)
        try disk.close(file)
        album = try await open()
        if text.count < 10 {
            #expect(try await album.save(2).number == 2)
        } else {
            #expect(await failure { try await album.save(2) }?.kind == .invalid)
        }
    }

    @Test("a number that was reserved is used by the next photo")
    func reserved() async throws {
        let album = try await open()
        for _ in 0..<3 { try await album.makeRoom() }
        #expect(try await album.save(1).number == 1)
        #expect(try await album.save(1).number == 2)
    }

    @Test("after 9999 names get longer")
    func long() async throws {
        try disk.makeFolder("/album")
        try disk.close(try disk.create("/album/9999-photo.jpg"))
        var album = try await open()
        #expect(try await album.save(1).photoPath == "/album/10000-photo.jpg")
        await album.close()
        album = try await open()
        #expect(await album.pictures().map(\.number) == [10000, 9999])
    }
}
