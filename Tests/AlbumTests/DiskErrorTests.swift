import Album
import AlbumTesting
import Glibc
import Testing

@Suite("Disk errors")
struct DiskErrorTests {
    private static let codes: [Int32] = [ENOSPC, EIO, EROFS]

    /// Tells the story with a fault in it, and cuts the power at its end.
    private func check(
        _ fault: FaultyFiles.Fault, at operation: Int, isLasting: Bool, isMended: Bool
    ) async throws -> Bool {
        let disk = SimulatedDisk()
        let files = FaultyFiles(disk)
        let context: Comment = "\(fault) at call \(operation), lasting \(isLasting), mended \(isMended)"
        files.inject(fault, at: operation, isLasting: isLasting)
        var album = try? await Album(folder: "/album", options: .keeping(), files: files)
        let hasCome = files.operations > operation
        if album == nil {
            files.heal()
            album = try await Album(folder: "/album", options: .keeping(), files: files)
        }
        let opened = try #require(album)
        var story = Story(disk)
        if isMended {
            story.mend = {
                files.heal()
                return true
            }
        }
        await story.tell(opened)
        let isOver = !hasCome && files.operations <= operation
        // The fault is gone: everything works again, without a restart.
        files.heal()
        if isMended { #expect(story.photos.count == 5, context) }
        await story.shoot(opened, 17, "cute")
        let last = try #require(story.photos.keys.max(), context)
        await story.paint(opened, last, "cute", 18)
        #expect(story.animes["\(Story.digits(last))-cute.jpg"] != nil, context)
        try await opened.makeRoom()
        let numbers = await opened.pictures().map(\.number)
        #expect(Set(story.photos.keys).subtracting(story.deletions).isSubset(of: numbers), context)
        disk.cutPower(seed: UInt64(operation))
        let reopened = try await Album(folder: "/album", options: .keeping(), files: disk)
        try await story.check(reopened, "/album", context)
        #expect(try await reopened.save(20).number > last, context)
        return isOver
    }

    @Test("one at every call: nothing acknowledged is lost, and the next attempt succeeds", arguments: codes)
    func once(code: Int32) async throws {
        var operation = 0
        while try await !check(.error(code), at: operation, isLasting: false, isMended: true) { operation += 1 }
        print("single errors \(FileFailure(code)): \(operation) calls")
        #expect(operation > 150)
    }

    @Test("at every call, when the call did its work all the same", arguments: [EIO])
    func late(code: Int32) async throws {
        var operation = 0
        while try await !check(.lateError(code), at: operation, isLasting: false, isMended: true) { operation += 1 }
        print("late errors \(FileFailure(code)): \(operation) calls")
        #expect(operation > 150)
    }

    @Test("from every call on: what was acknowledged before stays, and work goes on when they end", arguments: codes)
    func lasting(code: Int32) async throws {
        var operation = 0
        while try await !check(.error(code), at: operation, isLasting: true, isMended: false) { operation += 1 }
        print("lasting errors \(FileFailure(code)): \(operation) calls")
        #expect(operation > 150)
    }

    @Test("a photo whose name could not be brought to the disk is taken away, and its number is skipped")
    func failedName() async throws {
        let disk = SimulatedDisk()
        let files = FaultyFiles(disk)
        let album = try await Album(folder: "/album", options: .keeping(), files: files)
        try await album.makeRoom()
        // Create, write, sync, close, rename: the sync of the folder is the sixth.
        files.inject(.lateError(EIO), at: 5)
        #expect(await failure { try await album.save(1) }?.kind == .inputOutput)
        #expect(files.journal.contains("rename 0001-photo.jpg"))
        #expect(disk.names(in: "/album") == [".animesnap-counter"])
        #expect(try await album.save(1).number == 2)
    }

    @Test("once there is room, a photo waits for two syncs and an anime picture for two")
    func syncs() async throws {
        let files = FaultyFiles(SimulatedDisk())
        let album = try await Album(folder: "/album", options: .keeping(), files: files)
        try await album.makeRoom()
        for save in [{ @Sendable in _ = try await album.save(1) }, { _ = try await album.paint(1) }] {
            let before = files.journal.count
            try await save()
            let calls = files.journal[before...]
            #expect(calls.filter { $0.hasPrefix("fsync") } == ["fsync ", "fsync folder album"], "\(calls)")
        }
    }

    @Test("the kind of an error says what to do about it")
    func kinds() async throws {
        let files = FaultyFiles(SimulatedDisk())
        let album = try await Album(folder: "/album", options: .keeping(), files: files)
        let kinds: [(Int32, AlbumError.Kind)] = [
            (ENOSPC, .full), (EDQUOT, .full), (EROFS, .readOnly), (EACCES, .readOnly), (EIO, .inputOutput),
        ]
        for (code, kind) in kinds {
            files.inject(.error(code), at: 0, isLasting: true)
            let error = await failure { try await album.save(1) }
            #expect(error?.kind == kind)
            #expect(error?.description.hasPrefix("a new photo cannot be written to /album: ") == true)
        }
    }
}
