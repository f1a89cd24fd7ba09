import Devices
import Synchronization
import Testing

/// A source that does in each run what the test wrote down for it.
private final class ScriptedSource: FrameSource {
    enum Step {
        case frame
        case fail(String)
        /// Nothing, until it is cancelled.
        case stall
    }

    private struct State {
        var starts: [Duration] = []
        var running = 0
    }

    private let clock: ManualClock
    private let script: @Sendable (Int) -> [Step]
    private let state = Mutex(State())

    init(_ clock: ManualClock, _ script: @escaping @Sendable (Int) -> [Step]) {
        self.clock = clock
        self.script = script
    }

    var starts: [Duration] { state.withLock { $0.starts } }
    var running: Int { state.withLock { $0.running } }

    func run(deliver: @escaping @Sendable (Frame.Pixels, Duration?) -> Void) async -> String {
        let run = state.withLock { state in
            state.starts.append(clock.time)
            state.running += 1
            return state.starts.count - 1
        }
        defer { state.withLock { $0.running -= 1 } }
        for step in script(run) {
            switch step {
            case .frame: deliver(.jpeg([UInt8(run & 255)]), nil)
            case .fail(let reason): return reason
            case .stall: try? await Task.sleep(for: .seconds(100_000))
            }
        }
        return "the end"
    }
}

/// A source that does not notice that it is cancelled.
private final class HangingSource: FrameSource {
    private let hanging = Mutex<CheckedContinuation<Void, Never>?>(nil)

    var isHanging: Bool { hanging.withLock { $0 != nil } }
    func letGo() { hanging.withLock { $0 }?.resume() }

    func run(deliver: @escaping @Sendable (Frame.Pixels, Duration?) -> Void) async -> String {
        await withCheckedContinuation { (hang: CheckedContinuation<Void, Never>) in hanging.withLock { $0 = hang } }
        return "at last"
    }
}

@Suite("Camera supervision")
struct SupervisionTests {
    private func camera(_ source: ScriptedSource, _ clock: ManualClock) -> SupervisedCamera {
        SupervisedCamera(name: "scripted", source: source, patience: CameraPatience(), clock: clock)
    }

    @Test("a camera that keeps failing is tried again after 1, 2, 4, 8, 16, 30 and 30 s")
    func backOff() async {
        let clock = ManualClock()
        let source = ScriptedSource(clock) { _ in [.fail("broken")] }
        let camera = camera(source, clock)
        var events = camera.frames().makeAsyncIterator()
        for _ in 0..<8 {
            #expect(await events.nextLoss() == "broken")
            await clock.waitForSleepers()
            clock.advanceToNextSleeper()
        }
        await camera.stop()
        #expect(Array(source.starts.prefix(8)) == [0, 1, 3, 7, 15, 31, 61, 91].map { Duration.seconds($0) })
    }

    @Test("no first frame for 6 s and no next frame for 3 s are losses, and the stuck run is ended")
    func watchdog() async {
        let clock = ManualClock()
        let source = ScriptedSource(clock) { $0 == 0 ? [.stall] : [.frame, .stall] }
        let camera = camera(source, clock)
        var events = camera.frames().makeAsyncIterator()
        await clock.waitForSleepers()
        #expect(await eventually { source.running == 1 })
        clock.advance(by: .seconds(6))
        #expect(await events.nextLoss() == "no frame for 6.0 seconds")
        #expect(source.running == 0)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
        #expect(await events.nextFrame()?.number == 1)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(6))
        #expect(await events.nextLoss() == "no frame for 3.0 seconds")
        await camera.stop()
        #expect(source.running == 0)
    }

    @Test("the first frame after a loss is told as a recovery, and frames are counted on")
    func recovery() async {
        let clock = ManualClock()
        let source = ScriptedSource(clock) { _ in [.frame, .fail("gone")] }
        let camera = camera(source, clock)
        var events = camera.frames().makeAsyncIterator()
        var told: [String] = []
        for _ in 0..<5 {
            switch await events.next() {
            case .frame(let frame): told.append("frame \(frame.number)")
            case .lost(let reason):
                told.append(reason)
                await clock.waitForSleepers()
                clock.advanceToNextSleeper()
            case .recovered: told.append("recovered")
            case nil: told.append("end")
            }
        }
        #expect(told == ["frame 1", "gone", "recovered", "frame 2", "gone"])
        await camera.stop()
    }

    @Test("frames for ten seconds make the next pause short again")
    func forgiveness() async {
        let clock = ManualClock()
        let source = ScriptedSource(clock) { run in
            if run < 4 { return [.fail("broken")] }
            return run == 4 ? [.frame, .stall] : [.fail("broken again")]
        }
        let camera = camera(source, clock)
        var events = camera.frames().makeAsyncIterator()
        for _ in 0..<4 {
            _ = await events.nextLoss()
            await clock.waitForSleepers()
            clock.advanceToNextSleeper()
        }
        #expect(await events.nextFrame() != nil)
        // One frame, then silence: that was no recovery.
        await clock.waitForSleepers()
        clock.advance(by: .seconds(6))
        #expect(await events.nextLoss() == "no frame for 3.0 seconds")
        await clock.waitForSleepers()
        let before = clock.time
        clock.advanceToNextSleeper()
        #expect(clock.time - before == .seconds(16))
        await camera.stop()
    }

    @Test("every subscriber gets the frames, the slow one the newest four events")
    func subscribers() async {
        let clock = ManualClock()
        let source = ScriptedSource(clock) { _ in Array(repeating: .frame, count: 50) + [.stall] }
        let camera = camera(source, clock)
        let slow = camera.frames()
        #expect(await eventually { camera.health.frames == 50 })
        await camera.stop()
        var numbers: [UInt64] = []
        for await event in slow {
            if case .frame(let frame) = event { numbers.append(frame.number) }
        }
        #expect(numbers == [47, 48, 49, 50])
        for await _ in camera.frames() { Issue.record("a stopped camera has no frames") }
    }

    @Test("a camera's health tells its frames, the last one's age, its restarts and what is wrong")
    func health() async {
        let clock = ManualClock()
        let source = ScriptedSource(clock) { $0 == 0 ? [.frame, .frame, .fail("gone")] : [.frame, .stall] }
        let camera = camera(source, clock)
        #expect(camera.health == CameraHealth())
        clock.advance(by: .seconds(5))
        var events = camera.frames().makeAsyncIterator()
        #expect(await events.nextLoss() == "gone")
        await clock.waitForSleepers()
        #expect(camera.health.frames == 2)
        #expect(camera.health.problem == "gone")
        #expect(camera.health.restarts == 0)
        clock.advance(by: .milliseconds(400))
        #expect(camera.health.frameAge(at: clock.time) == .milliseconds(400))
        clock.advance(by: .milliseconds(600))
        #expect(await events.nextFrame()?.number == 3)
        #expect(camera.health.problem == nil)
        #expect(camera.health.restarts == 1)
        #expect(camera.health.frameAge(at: clock.time) == .zero)
        await camera.stop()
    }

    @Test("a device that hangs does not keep a camera from being stopped")
    func hangingDevice() async {
        let source = HangingSource()
        let camera = SupervisedCamera(name: "hung", source: source, patience: CameraPatience(), clock: ManualClock())
        let events = camera.frames()
        #expect(await eventually { source.isHanging })
        await camera.stop()
        #expect(source.isHanging)
        for await _ in events { Issue.record("a hanging camera has no frames") }
        source.letGo()
    }
}
