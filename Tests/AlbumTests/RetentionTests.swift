import Album
import AlbumTesting
import Testing

@Suite("Room for one more")
struct RetentionTests {
    let disk = SimulatedDisk()

    private func filled(_ options: Album.Options, painted: Int, unpainted: Int = 0) async throws -> Album {
        let album = try await Album(folder: "/album", options: options, files: disk)
        for tone in 0..<painted {
            let number = try await album.save(tone).number
            try await album.paint(number, tone: tone)
        }
        for tone in 0..<unpainted { try await album.save(tone) }
        return album
    }

    @Test("by number, the oldest goes first, and pinned ones stay")
    func number() async throws {
        let album = try await filled(.keeping(5), painted: 5)
        try await album.pin(1)
        try await album.makeRoom()
        #expect(await album.pictures().map(\.number) == [5, 4, 3, 1])
        try await album.save(9)
        try await album.makeRoom()
        #expect(await album.pictures().map(\.number) == [6, 5, 4, 1])
    }

    @Test("pictures that have still to be painted stay, and without room the shot is refused")
    func unpainted() async throws {
        let album = try await filled(.keeping(3), painted: 1, unpainted: 3)
        let error = await failure { try await album.makeRoom() }
        #expect(error?.kind == .full)
        // Deleting the one that could go would not have been enough.
        #expect(await album.count == 4)
        try await album.paint(2)
        try await album.makeRoom()
        #expect(await album.pictures().map(\.number) == [4, 3])
    }

    @Test("by bytes, no more goes than has to")
    func bytes() async throws {
        let options = Album.Options(leastFreeBytes: 10_000, bytesPerShot: 5000)
        let album = try await filled(options, painted: 8)
        try await album.makeRoom()
        #expect(await album.count == 8)
        disk.capacity = await used() + 14_000
        try await album.makeRoom()
        let left = await album.count
        #expect((6...7).contains(left))
        #expect(try await album.freeBytes() >= 15_000)
        #expect(await album.picture(8) != nil)
    }

    private func used() async -> Int {
        disk.names(in: "/album").reduce(0) { $0 + disk.bytes(of: "/album/" + $1).count }
    }

    @Test("when somebody else fills the disk, no picture is sacrificed in vain")
    func foreignBytes() async throws {
        let options = Album.Options(leastFreeBytes: 1 << 20, bytesPerShot: 5000)
        let album = try await filled(options, painted: 6)
        disk.capacity = await used() + 100
        let error = await failure { try await album.makeRoom() }
        #expect(error?.kind == .full)
        #expect(error?.description.contains("not be enough") == true)
        #expect(await album.count == 6)
        disk.capacity = .max
        try await album.makeRoom()
        try await album.save(1)
    }

    @Test("on a full disk old pictures can be deleted although the counter was lost")
    func fullWithoutCounter() async throws {
        try await filled(.keeping(), painted: 3).close()
        try disk.remove("/album/.animesnap-counter")
        disk.capacity = 0
        let album = try await Album(folder: "/album", options: .keeping(), files: disk)
        try await album.delete(1)
        // Only the counter could tell that the newest number was given.
        #expect(await failure { try await album.delete(3) }?.kind == .full)
        #expect(await album.pictures().map(\.number) == [3, 2])
        disk.capacity = .max
        try await album.delete(3)
        #expect(try await album.save(1).number == 4)
    }

    @Test("a full disk refuses photos and takes them again once there is room")
    func fullDisk() async throws {
        let album = try await filled(.keeping(), painted: 2)
        let before = disk.names(in: "/album")
        disk.capacity = await used() + 60
        #expect(await failure { try await album.save(3) }?.kind == .full)
        #expect(disk.names(in: "/album") == before)
        try await album.delete(1)
        #expect(try await album.save(3).number > 2)
    }
}
