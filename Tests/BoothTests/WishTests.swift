import Album
import Booth
import Devices
import Glibc
import Imaging
import Synchronization
import Testing

@Suite("Wishes from elsewhere than the button")
struct WishTests {
    private func kind(_ body: () async throws -> Void) async -> BoothError.Kind? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? BoothError)?.kind
        }
    }

    @Test("a picture is painted in another style, once")
    func request() async throws {
        let rehearsal = try Rehearsal()
        try await rehearsal.start()
        try await rehearsal.tap()
        try await rehearsal.wait("the picture is painted") { rehearsal.painted == ["1-chalk"] }
        let booth = rehearsal.booth
        try await booth.request(style: "sepia", of: 1)
        try await rehearsal.wait("it is painted again") { rehearsal.painted == ["1-chalk", "1-sepia"] }
        #expect(await kind { try await booth.request(style: "manga", of: 1) } == .invalid)
        #expect(await kind { try await booth.request(style: "chalk", of: 7) } == .notFound)
        #expect(await kind { try await booth.request(style: "sepia", of: 1) } == .exists)
        await rehearsal.stop()
        #expect(await kind { try await booth.request(style: "cute", of: 1) } == .busy)
    }

    private func side(_ rehearsal: Rehearsal, _ name: String) throws -> Int {
        let size = try JPEGReader(.file(path: "\(rehearsal.folder)/\(name)")).info.size
        return max(size.width, size.height)
    }

    @Test("a picture that is painted already is painted anew in another size, and takes the place of the first")
    func size() async throws {
        let rehearsal = try Rehearsal()
        try await rehearsal.start()
        let booth = rehearsal.booth
        let photo = try TestScene.image(width: 320, height: 240, phase: 0).jpeg()
        _ = try await booth.add(photo, style: "chalk")
        try await rehearsal.wait("the picture is painted") { rehearsal.painted == ["1-chalk"] }
        #expect(try side(rehearsal, "0001-chalk.jpg") == 64)
        try await booth.request(style: "chalk", of: 1, as: PaintingWish(size: .longestSide(128)))
        try await rehearsal.wait("it is painted again") { rehearsal.painted == ["1-chalk", "1-chalk"] }
        #expect(try side(rehearsal, "0001-chalk.jpg") == 128)
        #expect(await booth.album?.picture(1)?.replacements("chalk") == 1)
        await rehearsal.stop()
    }

    @Test("what is wished for the faces of a photo is done when it is painted, and anew when it is wished otherwise")
    func faces() async throws {
        let rehearsal = try Rehearsal()
        try await rehearsal.start()
        let booth = rehearsal.booth
        let photo = try TestScene.image(width: 320, height: 240, phase: 0).jpeg()
        _ = try await booth.add(photo, style: "chalk", faces: .off)
        try await rehearsal.wait("the picture is painted") { rehearsal.painted == ["1-chalk"] }
        #expect(await booth.album?.picture(1)?.wanted == [])
        try await booth.request(style: "chalk", of: 1, as: PaintingWish(faces: .only))
        try await rehearsal.wait("it is painted again") { rehearsal.painted == ["1-chalk", "1-chalk"] }
        #expect(await rehearsal.painter.wishes == [PaintingWish(faces: .off), PaintingWish(faces: .only)])
        await rehearsal.stop()
    }

    @Test("colours are wished for styles that are drawn, and refused for others")
    func colours() async throws {
        let rehearsal = try Rehearsal()
        try await rehearsal.start()
        let booth = rehearsal.booth
        let photo = try TestScene.image(width: 320, height: 240, phase: 0).jpeg()
        _ = try await booth.add(photo, style: "chalk")
        try await rehearsal.wait("the picture is painted") { rehearsal.painted == ["1-chalk"] }
        let wish = PaintingWish(hair: .pink, eyes: .teal)
        #expect(await kind { try await booth.request(style: "chalk", of: 1, as: wish) } == .invalid)
        try await booth.request(style: "sepia", of: 1, as: wish)
        try await rehearsal.wait("it is painted") { rehearsal.painted == ["1-chalk", "1-sepia"] }
        #expect(await rehearsal.painter.wishes.last == wish)
        await rehearsal.stop()
    }

    @Test("the size that was wished outlives a restart")
    func sizeAfterRestart() async throws {
        let held = HeldFlag()
        let first = try Rehearsal { attempt, progress in
            while attempt > 0, held.isHeld {
                try progress(0, 1)
                usleep(2000)
            }
        }
        try await first.start()
        let photo = try TestScene.image(width: 320, height: 240, phase: 0).jpeg()
        _ = try await first.booth.add(photo, style: "chalk")
        try await first.wait("the picture is painted") { first.painted == ["1-chalk"] }
        try await first.booth.request(style: "chalk", of: 1, as: PaintingWish(size: .longestSide(96)))
        try await first.wait("it is begun") { await first.booth.work.running != nil }
        await first.stop()
        #expect(try side(first, "0001-chalk.jpg") == 64)

        let second = try Rehearsal(folder: first.folder)
        try await second.start()
        try await second.wait("it is painted") { second.painted == ["1-chalk"] }
        #expect(try side(second, "0001-chalk.jpg") == 96)
        await second.stop()
    }

    @Test("a wish for another size that is taken back leaves the picture as it was, without a failure")
    func withdrawnSize() async throws {
        let held = HeldFlag()
        let rehearsal = try Rehearsal { attempt, progress in
            while attempt > 0, held.isHeld {
                try progress(0, 1)
                usleep(2000)
            }
        }
        try await rehearsal.start()
        let booth = rehearsal.booth
        _ = try await booth.add(try TestScene.image(width: 320, height: 240, phase: 0).jpeg(), style: "chalk")
        try await rehearsal.wait("the picture is painted") { rehearsal.painted == ["1-chalk"] }
        try await booth.request(style: "chalk", of: 1, as: PaintingWish(size: .longestSide(96)))
        #expect(await kind { try await booth.request(style: "chalk", of: 1, as: PaintingWish(size: .full)) } == .exists)
        try await rehearsal.wait("it is begun") { await booth.work.running != nil }
        try await booth.withdraw(PaintingJob(number: 1, style: "chalk"))
        try await rehearsal.wait("it is told") { rehearsal.failures == ["1-chalk"] }
        let picture = await booth.album?.picture(1)
        #expect(picture?.styles == ["chalk"] && picture?.failed == [] && picture?.wanted == [])
        #expect(try side(rehearsal, "0001-chalk.jpg") == 64)
        await rehearsal.stop()
    }

    @Test("a picture is taken with a countdown and a style of its own")
    func snap() async throws {
        let rehearsal = try Rehearsal()
        try await rehearsal.start()
        try await rehearsal.booth.snap(ShotWish(countdown: 1, style: "cute"))
        try await rehearsal.wait("it is painted in the style") { rehearsal.painted == ["1-cute"] }
        #expect(rehearsal.patterns.filter { $0 == .countdownBeat }.count == 1)
        #expect(await rehearsal.booth.state.countdown == 0)
        #expect(rehearsal.states.contains { $0.phase == .counting })
        #expect(rehearsal.states.allSatisfy { $0.countdown == 0 }, "the wish shows as the setting")
        #expect(await rehearsal.booth.style == "chalk")
        try await rehearsal.tap()
        try await rehearsal.wait("the next one is in the booth's") { rehearsal.painted == ["1-cute", "2-chalk"] }
        #expect(await kind { try await rehearsal.booth.snap(ShotWish(style: "manga")) } == .invalid)
        await rehearsal.stop()
        #expect(await kind { try await rehearsal.booth.snap(ShotWish()) } == .busy)
    }

    @Test("a picture is not taken without a camera")
    func noCamera() async throws {
        let rehearsal = try Rehearsal()
        try await rehearsal.start()
        rehearsal.camera.unplug()
        try await rehearsal.wait("the camera is missed") { await rehearsal.booth.state.phase == .noCamera }
        #expect(await kind { try await rehearsal.booth.snap(ShotWish()) } == .busy)
        await rehearsal.stop()
    }

    @Test("photos that are sent are saved and painted, and never take the button's places in the queue")
    func add() async throws {
        let held = HeldFlag()
        let rehearsal = try Rehearsal { _, progress in try held.wait(progress) }
        try await rehearsal.start()
        let photo = try TestScene.image(width: 64, height: 48, phase: 0).jpeg()
        var taken = 0
        while await kind({ _ = try await rehearsal.booth.add(photo, style: "cute") }) == nil { taken += 1 }
        #expect(3...7 ~= taken)
        #expect(await rehearsal.booth.state.isQueueFull == false)
        try await rehearsal.tap()
        held.release()
        let all = taken + 1
        try await rehearsal.wait("all are painted") { rehearsal.painted.count == all }
        #expect(rehearsal.painted.contains("\(all)-chalk") && rehearsal.painted.contains("1-cute"))
        #expect(await kind { _ = try await rehearsal.booth.add([1, 2, 3]) } == .invalid)
        await rehearsal.stop()
    }

    @Test("photos that many guests send at once do not exceed the queue either")
    func addAtOnce() async throws {
        let held = HeldFlag()
        let rehearsal = try Rehearsal { _, progress in try held.wait(progress) }
        try await rehearsal.start()
        let photo = try TestScene.image(width: 64, height: 48, phase: 0).jpeg()
        let taken = await withTaskGroup(of: Bool.self) { group in
            for _ in 1...30 { group.addTask { (try? await rehearsal.booth.add(photo)) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(3...7 ~= taken)
        #expect(await rehearsal.booth.work.waiting.count + 1 == taken)
        #expect(await rehearsal.booth.state.isQueueFull == false)
        held.release()
        try await rehearsal.wait("all are painted") { rehearsal.painted.count == taken }
        await rehearsal.stop()
    }

    @Test("of two equal wishes at once one is met")
    func requestAtOnce() async throws {
        let rehearsal = try Rehearsal()
        try await rehearsal.start()
        try await rehearsal.tap()
        try await rehearsal.wait("the picture is painted") { rehearsal.painted == ["1-chalk"] }
        let booth = rehearsal.booth
        async let first = kind { try await booth.request(style: "sepia", of: 1) }
        async let second = kind { try await booth.request(style: "sepia", of: 1) }
        let kinds = await [first, second]
        #expect(kinds.filter { $0 == nil }.count == 1 && kinds.contains(.exists))
        try await rehearsal.wait("it is painted") { rehearsal.painted == ["1-chalk", "1-sepia"] }
        await rehearsal.stop()
    }

    @Test("what waits and what is being painted can be taken out of the queue")
    func withdraw() async throws {
        let held = HeldFlag()
        let rehearsal = try Rehearsal { _, progress in try held.wait(progress) }
        try await rehearsal.start()
        let photo = try TestScene.image(width: 64, height: 48, phase: 0).jpeg()
        for _ in 1...3 { _ = try await rehearsal.booth.add(photo) }
        try await rehearsal.wait("the first is begun") {
            await rehearsal.booth.work.running == PaintingJob(number: 1, style: "chalk")
        }
        #expect(await rehearsal.booth.work.waiting.map(\.number) == [2, 3])
        try await rehearsal.booth.withdraw(PaintingJob(number: 2, style: "chalk"))
        try await rehearsal.booth.withdraw(PaintingJob(number: 1, style: "chalk"))
        try await rehearsal.wait("both are given up") { Set(rehearsal.failures) == ["1-chalk", "2-chalk"] }
        held.release()
        try await rehearsal.wait("the third is painted") { rehearsal.painted == ["3-chalk"] }
        #expect(await kind { try await rehearsal.booth.withdraw(PaintingJob(number: 9, style: "chalk")) } == .notFound)
        try await rehearsal.wait("it is ready") { await rehearsal.booth.state.name == "ready" }
        #expect(await rehearsal.booth.state.waiting == 0)
        await rehearsal.stop()
    }
}

/// Holds a painter until it is let go.
private final class HeldFlag: Sendable {
    private let flag = Atomic(true)
    var isHeld: Bool { flag.load(ordering: .relaxed) }
    func release() { flag.store(false, ordering: .relaxed) }

    /// Paints no row until it is released, and can be told to stop, as a painter can.
    func wait(_ progress: (Int, Int) throws -> Void) throws {
        while isHeld {
            try progress(0, 1)
            usleep(2000)
        }
    }
}
