import Booth
import Devices
import TestSupport
import Testing

@Suite("The booth's state")
struct StateTests {
    private func ready(countdown: Int = 0, queueLength: Int = 8) -> BoothState {
        var state = BoothState(countdown: countdown, queueLength: queueLength)
        _ = state.apply(.started)
        return state
    }

    private func photo(_ number: Int = 1) -> WorkQueue.Job { .paint(PaintingJob(number: number, style: "chalk")) }

    @Test("shows the lamp before anything else when the button is pressed")
    func lampFirst() {
        var state = ready()
        #expect(state.apply(.press(at: .seconds(1))) == [.show(.capturing), .capture])
        #expect(state.phase == .capturing)
    }

    @Test("counts its beats down, and forgets them with the countdown's end")
    func beats() {
        var state = ready(countdown: 3)
        _ = state.apply(.press(at: .zero))
        var left = [state.beatsLeft]
        for _ in 1...2 {
            _ = state.apply(.beat)
            left.append(state.beatsLeft)
        }
        #expect(left == [3, 2, 1])
        _ = state.apply(.countdownEnded(at: .seconds(3)))
        #expect(state.phase == .capturing && state.beatsLeft == nil)
    }

    @Test("paints a photo once it is saved, and is ready for the next press meanwhile")
    func oneShot() {
        var state = ready()
        _ = state.apply(.press(at: .zero))
        #expect(state.apply(.shotSaved(photo())) == [.showState, .convert])
        #expect(state.phase == .ready && state.isConverting && state.name == "converting")
        #expect(state.lamp == .working)
        #expect(state.apply(.press(at: .seconds(2))) == [.show(.capturing), .capture])
        #expect(state.apply(.conversionDone) == [])
        #expect(state.apply(.shotSaved(photo(2))) == [.showState, .convert])
    }

    @Test("takes presses one after the other, also those that come during a shot")
    func presses() {
        var state = ready()
        _ = state.apply(.press(at: .seconds(1)))
        #expect(state.apply(.press(at: .seconds(2))) == [.show(.capturing)])
        #expect(state.presses.map(\.time) == [.seconds(1), .seconds(2)])
        #expect(state.apply(.shotSaved(photo())) == [.show(.capturing), .capture, .convert])
        #expect(state.presses.map(\.time) == [.seconds(2)])
    }

    @Test("refuses a press when its queue is full, and takes one again when there is room", arguments: [1, 2, 8])
    func queue(_ length: Int) {
        var state = ready(queueLength: length)
        for number in 0..<length {
            #expect(!state.apply(.press(at: .seconds(number))).contains(.refuse))
            _ = state.apply(.shotSaved(photo(number + 1)))
        }
        #expect(state.apply(.press(at: .seconds(99))) == [.refuse])
        _ = state.apply(.conversionDone)
        #expect(!state.apply(.press(at: .seconds(100))).contains(.refuse))
    }

    @Test("counts down before a picture when that is wanted, and not after all when the camera goes")
    func countdown() {
        var state = ready(countdown: 3)
        #expect(state.apply(.press(at: .zero)) == [.show(.countdownBeat), .count])
        #expect(state.apply(.beat) == [.show(.countdownBeat)])
        #expect(state.apply(.countdownEnded(at: .seconds(3))) == [.show(.capturing), .capture])
        #expect(state.presses.map(\.time) == [.seconds(3)])
        _ = state.apply(.shotSaved(photo()))
        _ = state.apply(.press(at: .seconds(5)))
        #expect(state.apply(.faultCame(.camera)) == [.abortCountdown, .refuse])
        #expect(state.phase == .noCamera && state.presses.isEmpty)
    }

