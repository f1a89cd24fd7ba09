import Devices

/// A row of the table: in one of these phases, when this happens and the condition holds, that follows.
package struct BoothTransition: Sendable {
    /// What must hold besides phase and event. Of several rows the first that fits counts.
    package enum Condition: String, Sendable {
        case always = ""
        case queueFull = "the queue is full"
        case countdown = "a countdown is set or wished"
        case pressWaits = "another press waits and can be taken"
    }

    /// Where it goes.
    package enum Target: Equatable, Sendable {
        case same
        /// Ready, or the phase of the most serious fault.
        case rest
        case phase(BoothState.Phase)
    }

    package let phases: [BoothState.Phase]
    package let event: BoothEvent.Kind
    package let condition: Condition
    package let target: Target
    package let actions: [BoothAction]

    init(
        _ phases: [BoothState.Phase], _ event: BoothEvent.Kind, if condition: Condition = .always, to target: Target,
        _ actions: BoothAction...
    ) {
        self.phases = phases
        self.event = event
        self.condition = condition
        self.target = target
        self.actions = actions
    }
}

extension BoothEvent {
    /// An event without its details.
    package enum Kind: String, CaseIterable, Sendable {
        case started, press, doublePress, beat, countdownEnded, shotSaved, shotFailed, faultCame, faultWent
        case backlogFound, conversionAsked, conversionDone, conversionPutBack, conversionDropped, conversionWithdrawn
        case conversionGivenUp
        case holdProgressed, holdCancelled, holdCompleted, shutdownFailed, stop, drained
    }

    /// The event without its details.
    package var kind: Kind {
        switch self {
        case .started: .started
        case .press: .press
        case .doublePress: .doublePress
        case .beat: .beat
        case .countdownEnded: .countdownEnded
        case .shotSaved: .shotSaved
        case .shotFailed: .shotFailed
        case .faultCame: .faultCame
        case .faultWent: .faultWent
        case .backlogFound: .backlogFound
        case .conversionAsked: .conversionAsked
        case .conversionDone: .conversionDone
        case .conversionPutBack: .conversionPutBack
        case .conversionDropped: .conversionDropped
        case .conversionWithdrawn: .conversionWithdrawn
        case .conversionGivenUp: .conversionGivenUp
        case .holdProgressed: .holdProgressed
        case .holdCancelled: .holdCancelled
        case .holdCompleted: .holdCompleted
        case .shutdownFailed: .shutdownFailed
        case .stop: .stop
        case .drained: .drained
        }
    }
}

extension BoothState {
    /// The most beats before a picture.
    static let longestCountdown = 60

    private static let degraded: [Phase] = [.noCamera, .diskLow, .faulty]
    private static let resting: [Phase] = [.ready] + degraded
    private static let uncounted: [Phase] = [.starting] + resting + [.capturing]

    /// All that a booth does. An event that has no row here changes only what is counted.
    ///
    /// One rule stands beside the table: whenever a picture waits to be painted, none is being painted, the album
    /// works and has room, and the booth neither starts nor stops, ``BoothAction/convert`` follows.
    package static let transitions: [BoothTransition] = [
        .init([.starting], .started, to: .rest, .takeUpWork, .showState),

        .init([.ready, .capturing], .press, if: .queueFull, to: .same, .refuse),
        .init([.ready], .press, if: .countdown, to: .phase(.counting), .show(.countdownBeat), .count),
        .init([.ready], .press, to: .phase(.capturing), .show(.capturing), .capture),
        .init([.capturing], .press, to: .same, .show(.capturing)),
        .init([.starting] + degraded, .press, to: .same, .refuse),

        .init([.counting], .beat, to: .same, .show(.countdownBeat)),
        .init([.counting], .countdownEnded, to: .phase(.capturing), .show(.capturing), .capture),

        .init([.capturing], .shotSaved, if: .pressWaits, to: .same, .show(.capturing), .capture),
        .init([.capturing], .shotSaved, to: .rest, .showState),
        .init([.capturing], .shotFailed, if: .pressWaits, to: .same, .refuse, .capture),
        .init([.capturing], .shotFailed, to: .rest, .refuse),

        .init(resting, .doublePress, to: .same, .nextStyle, .show(.countdownBeat)),
        .init([.counting, .capturing], .doublePress, to: .same, .nextStyle),

        .init(resting, .faultCame, to: .rest, .showState),
        .init([.counting], .faultCame, to: .rest, .abortCountdown, .refuse),
        .init(resting, .faultWent, to: .rest, .showState),

        .init(resting, .conversionDone, to: .rest, .show(.done)),
        .init(resting, .conversionGivenUp, to: .rest, .show(.error)),
        .init(resting, .conversionPutBack, to: .rest, .showState),
        .init(resting, .conversionDropped, to: .rest, .showState),

        .init([.counting], .holdProgressed, to: .rest, .abortCountdown, .showState),
        .init(uncounted, .holdProgressed, to: .same, .showState),
        .init(uncounted, .holdCancelled, to: .same, .showState),
        .init(uncounted, .holdCompleted, to: .same, .showState, .runShutdown),
        .init(uncounted, .shutdownFailed, to: .same, .show(.error)),

        .init([.counting], .stop, to: .phase(.stopping), .abortCountdown, .showState, .cancelConversion, .drain),
        .init(uncounted, .stop, to: .phase(.stopping), .showState, .cancelConversion, .drain),
        .init([.stopping], .drained, to: .phase(.stopped), .showState),
    ]

