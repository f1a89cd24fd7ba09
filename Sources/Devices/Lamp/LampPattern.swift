/// What the lamp says. Without a screen it carries the whole conversation.
public enum LampPattern: Equatable, Sendable {
    /// Dark, with a wink every four seconds: press whenever you like.
    case ready
    /// On: the press was seen and the picture is being taken.
    case capturing
    /// One flash: a beat of the countdown.
    case countdownBeat
    /// Slow blinking: the picture is being painted.
    case working
    /// Three flashes, then dark: finished.
    case done
    /// Five fast flashes, then dark: this press was refused.
    case refused
    /// Two flashes and a pause, over and over: there is no camera.
    case noCamera
    /// Three flashes and a pause, over and over: the disk is nearly full.
    case diskLow
    /// Fast flicker: something is wrong; the log says what.
    case error
    /// Six flashes a second that grow longer with the progress, 0 to 1, of a hold that shuts down; on at the end.
    case shuttingDown(progress: Double)
    /// Dark.
    case off

    /// Whether the lamp is on that long after the pattern began.
    public func isLit(at time: Duration) -> Bool { rhythm.step(at: time).isLit }

    /// When the lamp changes next after a time since the pattern began; nil when it stays as it is.
    public func nextChange(after time: Duration) -> Duration? { rhythm.step(at: time).end }

    /// Whether the other pattern continues this one, so that its rhythm goes on instead of beginning anew.
    func isContinued(by other: LampPattern) -> Bool {
        if case (.shuttingDown, .shuttingDown) = (self, other) { return true }
        // Flashes that end are shown again each time they are asked for.
        return self == other && rhythm.repeats
    }

    private var rhythm: Rhythm {
        switch self {
        case .ready: Rhythm(repeating: [3960, 40], startsLit: false)
        case .capturing: Rhythm(once: [], startsLit: true)
        case .countdownBeat: Rhythm(once: [120])
        case .working: Rhythm(repeating: [400, 400])
        case .done: Rhythm(once: [100, 120, 100, 120, 100])
        case .refused: Rhythm(once: [50, 50, 50, 50, 50, 50, 50, 50, 50])
        case .noCamera: Rhythm(repeating: [150, 200, 150, 1000])
        case .diskLow: Rhythm(repeating: [150, 200, 150, 200, 150, 1000])
        case .error: Rhythm(repeating: [80, 80])
        case .shuttingDown(let progress):
            if progress >= 1 {
                Rhythm(once: [], startsLit: true)
            } else {
                Rhythm(repeating: [16 + Int(max(progress, 0) * 140), 160 - 16 - Int(max(progress, 0) * 140)])
            }
        case .off: Rhythm(once: [], startsLit: false)
        }
    }
}

/// Changes between on and off.
private struct Rhythm {
    /// Milliseconds until each change.
    let lengths: [Int]
    let repeats: Bool
    let startsLit: Bool

    /// The lengths come in pairs.
    init(repeating lengths: [Int], startsLit: Bool = true) {
        self.lengths = lengths
        self.startsLit = startsLit
        repeats = true
    }

    /// After the last length the lamp stays.
    init(once lengths: [Int], startsLit: Bool = true) {
        self.lengths = lengths
        self.startsLit = startsLit
        repeats = false
    }

    /// What the lamp does at a time, and until when.
    func step(at time: Duration) -> (isLit: Bool, end: Duration?) {
        let time = max(time, .zero)
        let period = Duration.milliseconds(lengths.reduce(0, +))
        let round = repeats ? Int(time / period) : 0
        // A quotient that was rounded up is one too many.
        let start = period * (period * round > time ? round - 1 : round)
        var end = start
        var isLit = startsLit
        for length in lengths {
            end += .milliseconds(length)
            if time < end { return (isLit, end) }
            isLit.toggle()
        }
        return repeats ? (startsLit, end + .milliseconds(lengths[0])) : (isLit, nil)
    }
}
