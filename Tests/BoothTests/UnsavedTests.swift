import Album
import Booth
import Devices
import FoundationEssentials
import Glibc
import Imaging
import Synchronization
import Testing

@Suite("What could not be written", .serialized)
struct UnsavedTests {
    private func photos(in rehearsal: Rehearsal) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: rehearsal.folder).filter { $0.hasSuffix("-photo.jpg") }
    }

    private func isFaulty(_ rehearsal: Rehearsal) async -> Bool {
        let phase = await rehearsal.booth.state.phase
        return phase == .diskLow || phase == .faulty
    }

    @Test(
        "a photo is kept, wherever in making room and saving the disk fails, and is saved once when it works again",
        arguments: zip(
            ["free bytes", "create", "write", "sync", "rename", "sync folder"],
            [EIO, ENOSPC, ENOSPC, EIO, EROFS, EIO]))
    func photo(_ call: String, _ code: Int32) async throws {
        let files = GatedFiles()
        let rehearsal = try Rehearsal(files: files)
        try await rehearsal.start()
        files.set { name, _ throws(FileFailure) in if name == call { throw FileFailure(code) } }
        try await rehearsal.tap()
        try await rehearsal.wait("the lamp says so") { await isFaulty(rehearsal) }
        try await rehearsal.wait("the shot is over") { await rehearsal.booth.state.presses.isEmpty }
        #expect(rehearsal.photos == [] && rehearsal.patterns.contains(.refused))
        try await rehearsal.wait("it was tried again") { rehearsal.healths.contains { $0.unsaved == 1 } }
        try await rehearsal.tap()
        files.set(nil)
        try await rehearsal.wait("the photo is painted") { rehearsal.painted.count == 1 }
        try await rehearsal.wait("it is ready again") { await rehearsal.booth.state.phase == .ready }
        #expect(await rehearsal.booth.health().unsaved == 0)
        #expect(rehearsal.photos.count == 1, "a press that was refused takes no picture")
        await rehearsal.stop()
        #expect(try photos(in: rehearsal).count == 1)
    }

    @Test("an anime picture is kept when the disk fails, and is saved without being painted again")
    func anime() async throws {
        let files = GatedFiles()
        let rehearsal = try Rehearsal(files: files)
        try await rehearsal.start()
        files.set { call, file throws(FileFailure) in
            if call == "rename", file == "0001-chalk.jpg" { throw FileFailure(ENOSPC) }
        }
        try await rehearsal.tap()
        try await rehearsal.wait("the disk is full") { await rehearsal.booth.state.phase == .diskLow }
        #expect(await rehearsal.booth.health().unsaved == 1)
        #expect(rehearsal.photos == [1] && rehearsal.painted == [])
        files.set(nil)
        try await rehearsal.wait("it is there") { rehearsal.painted == ["1-chalk"] }
        try await rehearsal.wait("it is ready again") { await rehearsal.booth.state.phase == .ready }
        #expect(await rehearsal.painter.attempts == 1)
        #expect(await rehearsal.booth.album?.picture(1)?.styles == ["chalk"])
        await rehearsal.stop()
    }

    @Test("a stop while a photo is being saved again saves it once")
    func stopWhileSaving() async throws {
        let files = GatedFiles()
        let isHeld = Atomic(true), isSaving = Atomic(false)
        let rehearsal = try Rehearsal(files: files)
        try await rehearsal.start()
        files.set { call, _ throws(FileFailure) in if call == "write" { throw FileFailure(EIO) } }
        try await rehearsal.tap()
        try await rehearsal.wait("the album is faulty") { await rehearsal.booth.state.phase == .faulty }
        files.set { call, file throws(FileFailure) in
            guard call == "rename", file.hasSuffix("-photo.jpg") else { return }
            isSaving.store(true, ordering: .sequentiallyConsistent)
            while isHeld.load(ordering: .sequentiallyConsistent) { usleep(2000) }
        }
        try await rehearsal.wait("it is saved again") { isSaving.load(ordering: .sequentiallyConsistent) }
        rehearsal.booth.stop()
        try await rehearsal.wait("it stops") { await rehearsal.booth.state.phase == .stopping }
        // Whoever else wants to save it comes to it now.
        for _ in 1...100 { await Task.yield() }
        isHeld.store(false, ordering: .sequentiallyConsistent)
        await rehearsal.stop()
        #expect(try photos(in: rehearsal).count == 1)
        #expect(await rehearsal.booth.health().unsaved == 0)
    }

    @Test("a stop does not wait until it would be tried again, and saves what can be saved")
    func stopWhileWaiting() async throws {
        let files = GatedFiles()
        let rehearsal = try Rehearsal(files: files, options: { $0.retryInterval = .seconds(100_000) })
        try await rehearsal.start()
        files.set { call, _ throws(FileFailure) in if call == "free bytes" { throw FileFailure(ENOSPC) } }
        try await rehearsal.tap()
        try await rehearsal.wait("it is to be tried again") { rehearsal.healths.contains { $0.unsaved == 1 } }
        files.set(nil)
        await rehearsal.stop()
        #expect(try photos(in: rehearsal).count == 1 && rehearsal.photos == [1])
    }

    @Test("a photo whose style cannot be part of a name is saved for another one, or for none")
    func style() async throws {
        let rehearsal = try Rehearsal(styles: ["x-thumb", "chalk"])
        try await rehearsal.start()
        #expect(await rehearsal.booth.style == "x-thumb")
        try await rehearsal.tap()
        try await rehearsal.wait("it is painted") { rehearsal.painted == ["1-chalk"] }
        let photo = try TestScene.image(width: 64, height: 48, phase: 0).jpeg()
        #expect(try await rehearsal.booth.add(photo).number == 2)
        await rehearsal.stop()

        let poor = try Rehearsal(styles: ["x-thumb"])
        try await poor.start()
        try await poor.tap()
        try await poor.wait("it is saved") { poor.photos == [1] }
        await poor.stop()
        #expect(try photos(in: poor) == ["0001-photo.jpg"])
    }
}

@Suite("The pictures in hand")
struct UnsavedPicturesTests {
    private func item(_ number: Int) -> UnsavedPictures.Item { .anime([], PaintingJob(number: number, style: "chalk")) }

    @Test("one is saved at a time, in the order in which they came, also after a failure")
    func order() {
        var unsaved = UnsavedPictures()
        #expect(unsaved.take() == nil && unsaved.isEmpty)
        for number in 1...3 { unsaved.append(item(number)) }
        #expect(unsaved.take() == item(1))
        #expect(unsaved.take() == nil, "another one has it in hand")
        unsaved.append(item(4))
        #expect(unsaved.count == 4)
        unsaved.putBack()
        var taken: [UnsavedPictures.Item] = []
        while let next = unsaved.take() {
            taken.append(next)
            unsaved.finish()
        }
        #expect(taken == (1...4).map(item) && unsaved.isEmpty)
    }
}