    /// Takes an event.
    ///
    /// - Returns: What is to be done, in this order.
    public mutating func apply(_ event: BoothEvent) -> [BoothAction] {
        let row = Self.transitions.first { row in
            row.event == event.kind && row.phases.contains(phase) && holds(row.condition, event)
        }
        count(event, isTaken: row.map { !$0.actions.contains(.refuse) } ?? false)
        var actions = row?.actions ?? []
        switch row?.target {
        case .rest: phase = rest
        case .phase(let next): phase = next
        case .same, nil: break
        }
        beatsLeft = phase == .counting ? (event == .beat ? (beatsLeft ?? 1) - 1 : beatsLeft ?? beats(of: event)) : nil
        if startsConversion {
            queue.begin()
            actions.append(.convert)
            if actions == [.convert], phase == .ready { actions.append(.showState) }
        }
        return actions
    }

    /// The beats before the picture of a press.
    private func beats(of event: BoothEvent) -> Int {
        guard case .press(_, let wish) = event, let wished = wish.countdown else { return countdown }
        return min(max(wished, 0), Self.longestCountdown)
    }

    private func holds(_ condition: BoothTransition.Condition, _ event: BoothEvent) -> Bool {
        switch condition {
        case .always: true
        case .queueFull: isQueueFull
        case .countdown: beats(of: event) > 0
        case .pressWaits: presses.count > 1 && canWrite
        }
    }

    private var startsConversion: Bool {
        // What is painted must be written: one picture at most waits in memory for a full disk. Until then painting goes
        // on, because pictures that are painted are what room is made of.
        guard queue.canBegin, !faults.contains(.album), !(faults.contains(.disk) && holdsPainting) else { return false }
        return Self.resting.contains(phase) || phase == .capturing || phase == .counting
    }

    /// Keeps count of what waits.
    private mutating func count(_ event: BoothEvent, isTaken: Bool) {
        switch event {
        case .press(let time, let wish): if isTaken { presses.append(Press(time: time, wish: wish)) }
        case .countdownEnded(let time): if !presses.isEmpty { presses[0].time = time }
        case .shotSaved(let job):
            endShot()
            queue.add(job)
        case .shotFailed: endShot()
        case .faultCame(let fault):
            faults.insert(fault)
            if phase == .counting { presses = [] }
        case .faultWent(let fault): faults.remove(fault)
        case .backlogFound(let jobs): queue.add(leftOver: jobs)
        case .conversionAsked(let job): queue.add(job)
        case .conversionDone, .conversionDropped, .conversionGivenUp: queue.finish()
        case .conversionPutBack(let hasFailed): if hasFailed { queue.fail() } else { queue.putBack() }
        case .conversionWithdrawn(let job): queue.withdraw(job)
        case .holdProgressed(let progress):
            hold = progress
            if phase == .counting { presses = [] }
        case .holdCancelled, .shutdownFailed: hold = nil
        case .holdCompleted: hold = 1
        case .stop: if phase == .counting { presses = [] }
        case .started, .doublePress, .beat, .drained: break
        }
    }

    /// The first press is over; the others can only be taken while the album takes photos.
    private mutating func endShot() { presses = canWrite ? Array(presses.dropFirst()) : [] }

    private var canWrite: Bool { faults.isDisjoint(with: [.album, .disk]) }
}
