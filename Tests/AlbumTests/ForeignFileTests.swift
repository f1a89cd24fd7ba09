import Album
import AlbumTesting
import Glibc
import Testing

@Suite("Other files in the folder")
struct ForeignFileTests {
    let folder = TemporaryFolder()

    @Test("files with other names are neither shown nor counted nor touched")
    func foreign() async throws {
        let names = [
            "holiday.jpg", "42-photo.jpg", "00042-photo.jpg", "0000-photo.jpg", "0042-Photo.jpg", "0042-photo.jpeg",
            "0042-photo.jpg.part", "0042-photo.jpg.crdownload", "0042-photo (1).jpg", "0042-.jpg", "0042photo.jpg",
            "0042-a_b.jpg", ".0042-photo.jpg", ".0042-photo.jpg.swp", "0042", "0042.jpg", "0042-photo.wanted",
            "0042-photo-preview-thumb.jpg", "٠٠٤٢-photo.jpg", "9999999999-photo.jpg", ".DS_Store", "counter",
            "0042.pinned",
        ]
        for name in names { folder.add(name) }
        mkdir(folder.path + "/0050-photo.jpg", 0o755)
        symlink("/etc/passwd", folder.path + "/0051-photo.jpg")
        let album = try await Album(folder: folder.path, options: .keeping(1))
        #expect(await album.count == 0)
        #expect(await album.pending.isEmpty)
        #expect(try await album.save(1).number == 1)
        try await album.paint(1)
        try await album.makeRoom()
        try await album.wipe()
        await album.close()
        let left = Set(folder.names)
        #expect(left == Set(names + ["0050-photo.jpg", "0051-photo.jpg", ".animesnap-counter"]))
        for name in names { #expect(folder.bytes(name) == [1]) }
    }

    @Test("half-copied photos are shown, and whoever opens them is told")
    func halfCopied() async throws {
        folder.add("0005-photo.jpg", [])
        folder.add("0006-photo.jpg", picture(1).dropLast(20) + [])
        folder.add("0007-photo.jpg", Array("not a picture at all".utf8))
        let album = try await Album(folder: folder.path, options: .keeping())
        #expect(await album.pending == [5, 6, 7].map { Conversion(number: $0, style: "") })
        for number in 5...7 {
            let error = await failure { try await album.makeRenditions(of: number) }
            #expect(error?.kind == .invalid)
            #expect(error?.description.contains("000\(number)-photo.jpg") == true)
            try await album.giveUp(style: "cute", of: number, reason: "damaged")
        }
        #expect(await album.pending.isEmpty)
        #expect(try await album.save(1).number == 8)
    }

    @Test("an anime picture whose photo was removed by hand is left alone")
    func orphan() async throws {
        folder.add("0003-cute.jpg", picture(2))
        let album = try await Album(folder: folder.path, options: .keeping())
        #expect(await album.count == 0)
        #expect(try await album.save(1).number == 4)
        #expect(folder.bytes("0003-cute.jpg") == picture(2))
    }

    @Test("files that were being written are removed at the start")
    func temporaries() async throws {
        folder.add("0003-photo.jpg", picture(2))
        for name in [".0004-photo.jpg.part", ".0003-cute.jpg.part", ".0003.pin.part", ".animesnap-counter.part"] {
            folder.add(name)
        }
        let album = try await Album(folder: folder.path, options: .keeping())
        #expect(folder.names == ["0003-photo.jpg"])
        #expect(try await album.save(1).number == 5)
    }

    @Test("a photo that somebody removes while the album is open does no harm")
    func removedByHand() async throws {
        let album = try await Album(folder: folder.path, options: .keeping())
        try await album.save(1)
        try await album.paint(1)
        unlink(folder.path + "/0001-photo.jpg")
        #expect(await failure { try await album.makeRenditions(of: 1) }?.kind == .notFound)
        try await album.delete(1)
        #expect(folder.names == [".animesnap-counter"])
    }

    @Test("a folder that cannot be written to shows its pictures and refuses photos")
    func readOnly() async throws {
        let disk = SimulatedDisk()
        var album = try await Album(folder: "/album", options: .keeping(), files: disk)
        try await album.save(1)
        disk.cutPower(seed: 1)
        disk.isReadOnly = true
        album = try await Album(folder: "/album", options: .keeping(), files: disk)
        #expect(await album.count == 1)
        #expect(await album.pending.count == 1)
        let error = await failure { try await album.makeRoom() }
        #expect(error?.kind == .readOnly)
        #expect(error?.description.contains("/album") == true)
        #expect(await failure { try await album.save(2) }?.kind == .readOnly)
        #expect(await failure { try await album.delete(1) }?.kind == .readOnly)
        #expect(await failure { try await album.wipe() }?.kind == .readOnly)
        #expect(await album.count == 1)
        disk.isReadOnly = false
        try await album.makeRoom()
        #expect(try await album.save(2).number == 2)
    }
}
