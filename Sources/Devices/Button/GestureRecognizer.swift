/// Makes gestures of a button's edges. Pure: it knows only the times it is told.
///
/// It acts on the press: a contact that closes and stays closed for ``GestureTimes/shortestPress`` is a press at the
/// time it closed. From then on it is locked until the contact has been open for ``GestureTimes/shortestRelease``, so
/// bounce makes no second press.
///
/// The first press of a double press has taken its picture already when the second one comes; the second one takes
/// none and ends the pair, so that a third press takes a picture again. A press that became a hold begins no pair.
///
/// Whoever drives it calls ``advance(to:)`` when ``nextDeadline`` has come.
public struct GestureRecognizer: Sendable {
    private enum Phase: Equatable {
        /// The contact is open; a release at `since` may begin a pair.
        case idle(pairSince: Duration?)
        /// Closed since `since`, not yet long enough; `pairSince` as before.
        case closing(since: Duration, pairSince: Duration?)
        /// A press that is not released.
        case held(Hold)
        /// Open since `since`, not yet long enough to be a release.
        case opening(since: Duration, Hold)
    }

    private struct Hold: Equatable {
        var since: Duration
        var opensPair: Bool
        /// Steps of the hold told so far; -1 before it began.
        var step = -1
        var isComplete = false
    }

    private let times: GestureTimes
    private var phase = Phase.idle(pairSince: nil)
    private var now = Duration.zero

    /// Begins with an open contact. One that is closed at the start is seen first when it is pressed again.
    public init(times: GestureTimes = GestureTimes()) {
        self.times = times
    }

    /// When ``advance(to:)`` has something to say even without another edge; nil for never.
    public var nextDeadline: Duration? {
        switch phase {
        case .idle: nil
        case .closing(let since, _): since + times.shortestPress
        case .held(let hold): nextStep(of: hold)
        // What a hold had to say up to `since` is said: the rest waits until it is clear whether this is a release.
        case .opening(let since, _): since + times.shortestRelease
        }
    }

    /// Takes an edge, bounce or not. A time before the last one counts as the last one; an edge to where the contact
    /// is already changes nothing.
    public mutating func edge(_ edge: Edge, at time: Duration) -> [Gesture] {
        let gestures = advance(to: time)
        switch (phase, edge) {
        case (.idle(let pairSince), .pressed): phase = .closing(since: now, pairSince: pairSince)
        case (.closing(_, let pairSince), .released): phase = .idle(pairSince: pairSince)
        case (.held(let hold), .released): phase = .opening(since: now, hold)
        case (.opening(_, let hold), .pressed): phase = .held(hold)
        default: break
        }
        return gestures
    }

    /// Lets time pass.
    public mutating func advance(to time: Duration) -> [Gesture] {
        var gestures: [Gesture] = []
        while let deadline = nextDeadline, deadline <= time {
            pass(deadline, &gestures)
        }
        now = max(now, time)
        return gestures
    }

    private mutating func pass(_ deadline: Duration, _ gestures: inout [Gesture]) {
        switch phase {
        case .idle: break
        case .closing(let since, let pairSince):
            let isSecond = pairSince.map { since - $0 <= times.doublePress } ?? false
            gestures.append(isSecond ? .doublePress(at: since) : .press(at: since))
            phase = .held(Hold(since: since, opensPair: !isSecond))
        case .held(var hold):
            advanceHold(&hold, &gestures)
            phase = .held(hold)
        case .opening(let since, let hold):
            let wasHold = hold.step >= 0
            if wasHold, !hold.isComplete { gestures.append(.holdCancelled) }
            phase = .idle(pairSince: hold.opensPair && !wasHold ? since : nil)
        }
    }

    private func advanceHold(_ hold: inout Hold, _ gestures: inout [Gesture]) {
        hold.step += 1
        let passed = times.holdBegins + times.holdStep * hold.step
        if passed >= times.holdCompletes {
            hold.isComplete = true
            gestures.append(.holdCompleted)
        } else if hold.step == 0 {
            gestures.append(.holdBegan(at: hold.since))
        } else {
            gestures.append(.holdProgressed(passed / times.holdCompletes))
        }
    }

    /// When the hold has its next step; nil after its last one.
    private func nextStep(of hold: Hold) -> Duration? {
        guard !hold.isComplete else { return nil }
        let passed = times.holdBegins + times.holdStep * (hold.step + 1)
        return hold.since + min(passed, times.holdCompletes)
    }
}
