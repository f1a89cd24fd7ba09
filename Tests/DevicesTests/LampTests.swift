import Devices
import Testing

@Suite("Lamp")
struct LampTests {
    static let patterns: [LampPattern] = [
        .ready, .capturing, .countdownBeat, .working, .done, .refused, .noCamera, .diskLow, .error,
        .shuttingDown(progress: 0.5), .off,
    ]

    private func changes(_ pattern: LampPattern, until end: Duration) -> [Duration] {
        var changes: [Duration] = []
        var time = Duration.zero
        while let next = pattern.nextChange(after: time), next < end {
            changes.append(next)
            time = next
        }
        return changes
    }

    @Test("a press lights a lamp that was dark: ready is dark, capturing is lit from its first moment")
    func capturing() {
        #expect(!LampPattern.ready.isLit(at: .zero))
        #expect(LampPattern.capturing.isLit(at: .zero))
        #expect(LampPattern.capturing.isLit(at: .seconds(60)))
    }

    @Test("ready winks once in four seconds")
    func ready() {
        #expect(changes(.ready, until: .seconds(9)) == [3960, 4000, 7960, 8000].map { .milliseconds($0) })
        #expect(LampPattern.ready.isLit(at: .milliseconds(3970)))
        #expect(!LampPattern.ready.isLit(at: .milliseconds(4000)))
    }

    @Test("done is three flashes and then dark for good")
    func done() {
        #expect(changes(.done, until: .seconds(60)).count == 5)
        let lit = stride(from: 0, to: 2000, by: 10).filter { LampPattern.done.isLit(at: .milliseconds($0)) }
        #expect(lit.count == 30)
        #expect(!LampPattern.done.isLit(at: .seconds(100)))
    }

    @Test("no camera is two flashes, disk low three, over and over")
    func troubles() {
        for (pattern, flashes, period) in [(LampPattern.noCamera, 2, 1500), (.diskLow, 3, 1850)] {
            for round in 0..<3 {
                let from = Duration.milliseconds(round * period)
                let starts = changes(pattern, until: from + .milliseconds(period)).filter { $0 > from }
                #expect(starts.filter { !pattern.isLit(at: $0) }.count == flashes)
            }
        }
    }

    @Test("the shutdown's flashes grow with its progress, and stay at the end")
    func shuttingDown() {
        func share(_ progress: Double) -> Int {
            (0..<1600).filter { LampPattern.shuttingDown(progress: progress).isLit(at: .milliseconds($0)) }.count
        }
        let shares = [0, 0.25, 0.5, 0.75, 0.99, 1].map(share)
        #expect(shares == shares.sorted())
        #expect(Set(shares).count == 6)
        #expect(shares.last == 1600)
    }

    @Test("each change that a pattern announces is one, and there is no other", arguments: patterns)
    func announcedChanges(_ pattern: LampPattern) {
        var next = pattern.nextChange(after: .zero)
        for tick in 1..<20_000 {
            let time = Duration.milliseconds(tick)
            let changes = pattern.isLit(at: time) != pattern.isLit(at: time - .milliseconds(1))
            #expect(changes == (next == time), "\(pattern) at \(time)")
            if changes { next = pattern.nextChange(after: time) }
        }
    }

    @Test("a lamp on a wire switches at the pattern's times")
    func lineLamp() async {
        let clock = ManualClock()
        let line = VirtualLine(clock: clock)
        let lamp = LineLamp(line, clock: clock)
        lamp.show(.capturing)
        #expect(line.isOn, "the lamp is lit before show returns")
        lamp.show(.working)
        for _ in 0..<4 {
            await clock.waitForSleepers()
            clock.advanceToNextSleeper()
        }
        await clock.waitForSleepers()
        #expect(line.switchings.map(\.isOn) == [true, false, true, false, true])
        #expect(line.switchings.map(\.time) == [0, 400, 800, 1200, 1600].map { .milliseconds($0) })
        lamp.show(.off)
        #expect(!line.isOn)
        #expect(await eventually { clock.sleeperCount == 0 })
    }

    @Test("the growing flashes of a hold keep their rhythm from one progress to the next")
    func continuedRhythm() async {
        let clock = ManualClock()
        let line = VirtualLine(clock: clock)
        let lamp = LineLamp(line, clock: clock)
        for step in 0..<10 {
            lamp.show(.shuttingDown(progress: Double(step) / 10))
            clock.advance(by: .milliseconds(50))
            await Task.yield()
        }
        // Begun anew each time it would be lit at every step.
        lamp.show(.shuttingDown(progress: 0.2))
        clock.advance(by: .milliseconds(100))
        lamp.show(.shuttingDown(progress: 0.2001))
        #expect(line.isOn == LampPattern.shuttingDown(progress: 0.2001).isLit(at: .milliseconds(600)))
    }

    @Test("a flash pattern is shown again when it is asked for again")
    func repeatedBeat() async {
        let clock = ManualClock()
        let line = VirtualLine(clock: clock)
        let lamp = LineLamp(line, clock: clock)
        for _ in 0..<3 {
            lamp.show(.countdownBeat)
            await clock.waitForSleepers()
            clock.advanceToNextSleeper()
            #expect(await eventually { !line.isOn })
            clock.advance(by: .milliseconds(880))
        }
        #expect(line.switchings.filter(\.isOn).map(\.time) == [0, 1000, 2000].map { .milliseconds($0) })
    }

    @Test("a wire that refuses is told, tried again, and forgiven")
    func refusal() async {
        let clock = ManualClock()
        let line = StubbornLine()
        let lamp = LineLamp(line, clock: clock)
        lamp.show(.capturing)
        #expect(lamp.failure?.description == "the lamp does not answer")
        line.works.store(true, ordering: .relaxed)
        lamp.show(.working)
        #expect(lamp.failure == nil)
    }

    @Test("the virtual lamp remembers what it showed and when")
    func virtualLamp() async {
        let clock = ManualClock()
        let lamp = VirtualLamp(clock: clock)
        lamp.show(.ready)
        clock.advance(by: .seconds(2))
        lamp.show(.capturing)
        #expect(lamp.showings.map(\.pattern) == [.ready, .capturing])
        #expect(lamp.showings.map(\.time) == [.zero, .seconds(2)])
        #expect(lamp.pattern == .capturing)
    }
}
