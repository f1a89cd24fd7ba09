import Album
import Booth
import Devices
import Glibc
import Testing

@Suite("The booth", .serialized)
struct BoothTests {
    struct Failure: Error {}

    @Test("answers a press with the lamp, saves the photo, paints it, and says when it is done")
    func press() async throws {
        let rehearsal = try Rehearsal()
        try await rehearsal.start()
        try await rehearsal.tap()
        try await rehearsal.wait("the picture is painted") { rehearsal.painted == ["1-chalk"] }
        #expect(rehearsal.photos == [1])
        try await rehearsal.wait("the lamp is back") { rehearsal.patterns.last == .ready }
        let patterns = rehearsal.patterns
        #expect(patterns.firstIndex(of: .capturing).map { patterns[$0...].contains(.done) } == true)
        await rehearsal.stop()
        #expect(rehearsal.patterns.last == .off)
    }

    @Test("changes the style with a double press")
    func styles() async throws {
        let rehearsal = try Rehearsal()
        try await rehearsal.start()
        rehearsal.button.tap(times: 2)
        try await Task.sleep(for: .milliseconds(600))
        try await rehearsal.wait("the style is the next one") { await rehearsal.booth.style == "cute" }
        try await rehearsal.tap()
        try await rehearsal.wait("both pictures are painted") { rehearsal.painted == ["1-chalk", "2-cute"] }
        await rehearsal.stop()
    }

    @Test("tries a painting three times, then gives it up with the reason and goes on with others")
    func attempts() async throws {
        let rehearsal = try Rehearsal(painter: { attempt, _ in if attempt < 3 { throw Failure() } })
        try await rehearsal.start()
        try await rehearsal.tap()
        try await rehearsal.wait("the picture is given up") { rehearsal.failures == ["1-chalk"] }
        try await rehearsal.tap()
        try await rehearsal.wait("the next one is painted") { rehearsal.painted == ["2-chalk"] }
        let picture = await rehearsal.booth.album?.picture(1)
        #expect(picture?.failed == ["chalk"])
        await rehearsal.stop()
    }

    @Test("paints what a failed attempt left")
    func secondAttempt() async throws {
        let rehearsal = try Rehearsal(painter: { attempt, _ in if attempt == 0 { throw Failure() } })
        try await rehearsal.start()
        try await rehearsal.tap()
        try await rehearsal.wait("the picture is painted") { rehearsal.painted == ["1-chalk"] }
        #expect(rehearsal.failures == [])
        await rehearsal.stop()
    }

    @Test("shows by the lamp that the camera is gone, refuses presses, and is ready when it is back")
    func camera() async throws {
        let rehearsal = try Rehearsal()
        try await rehearsal.start()
        for round in 1...3 {
            rehearsal.camera.unplug()
            try await rehearsal.wait("the lamp says so") { rehearsal.lamp.pattern == .noCamera }
            try await rehearsal.tap()
            try await rehearsal.wait("the press is refused") {
                rehearsal.patterns.filter { $0 == .refused }.count == round
            }
            rehearsal.camera.plugIn()
            try await rehearsal.wait("it is ready again") { await rehearsal.booth.state.phase == .ready }
        }
        #expect(rehearsal.photos == [])
        try await rehearsal.tap()
        try await rehearsal.wait("a picture is taken") { rehearsal.photos == [1] }
        await rehearsal.stop()
    }

    @Test("leaves a picture that is being painted to the next booth, which paints it first thing")
    func interruption() async throws {
        let first = try Rehearsal(painter: { _, progress in
            for row in 0..<1_000_000 {
                try progress(row, 1_000_000)
                usleep(1000)
            }
        })
        try await first.start()
        try await first.tap()
        try await first.wait("it is being painted") { await first.booth.state.isConverting }
        let start = ContinuousClock.now
        await first.stop()
        #expect(ContinuousClock.now - start < .seconds(300))
        #expect(first.photos == [1] && first.painted == [])

        let second = try Rehearsal(folder: first.folder)
        try await second.start()
        try await second.wait("the picture is painted") { second.painted == ["1-chalk"] }
        await second.stop()
        #expect(first.painted == [])
    }

    @Test("counts down with beats of the lamp before the picture")
    func countdown() async throws {
        let rehearsal = try Rehearsal(options: { $0.countdown = 2 })
        try await rehearsal.start()
        try await rehearsal.tap()
        try await rehearsal.wait("the picture is taken") { rehearsal.photos == [1] }
        let patterns = rehearsal.patterns
        let capture = try #require(patterns.firstIndex(of: .capturing))
        #expect(patterns[..<capture].filter { $0 == .countdownBeat }.count == 2)
        await rehearsal.stop()
    }

    @Test("runs the shutdown command when the button is held, and says when it fails")
    func shutdown() async throws {
        let rehearsal = try Rehearsal(options: { $0.shutdownCommand = ["/bin/false"] })
        try await rehearsal.start()
        rehearsal.button.press()
        try await rehearsal.wait("the lamp shows the error") { rehearsal.patterns.contains(.error) }
        #expect(rehearsal.patterns.contains { if case .shuttingDown = $0 { true } else { false } })
        rehearsal.button.release()
        await rehearsal.stop()
    }
}
