import Devices
import Platform
import Testing

@Suite("Gestures")
struct GestureTests {
    private func gestures(_ edges: [(Edge, Int)], until end: Int) -> [Gesture] {
        var recognizer = GestureRecognizer()
        var all: [Gesture] = []
        for (edge, time) in edges { all += recognizer.edge(edge, at: .milliseconds(time)) }
        return all + recognizer.advance(to: .milliseconds(end))
    }

    @Test("a press is told 3 ms after its edge, with the edge's time, before the release")
    func press() {
        var recognizer = GestureRecognizer()
        #expect(recognizer.edge(.pressed, at: .milliseconds(100)) == [])
        #expect(recognizer.nextDeadline == .milliseconds(103))
        #expect(recognizer.advance(to: .milliseconds(102)) == [])
        #expect(recognizer.advance(to: .milliseconds(103)) == [.press(at: .milliseconds(100))])
    }

    @Test("a pulse under 3 ms is ignored, one of 3 ms is a press")
    func shortPulses() {
        var recognizer = GestureRecognizer()
        #expect(recognizer.edge(.pressed, at: .milliseconds(10)) == [])
        #expect(recognizer.edge(.released, at: .microseconds(12_999)) == [])
        #expect(recognizer.nextDeadline == nil)
        #expect(recognizer.edge(.pressed, at: .milliseconds(20)) == [])
        #expect(recognizer.edge(.released, at: .milliseconds(23)) == [.press(at: .milliseconds(20))])
    }

    @Test("chatter while the button is held makes no second press")
    func chatter() {
        let edges: [(Edge, Int)] = [
            (.pressed, 0), (.released, 50), (.pressed, 60), (.released, 80), (.pressed, 99), (.released, 200),
        ]
        #expect(gestures(edges, until: 900) == [.press(at: .zero)])
    }

    @Test("a second press within 400 ms of the release is a double press, a third one a press again")
    func doublePress() {
        let edges: [(Edge, Int)] = [
            (.pressed, 0), (.released, 100), (.pressed, 500), (.released, 600), (.pressed, 900), (.released, 1000),
        ]
        #expect(
            gestures(edges, until: 2000) == [
                .press(at: .zero), .doublePress(at: .milliseconds(500)), .press(at: .milliseconds(900)),
            ])
    }

    @Test("a second press after more than 400 ms is a press")
    func twoPresses() {
        let edges: [(Edge, Int)] = [(.pressed, 0), (.released, 100), (.pressed, 501), (.released, 600)]
        #expect(gestures(edges, until: 2000) == [.press(at: .zero), .press(at: .milliseconds(501))])
    }

    @Test("holding for 5 s shuts down, with growing progress on the way")
    func hold() {
        let all = gestures([(.pressed, 1000)], until: 20_000)
        #expect(all.first == .press(at: .seconds(1)))
        #expect(all.dropFirst().first == .holdBegan(at: .seconds(1)))
        #expect(all.last == .holdCompleted)
        let progress = all.compactMap { if case .holdProgressed(let part) = $0 { part } else { nil } }
        #expect(progress.count == 39)
        #expect(progress == progress.sorted())
        #expect(progress.allSatisfy { 0.2 < $0 && $0 < 1 })
    }

    @Test("a hold is completed at 5 s exactly")
    func holdTime() {
        var recognizer = GestureRecognizer()
        _ = recognizer.edge(.pressed, at: .zero)
        #expect(!recognizer.advance(to: .microseconds(4_999_999)).contains(.holdCompleted))
        #expect(recognizer.advance(to: .seconds(5)) == [.holdCompleted])
        #expect(recognizer.nextDeadline == nil)
    }

    @Test("letting go before 5 s cancels, and the next press is no double press")
    func holdCancelled() {
        let edges: [(Edge, Int)] = [(.pressed, 0), (.released, 3000), (.pressed, 3100), (.released, 3200)]
        let all = gestures(edges, until: 9000)
        #expect(all.filter { $0 == .holdCancelled }.count == 1)
        #expect(!all.contains(.holdCompleted))
        #expect(all.last == .press(at: .milliseconds(3100)))
    }

    @Test("a release while the alarm is late still cancels the hold")
    func lateAlarm() {
        let all = gestures([(.pressed, 0), (.released, 4990)], until: 10_000)
        #expect(!all.contains(.holdCompleted))
        #expect(all.last == .holdCancelled)
    }

    @Test("edges that repeat or go back in time do no harm")
    func disorder() {
        let edges: [(Edge, Int)] = [
            (.released, 5), (.pressed, 10), (.pressed, 11), (.pressed, 4), (.released, 200), (.released, 210),
        ]
        #expect(gestures(edges, until: 1000) == [.press(at: .milliseconds(10))])
    }

    @Test("10,000 random edge trains with bounce give the presses that a model finds")
    func randomTrains() {
        var presses = 0
        var doubles = 0
        var shutdowns = 0
        for seed in 0..<10_000 {
            var random = SeededGenerator(UInt64(seed + 1))
            let train = EdgeTrain.random(&random)
            let expected = train.model()
            let found = train.drive(&random)
            #expect(found == expected, "train \(seed)")
            presses += expected.filter { if case .press = $0 { true } else { false } }.count
            doubles += expected.filter { if case .doublePress = $0 { true } else { false } }.count
            shutdowns += expected.filter { $0 == .holdCompleted }.count
        }
        print("10000 edge trains: \(presses) presses, \(doubles) double presses, \(shutdowns) complete holds")
        // The trains are worth something: they hold presses of every kind.
        #expect(presses > 10_000)
        #expect(doubles > 1000)
        #expect(shutdowns > 100)
    }
}