    @Test("a countdown that is wished for one picture is nobody else's", arguments: [0, 5])
    func wishedCountdown(_ standard: Int) {
        var state = ready(countdown: standard)
        let actions = state.apply(.press(at: .zero, wish: ShotWish(countdown: 2, style: "cute")))
        #expect(actions == [.show(.countdownBeat), .count])
        #expect(state.beatsLeft == 2 && state.countdown == standard)
        _ = state.apply(.countdownEnded(at: .seconds(2)))
        #expect(state.presses.map(\.time) == [.seconds(2)] && state.presses.first?.wish.style == "cute")
        _ = state.apply(.shotSaved(photo()))
        #expect(state.apply(.press(at: .seconds(3), wish: ShotWish(countdown: 0))) == [.show(.capturing), .capture])
    }

    @Test("presses that wait behind a shot are forgotten when the disk fills meanwhile, and not taken much later")
    func pressesBehindFault() {
        var state = ready()
        for second in 1...3 { _ = state.apply(.press(at: .seconds(second))) }
        _ = state.apply(.faultCame(.disk))
        #expect(state.apply(.shotSaved(photo())) == [.showState, .convert])
        #expect(state.phase == .diskLow && state.presses.isEmpty)
        _ = state.apply(.faultWent(.disk))
        _ = state.apply(.press(at: .seconds(99)))
        #expect(state.presses.map(\.time) == [.seconds(99)])
    }

