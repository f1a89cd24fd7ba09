import Album
import AlbumTesting
import Glibc
import Synchronization
import Testing

@Suite("Export and wipe")
struct ExportTests {
    let folder = TemporaryFolder()
    let stick = TemporaryFolder()

    private func filled() async throws -> Album {
        let album = try await Album(folder: folder.path, options: .keeping())
        for tone in 1...4 { try await album.save(tone) }
        for number in [1, 3] { try await album.paint(number, tone: number + 10) }
        try await album.makeRenditions(of: 1)
        try await album.pin(2)
        return album
    }

    @Test("photos and anime pictures are copied, and nothing else")
    func export() async throws {
        let album = try await filled()
        let steps = Mutex<[Int]>([])
        let target = stick.path + "/party"
        #expect(try await album.export(to: target) { done, all in steps.withLock { $0.append(10 * done + all) } } == 4)
        #expect(steps.withLock { $0 } == [14, 24, 34, 44])
        let names = [
            "0001-cute.jpg", "0001-photo.jpg", "0002-photo.jpg", "0003-cute.jpg", "0003-photo.jpg", "0004-photo.jpg",
        ]
        #expect(Disk().names(in: target) == names)
        for name in names { #expect(Disk().bytes(of: target + "/" + name) == folder.bytes(name)) }
    }

    @Test("an interrupted export is taken up again")
    func resumed() async throws {
        let album = try await filled()
        _ = try await album.export(to: stick.path)
        unlink(stick.path + "/0003-photo.jpg")
        stick.add(".animesnap-export.part", [1, 2, 3])
        #expect(try await album.export(to: stick.path) == 4)
        #expect(stick.bytes("0003-photo.jpg") == folder.bytes("0003-photo.jpg"))
        #expect(!stick.names.contains(".animesnap-export.part"))
    }

    @Test("a file with other content is not overwritten, and the rest is copied")
    func conflict() async throws {
        let album = try await filled()
        let shorter = Array(folder.bytes("0002-photo.jpg").dropLast())
        stick.add("0002-photo.jpg", shorter)
        stick.add("0003-cute.jpg", folder.bytes("0003-cute.jpg") + [0])
        let error = await failure { _ = try await album.export(to: stick.path) }
        #expect(error?.kind == .invalid)
        #expect(error?.description.contains("0002-photo.jpg and 1 more are in \(stick.path)") == true)
        #expect(stick.bytes("0002-photo.jpg") == shorter)
        #expect(stick.names.count == 6)
    }

    @Test("works beside a process that writes")
    func reader() async throws {
        let album = try await filled()
        let reader = try await Album(folder: folder.path, access: .readOnly)
        try await album.delete(4)
        #expect(try await reader.export(to: stick.path) == 3)
    }

    @Test("errors of the other disk at every call leave nothing half-copied under a name", arguments: [ENOSPC, EIO])
    func errors(code: Int32) async throws {
        let disk = SimulatedDisk()
        let files = FaultyFiles(disk)
        let album = try await Album(folder: "/album", options: .keeping(), files: files)
        for tone in 1...2 { try await album.save(tone) }
        for operation in 0..<200 {
            files.inject(.error(code), at: operation)
            let before = files.operations
            let error = await failure { _ = try await album.export(to: "/stick") }
            let isOver = files.operations - before <= operation
            files.heal()
            for name in disk.names(in: "/stick") where !name.hasPrefix(".") {
                #expect(disk.bytes(of: "/stick/" + name) == disk.bytes(of: "/album/" + name))
            }
            #expect(try await album.export(to: "/stick") == 2, "after call \(operation)")
            for name in disk.names(in: "/stick") { try disk.remove("/stick/" + name) }
            if isOver {
                #expect(error == nil)
                break
            }
        }
    }

    @Test("a copy that comes back changed from the other disk is refused")
    func lyingDisk() async throws {
        let disk = LyingDisk()
        let album = try await Album(folder: folder.path, options: .keeping(), files: disk)
        try await album.save(1)
        disk.isLying.withLock { $0 = true }
        let error = await failure { _ = try await album.export(to: stick.path) }
        #expect(error?.kind == .inputOutput)
        #expect(stick.names.isEmpty)
    }

    @Test("a wipe takes everything of the album, pinned or not, and keeps the counter")
    func wipe() async throws {
        let album = try await filled()
        folder.add("0002-lonely.jpg")
        folder.add("notes.txt")
        try await album.wipe()
        #expect(folder.names == [".animesnap-counter", "notes.txt"])
        #expect(await album.count == 0)
        #expect(await album.pending.isEmpty)
        #expect(try await album.save(1).number == 5)
    }

    @Test("nothing is written after a wipe that failed, until it is ended")
    func failedWipe() async throws {
        let disk = SimulatedDisk()
        let files = FaultyFiles(disk)
        for operation in 0..<60 {
            let album = try await Album(folder: "/album", options: .keeping(), files: files)
            for tone in 0..<2 { try await album.save(tone) }
            files.inject(.error(EIO), at: operation, isLasting: true)
            _ = await failure { try await album.wipe() }
            _ = await failure { try await album.save(5) }
            files.heal()
            let saved = try await album.save(6)
            disk.cutPower(seed: UInt64(operation))
            let reopened = try await Album(folder: "/album", options: .keeping(), files: disk)
            #expect(await reopened.picture(saved.number) != nil, "call \(operation)")
            await reopened.close()
        }
    }
}

/// A disk that stores something else than it was given.
final class LyingDisk: FileSystem {
    let isLying = Mutex(false)
    private let disk = Disk()

    func makeFolder(_ path: String) throws(FileFailure) { try disk.makeFolder(path) }
    func list(_ folder: String, _ visit: (FolderEntry) -> Void) throws(FileFailure) { try disk.list(folder, visit) }
    func status(_ path: String) throws(FileFailure) -> FileStatus { try disk.status(path) }
    func create(_ path: String) throws(FileFailure) -> OpenFile { try disk.create(path) }
    func open(_ path: String) throws(FileFailure) -> OpenFile { try disk.open(path) }
    func read(_ file: OpenFile, upTo count: Int) throws(FileFailure) -> [UInt8] { try disk.read(file, upTo: count) }
    func write(_ bytes: [UInt8], to file: OpenFile) throws(FileFailure) {
        var bytes = bytes
        if isLying.withLock({ $0 }) { bytes[bytes.count / 2] ^= 1 }
        try disk.write(bytes, to: file)
    }
    func sync(_ file: OpenFile) throws(FileFailure) { try disk.sync(file) }
    func forget(_ file: OpenFile) { disk.forget(file) }
    func close(_ file: OpenFile) throws(FileFailure) { try disk.close(file) }
    func rename(_ path: String, to newPath: String) throws(FileFailure) { try disk.rename(path, to: newPath) }
    func remove(_ path: String) throws(FileFailure) { try disk.remove(path) }
    func syncFolder(_ path: String) throws(FileFailure) { try disk.syncFolder(path) }
    func freeBytes(at path: String) throws(FileFailure) -> Int { try disk.freeBytes(at: path) }
    func lock(_ folder: String) throws(FileFailure) -> OpenFile { try disk.lock(folder) }
}
