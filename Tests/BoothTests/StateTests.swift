import Booth
import Devices
import Testing

@Suite("The booth's state")
struct StateTests {
    private func ready(countdown: Int = 0, queueLength: Int = 8) -> BoothState {
        var state = BoothState(countdown: countdown, queueLength: queueLength)
        _ = state.apply(.started)
        return state
    }

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
        #expect(state.apply(.shotSaved) == [.showState, .convert])
        #expect(state.phase == .ready && state.isConverting && state.name == "converting")
        #expect(state.lamp == .working)
        #expect(state.apply(.press(at: .seconds(2))) == [.show(.capturing), .capture])
        #expect(state.apply(.conversionDone) == [])
        #expect(state.apply(.shotSaved) == [.showState, .convert])
    }

    @Test("takes presses one after the other, also those that come during a shot")
    func presses() {
        var state = ready()
        _ = state.apply(.press(at: .seconds(1)))
        #expect(state.apply(.press(at: .seconds(2))) == [.show(.capturing)])
        #expect(state.presses == [.seconds(1), .seconds(2)])
        #expect(state.apply(.shotSaved) == [.show(.capturing), .capture, .convert])
        #expect(state.presses == [.seconds(2)])
    }

    @Test("refuses a press when its queue is full, and takes one again when there is room", arguments: [1, 2, 8])
    func queue(_ length: Int) {
        var state = ready(queueLength: length)
        for number in 0..<length {
            #expect(!state.apply(.press(at: .seconds(number))).contains(.refuse))
            _ = state.apply(.shotSaved)
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
        #expect(state.presses == [.seconds(3)])
        _ = state.apply(.shotSaved)
        _ = state.apply(.press(at: .seconds(5)))
        #expect(state.apply(.faultCame(.camera)) == [.abortCountdown, .refuse])
        #expect(state.phase == .noCamera && state.presses.isEmpty)
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
        "goes on painting without a camera, and not without an album or room in it",
        arguments: [
            BoothState.Fault.album, .disk,
        ])
    func paintingWithFaults(_ fault: BoothState.Fault) {
        var state = ready()
        _ = state.apply(.faultCame(.camera))
        #expect(state.apply(.backlogFound(2)).contains(.convert))
        _ = state.apply(.faultCame(fault))
        #expect(!state.apply(.conversionDropped).contains(.convert))
        #expect(state.apply(.faultWent(fault)).contains(.convert))
    }

    @Test("a picture that is put back is painted later, one that is given up is not")
    func attempts() {
        var state = ready()
        _ = state.apply(.press(at: .zero))
        _ = state.apply(.shotSaved)
        #expect(state.apply(.conversionPutBack).contains(.convert))
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
        _ = state.apply(.shotSaved)
        #expect(state.apply(.stop) == [.showState, .cancelConversion, .drain])
        #expect(state.apply(.press(at: .seconds(9))) == [])
        #expect(state.apply(.drained) == [.showState])
        #expect(state.phase == .stopped && state.lamp == .off)
    }

    @Test("keeps its counts whatever happens in whatever order")
    func anyOrder() {
        var random = SystemRandomNumberGenerator()
        let events: [BoothEvent] = [
            .press(at: .zero), .doublePress, .beat, .countdownEnded(at: .zero), .shotSaved, .shotFailed,
            .faultCame(.camera), .faultWent(.camera), .faultCame(.disk), .faultWent(.disk), .faultCame(.album),
            .faultWent(.album), .backlogFound(1), .conversionAsked, .conversionDone, .conversionPutBack,
            .conversionDropped, .conversionGivenUp, .holdProgressed(0.5), .holdCancelled,
        ]
        for countdown in [0, 3] {
            var state = ready(countdown: countdown, queueLength: 3)
            var isCapturing = false
            for _ in 0..<20_000 {
                guard let event = events.randomElement(using: &random) else { continue }
                // What was not begun does not end.
                switch event {
                case .shotSaved, .shotFailed: guard isCapturing else { continue }
                case .conversionDone, .conversionPutBack, .conversionDropped, .conversionGivenUp:
                    guard state.isConverting else { continue }
                case .beat, .countdownEnded: guard state.phase == .counting else { continue }
                case .backlogFound, .conversionAsked: guard state.backlog + state.waiting < 5 else { continue }
                default: break
                }
                let actions = state.apply(event)
                if event == .shotSaved || event == .shotFailed { isCapturing = false }
                if actions.contains(.capture) { isCapturing = true }
                #expect(state.waiting >= 0 && state.backlog >= 0 && state.presses.count <= 3)
                #expect(isCapturing == (state.phase == .capturing) || !isCapturing || state.phase != .capturing)
                #expect(actions.filter { $0 == .convert }.count <= 1)
            }
        }
    }
}