    @Test(
        "refuses presses while something is missing, the most serious thing shown", arguments: BoothState.Fault.allCases
    )
    func faults(_ fault: BoothState.Fault) {
        var state = ready()
        #expect(state.apply(.faultCame(fault)) == [.showState])
        #expect(state.apply(.press(at: .zero)) == [.refuse])
        _ = state.apply(.faultCame(.album))
        #expect(state.phase == .faulty && state.lamp == .error)
        _ = state.apply(.faultWent(.album))
        if fault != .album { #expect(state.phase != .ready && state.phase != .faulty) }
        _ = state.apply(.faultWent(fault))
        #expect(state.phase == .ready && state.lamp == .ready)
    }

    @Test(
        "goes on painting without a camera, and not without an album or while a picture waits for room in it",
        arguments: [
            BoothState.Fault.album, .disk,
        ])
    func paintingWithFaults(_ fault: BoothState.Fault) {
        var state = ready()
        _ = state.apply(.faultCame(.camera))
        #expect(state.apply(.backlogFound([photo(1), photo(2)])).contains(.convert))
        state.holdsPainting = true
        _ = state.apply(.faultCame(fault))
        #expect(!state.apply(.conversionDropped).contains(.convert))
        #expect(state.apply(.faultWent(fault)).contains(.convert))
    }

    @Test("paints when there is no room for photos, because painted pictures are what room is made of")
    func paintingWithoutRoom() {
        var state = ready()
        _ = state.apply(.faultCame(.disk))
        #expect(state.phase == .diskLow)
        #expect(state.apply(.backlogFound([photo(1), photo(2)])).contains(.convert))
        #expect(state.apply(.conversionDone).contains(.convert))
    }

    @Test("a picture that is put back is painted later, one that is given up is not")
    func attempts() {
        var state = ready()
        _ = state.apply(.press(at: .zero))
        _ = state.apply(.shotSaved(photo()))
        #expect(state.apply(.conversionPutBack(hasFailed: true)).contains(.convert))
        #expect(state.apply(.conversionGivenUp) == [.show(.error)])
        #expect(!state.isConverting && state.backlog == 0 && state.waiting == 0)
    }

    @Test("a double press changes the style and takes no picture")
    func doublePress() {
        var state = ready()
        #expect(state.apply(.doublePress) == [.nextStyle, .show(.countdownBeat)])
        #expect(state.phase == .ready)
    }

    @Test("a hold ramps the lamp, and shuts down only when it lasts")
    func hold() {
        var state = ready()
        _ = state.apply(.holdProgressed(0.4))
        #expect(state.lamp == .shuttingDown(progress: 0.4))
        _ = state.apply(.holdCancelled)
        #expect(state.lamp == .ready)
        #expect(state.apply(.holdCompleted).contains(.runShutdown))
    }

    @Test("stops from anywhere: painting is cancelled, what is in hand is saved")
    func stop() {
        var state = ready()
        _ = state.apply(.press(at: .zero))
        _ = state.apply(.shotSaved(photo()))
        #expect(state.apply(.stop) == [.showState, .cancelConversion, .drain])
        #expect(state.apply(.press(at: .seconds(9))) == [])
        #expect(state.apply(.drained) == [.showState])
        #expect(state.phase == .stopped && state.lamp == .off)
    }

    @Test(
        "keeps to its rules whatever happens in whatever order", arguments: [0, 3], 1...4 as ClosedRange<UInt64>)
    func anyOrder(countdown: Int, seed: UInt64) {
        var random = SplitMix(seed: seed)
        var state = ready(countdown: countdown, queueLength: 3)
        var (isShooting, begun, number) = (false, Set<WorkQueue.Job>(), 0)
        var phases: Set<BoothState.Phase> = []
        for _ in 0..<20_000 {
            let next = photo(number + 1)
            let events: [BoothEvent] = [
                .press(at: .zero), .press(at: .zero, wish: ShotWish(countdown: 1)), .doublePress, .beat,
                .countdownEnded(at: .zero), .shotSaved(next), .shotFailed, .faultCame(.camera), .faultWent(.camera),
                .faultCame(.disk), .faultWent(.disk), .faultCame(.album), .faultWent(.album), .backlogFound([next]),
                .conversionAsked(next), .conversionDone, .conversionPutBack(hasFailed: true),
                .conversionPutBack(hasFailed: false), .conversionDropped, .conversionGivenUp,
                .conversionWithdrawn(photo(Int.random(in: 1...number + 1, using: &random))), .holdProgressed(0.5),
                .holdCancelled,
            ]
            let event = events[Int.random(in: 0..<events.count, using: &random)]
            // What was not begun does not end, and guests wait for a place.
            switch event {
            case .shotSaved, .shotFailed: guard isShooting else { continue }
            case .conversionDone, .conversionPutBack, .conversionDropped, .conversionGivenUp:
                guard state.isConverting else { continue }
            case .beat, .countdownEnded: guard state.phase == .counting else { continue }
            case .backlogFound: guard state.backlog < 5 else { continue }
            case .conversionAsked: guard !state.isQueueFull else { continue }
            default: break
            }
            let before = state.queue
            state.holdsPainting = random.oneIn(4)
            let actions = state.apply(event)

            if [.shotSaved(next), .conversionAsked(next), .backlogFound([next])].contains(event) {
                begun.insert(next)
                number += 1
            }
            var isOver = before.running == nil
            switch event {
            case .shotSaved, .shotFailed: isShooting = false
            case .conversionDone, .conversionDropped, .conversionGivenUp:
                isOver = true
                begun = begun.filter { $0 != before.running }
            case .conversionPutBack:
                isOver = true
                if before.isWithdrawn { begun = begun.filter { $0 != before.running } }
            case .conversionWithdrawn(let job): if before.running != job { begun.remove(job) }
            default: break
            }
            if actions.contains(.capture) { isShooting = true }
            phases.insert(state.phase)

            let queue = state.queue
            let all = queue.waiting + [queue.running].compactMap(\.self)
            #expect(Set(all) == begun && all.count == begun.count, "each job is in one place until it is over")
            #expect(isShooting == (state.phase == .capturing))
            #expect(state.presses.isEmpty != [.counting, .capturing].contains(state.phase))
            #expect((state.beatsLeft != nil) == (state.phase == .counting))
            #expect(state.presses.count + state.waiting <= 3, "the queue is longer than it may be")
            // It paints whenever it can, and one at a time.
            let starts = actions.filter { $0 == .convert }.count
            #expect(starts <= 1 && (starts == 0 || isOver))
            if !state.faults.contains(.album), !(state.faults.contains(.disk) && state.holdsPainting) {
                #expect(queue.running != nil || queue.waiting.isEmpty)
            } else {
                #expect(starts == 0)
            }
        }
        #expect(phases == [.ready, .counting, .capturing, .noCamera, .diskLow, .faulty])
        #expect(number > 100)
    }
}