/// A contact's changes, in microseconds.
private struct EdgeTrain {
    var edges: [(edge: Edge, time: Int)] = []
    var end = 0

    static func random(_ random: inout SeededGenerator) -> EdgeTrain {
        var train = EdgeTrain()
        var time = Int.random(in: 0...5000, using: &random)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                // Noise: a pulse that is too short.
                train.add(.pressed, &time, Int.random(in: 1..<3000, using: &random))
                train.add(.released, &time, Int.random(in: 1...200_000, using: &random))
            case 1:
                // Anything at all.
                for index in 0..<2 * Int.random(in: 1...20, using: &random) {
                    train.add(index % 2 == 0 ? .pressed : .released, &time, Int.random(in: 1...30_000, using: &random))
                }
            default:
                train.bounce(.pressed, &time, &random)
                let isHold = Int.random(in: 0..<10, using: &random) == 0
                time += Int.random(in: isHold ? 700_000...7_000_000 : 3000...700_000, using: &random)
                train.bounce(.released, &time, &random)
                time += Int.random(in: 1...900_000, using: &random)
            }
        }
        train.end = time + 1_000_000
        return train
    }

    private mutating func add(_ edge: Edge, _ time: inout Int, _ length: Int) {
        edges.append((edge, time))
        time += length
    }

    private mutating func bounce(_ edge: Edge, _ time: inout Int, _ random: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            add(edge, &time, Int.random(in: 1...2500, using: &random))
            add(edge == .pressed ? .released : .pressed, &time, Int.random(in: 1...2500, using: &random))
        }
        add(edge, &time, 0)
    }

    /// Looks at whole intervals, with the future known: no deadlines, no states.
    func model() -> [Gesture] {
        var gestures: [Gesture] = []
        var pressed: Int?
        var pairSince: Int?
        var firstOfPair = false
        for (index, edge) in edges.enumerated() {
            let length = (index + 1 < edges.count ? edges[index + 1].time : end) - edge.time
            if let start = pressed, edge.edge == .released, length >= 20_000 {
                let hold = hold(from: start, to: edge.time)
                gestures += hold
                pressed = nil
                pairSince = firstOfPair && hold.isEmpty ? edge.time : nil
            } else if pressed == nil, edge.edge == .pressed, length >= 3000 {
                pressed = edge.time
                let isSecond = pairSince.map { edge.time - $0 <= 400_000 } ?? false
                let time = Duration.microseconds(edge.time)
                gestures.append(isSecond ? .doublePress(at: time) : .press(at: time))
                firstOfPair = !isSecond
            }
        }
        return gestures
    }

    private func hold(from start: Int, to end: Int) -> [Gesture] {
        let steps = stride(from: 1_000_000, through: min(end - start, 5_000_000), by: 100_000)
        let gestures = steps.map { step -> Gesture in
            switch step {
            case 1_000_000: .holdBegan(at: .microseconds(start))
            case 5_000_000: .holdCompleted
            default: .holdProgressed(Duration.microseconds(step) / .seconds(5))
            }
        }
        return gestures.isEmpty || gestures.last == .holdCompleted ? gestures : gestures + [.holdCancelled]
    }

    /// Lets a recognizer see the train with alarms that come in time, late, or not at all.
    func drive(_ random: inout SeededGenerator) -> [Gesture] {
        var recognizer = GestureRecognizer()
        var gestures: [Gesture] = []
        for edge in edges {
            let time = Duration.microseconds(edge.time)
            while Bool.random(using: &random), let deadline = recognizer.nextDeadline, deadline <= time {
                gestures += recognizer.advance(to: deadline)
            }
            gestures += recognizer.edge(edge.edge, at: time)
        }
        gestures += recognizer.advance(to: .microseconds(end))
        return gestures
    }
}

