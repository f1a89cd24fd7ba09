import Album
import AlbumTesting
import Glibc
import Testing

@Suite("Power cuts")
struct PowerCutTests {
    private static let folder = "/album"

    /// Tells the story and cuts the power before one of its calls.
    ///
    /// - Returns: The story and whether the call came.
    private func tell(_ disk: SimulatedDisk, cutAt operation: Int) async -> (Story, Bool) {
        let files = FaultyFiles(disk)
        var story = Story(disk)
        files.inject(.error(ESHUTDOWN), at: operation, isLasting: true)
        if let album = try? await Album(folder: Self.folder, options: .keeping(), files: files) {
            await story.tell(album)
        }
        return (story, files.operations > operation)
    }

    @Test("at every call, what was acknowledged is there afterwards", arguments: 0..<6 as Range<UInt64>)
    func everywhere(seed: UInt64) async throws {
        var operation = 0
        while true {
            let disk = SimulatedDisk()
            let (story, isCut) = await tell(disk, cutAt: operation)
            disk.cutPower(seed: seed &* 1000 &+ UInt64(operation))
            let album = try await Album(folder: Self.folder, options: .keeping(), files: disk)
            let context: Comment = "call \(operation), seed \(seed)"
            try await story.check(album, Self.folder, context)
            let next = try await album.save(20).number
            #expect(next > story.photos.keys.max() ?? 0, context)
            if !isCut { break }
            operation += 1
        }
        print("power cuts: \(operation) calls, seed \(seed)")
        #expect(operation > 150)
    }

    @Test("at every call, with a second cut while the folder is opened again", arguments: 0..<3 as Range<UInt64>)
    func twice(seed: UInt64) async throws {
        var operation = 0
        while true {
            let disk = SimulatedDisk()
            let (story, isCut) = await tell(disk, cutAt: operation)
            for again in 0..<3 {
                disk.cutPower(seed: seed &+ UInt64(1000 * operation + again))
                let files = FaultyFiles(disk)
                files.inject(.error(ESHUTDOWN), at: 3 + (operation + 5 * again) % 11, isLasting: true)
                _ = try? await Album(folder: Self.folder, options: .keeping(), files: files)
            }
            disk.cutPower(seed: seed)
            let album = try await Album(folder: Self.folder, options: .keeping(), files: disk)
            try await story.check(album, Self.folder, "call \(operation), seed \(seed), cut again")
            if !isCut { break }
            operation += 1
        }
    }

    @Test("a process that is killed at every call leaves what was acknowledged, and no number comes twice")
    func killed() async throws {
        var operation = 0
        while true {
            let disk = SimulatedDisk()
            let (story, isCut) = await tell(disk, cutAt: operation)
            let album = try await Album(folder: Self.folder, options: .keeping(), files: disk)
            let context: Comment = "killed at call \(operation)"
            try await story.check(album, Self.folder, context)
            #expect(try await album.save(20).number > story.photos.keys.max() ?? 0, context)
            if !isCut { break }
            operation += 1
        }
        #expect(operation > 150)
    }

    @Test("a new folder is not lost, even if the start that made it was killed", arguments: 0..<8 as Range<UInt64>)
    func newFolder(seed: UInt64) async throws {
        let folder = "/var/booth/album"
        for operation in 0..<20 {
            let disk = SimulatedDisk()
            let files = FaultyFiles(disk)
            files.inject(.error(ESHUTDOWN), at: operation, isLasting: true)
            var album = try? await Album(folder: folder, options: .keeping(), files: files)
            await album?.close()
            album = try await Album(folder: folder, options: .keeping(), files: disk)
            try await album?.save(1)
            disk.cutPower(seed: seed &+ UInt64(100 * operation))
            album = try await Album(folder: folder, options: .keeping(), files: disk)
            #expect(await album?.count == 1, "call \(operation), seed \(seed)")
        }
    }

    @Test("an export that has ended survives, with the folder made for it", arguments: 0..<8 as Range<UInt64>)
    func exported(seed: UInt64) async throws {
        let disk = SimulatedDisk()
        let album = try await Album(folder: Self.folder, options: .keeping(), files: disk)
        for tone in 1...3 { try await album.save(tone) }
        #expect(try await album.export(to: "/party/") == 3)
        disk.cutPower(seed: seed)
        #expect(disk.names(in: "/party").count == 3)
        for name in disk.names(in: "/party") {
            #expect(disk.bytes(of: "/party/" + name) == disk.bytes(of: Self.folder + "/" + name))
        }
    }

    @Test("while room is made, only pictures that may go are gone", arguments: 0..<6 as Range<UInt64>)
    func retention(seed: UInt64) async throws {
        for operation in 0..<200 {
            let disk = SimulatedDisk()
            var album = try await Album(folder: Self.folder, options: .keeping(), files: disk)
            for tone in 0..<6 {
                let number = try await album.save(tone).number
                if number != 4 { try await album.paint(number, tone: tone) }
            }
            try await album.pin(1)
            await album.close()
            let before = disk.names(in: Self.folder)
            let files = FaultyFiles(disk)
            album = try await Album(folder: Self.folder, options: .keeping(4), files: files)
            files.inject(.error(ESHUTDOWN), at: operation, isLasting: true)
            let isMade = await failure { try await album.makeRoom() } == nil
            disk.cutPower(seed: seed &* 7919 &+ UInt64(operation))
            album = try await Album(folder: Self.folder, options: .keeping(), files: disk)
            let numbers = await album.pictures().map(\.number)
            let context: Comment = "call \(operation), seed \(seed), \(numbers)"
            #expect(Set(numbers).isSuperset(of: [1, 4, 6]), context)
            if isMade { #expect(numbers == [6, 4, 1], context) }
            let after = disk.names(in: Self.folder)
            for number in numbers {
                let digits = "000\(number)"
                #expect(after.filter { $0.hasPrefix(digits) } == before.filter { $0.hasPrefix(digits) }, context)
            }
            for number in Set(1...6).subtracting(numbers) {
                #expect(!after.contains { $0.hasPrefix("000\(number)") }, context)
            }
            #expect(try await album.save(9).number >= 7, context)
            if isMade { break }
        }
    }

    @Test("a wipe that was interrupted is ended at the next start", arguments: 0..<8 as Range<UInt64>)
    func wipe(seed: UInt64) async throws {
        for operation in 0..<200 {
            let disk = SimulatedDisk()
            let files = FaultyFiles(disk)
            var album = try await Album(folder: Self.folder, options: .keeping(), files: files)
            for tone in 0..<3 {
                try await album.save(tone)
                try await album.paint(tone + 1)
            }
            files.inject(.error(ESHUTDOWN), at: operation, isLasting: true)
            let isWiped = await failure { try await album.wipe() } == nil
            disk.cutPower(seed: seed &* 31 &+ UInt64(operation))
            album = try await Album(folder: Self.folder, options: .keeping(), files: disk)
            // All are there, or none is.
            let names = disk.names(in: Self.folder)
            #expect(names == [".animesnap-counter"] || names.count == 7, "call \(operation), seed \(seed): \(names)")
            if isWiped { #expect(names.count == 1) }
            #expect(try await album.save(9).number >= 4)
            if isWiped { break }
        }
    }
}