extension GestureTests {
    @Test("a button's gestures come as its edges and the clock have it")
    func stream() async {
        let clock = ManualClock()
        let button = VirtualButton(clock: clock)
        var gestures = button.gestures(clock: clock).makeAsyncIterator()
        clock.advance(by: .milliseconds(50))
        button.press()
        await clock.waitForSleepers()
        clock.advance(by: .milliseconds(8))
        #expect(await gestures.next() == .press(at: .milliseconds(50)))
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
        #expect(await gestures.next() == .holdBegan(at: .milliseconds(50)))
        button.release()
        let time = Task {
            while !Task.isCancelled {
                clock.advanceToNextSleeper()
                try? await Task.sleep(for: .milliseconds(1))
            }
        }
        // The clock may have run on before the release was seen.
        var gesture = await gestures.next()
        while case .holdProgressed = gesture { gesture = await gestures.next() }
        #expect(gesture == .holdCancelled)
        time.cancel()
        button.close()
        #expect(await gestures.next() == nil)
    }

    @Test("a pulse whose end arrives late on a busy machine is no press")
    func lateEdge() async {
        let clock = ManualClock()
        let button = EdgeButton()
        var gestures = button.gestures(clock: clock).makeAsyncIterator()
        clock.advance(by: .milliseconds(10))
        button.broadcast.send(ButtonEdge(.pressed, at: .milliseconds(10)))
        await clock.waitForSleepers()
        clock.advance(by: .milliseconds(6))
        button.broadcast.send(ButtonEdge(.released, at: .milliseconds(12)))
        #expect(await eventually { clock.sleeperCount == 0 })
        clock.advance(by: .milliseconds(84))
        button.broadcast.send(ButtonEdge(.pressed, at: .milliseconds(100)))
        await clock.waitForSleepers()
        clock.advanceToNextSleeper()
        #expect(await gestures.next() == .press(at: .milliseconds(100)))
        #expect(clock.time == .milliseconds(108))
        button.close()
    }
}

/// A button whose edges the test dates.
private struct EdgeButton: Button {
    let name = "test"
    let broadcast = Broadcast<ButtonEdge>()
    var edges: AsyncStream<ButtonEdge> { broadcast.subscribe() }
    func close() { broadcast.finish() }
}
