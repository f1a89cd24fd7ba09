import Devices

/// Where the booth stands. Pure: ``apply(_:)`` changes it by the table in ``transitions`` and tells what to do.
public struct BoothState: Equatable, Sendable {
    /// What the booth does for the people in front of it.
    public enum Phase: String, CaseIterable, Sendable {
        /// The album is opened, the camera started.
        case starting
        /// A press takes a picture.
        case ready
        /// The countdown before a picture runs.
        case counting
        /// A picture is taken and saved.
        case capturing
        /// There is no camera; presses are refused.
        case noCamera
        /// The disk is nearly full; presses are refused.
        case diskLow
        /// The album cannot be written; presses are refused.
        case faulty
        /// Work is brought to an end.
        case stopping
        /// All is done and saved.
        case stopped
    }

    /// Something without which no picture can be taken. Several may hold at once.
    public enum Fault: String, CaseIterable, Comparable, Sendable {
        /// The album cannot be read or written.
        case album
        /// There is no room for a picture.
        case disk
        /// No frames come.
        case camera

        /// Whether the left fault is the one to be shown.
        public static func < (left: Fault, right: Fault) -> Bool {
            let order: [Fault] = [.album, .disk, .camera]
            return (order.firstIndex(of: left) ?? 0) < (order.firstIndex(of: right) ?? 0)
        }
    }

    /// A press of the button whose picture is still to be taken.
    public struct Press: Equatable, Sendable {
        /// The moment that is wanted.
        public var time: Duration
        /// What is wished for it.
        public let wish: ShotWish
    }

    /// What the booth does.
    public internal(set) var phase = Phase.starting
    /// What is missing now.
    public internal(set) var faults: Set<Fault> = []
    /// What is painted, which goes on beside everything else, and what waits for it.
    public internal(set) var queue = WorkQueue()
    /// Whether an anime picture that is made waits for the disk.
    public var holdsPainting = false
    /// The presses that are still to be taken, the current one first.
    public internal(set) var presses: [Press] = []
    /// How much of a hold that shuts down has passed; nil while nobody holds the button.
    public internal(set) var hold: Double?

    /// Beats that are left while it counts; nil at all other times.
    public internal(set) var beatsLeft: Int?

    /// Beats before a picture for which nothing else is wished; 0 for none.
    public internal(set) var countdown: Int
    /// Pictures that may wait, in the hand of the camera or for the painter, before presses are refused.
    public let queueLength: Int

    /// A booth that starts.
    public init(countdown: Int = 0, queueLength: Int = 8) {
        self.countdown = max(countdown, 0)
        self.queueLength = max(queueLength, 1)
    }

    /// Whether a picture is being painted.
    public var isConverting: Bool { queue.running != nil }
    /// How many pictures of this run wait to be painted.
    public var waiting: Int { queue.fresh.count }
    /// How many pictures wait that an earlier run left or that are tried again; they come after those of this run and
    /// block no press.
    public var backlog: Int { queue.leftOver.count }

    /// Whether one more press would be too many. Photos of guests that are being saved have their places already.
    public var isQueueFull: Bool {
        presses.count + waiting + queue.expectedCount + (isConverting ? 1 : 0) >= queueLength
    }

    /// One word for people: a ready booth that paints is converting.
    public var name: String { phase == .ready && isConverting ? "converting" : phase.rawValue }

    /// What the lamp shows while nothing happens.
    public var lamp: LampPattern {
        if let hold, phase != .stopped { return .shuttingDown(progress: hold) }
        return switch phase {
        case .starting, .stopped: .off
        case .ready: isConverting ? .working : .ready
        case .counting: .off
        case .capturing: .capturing
        case .noCamera: .noCamera
        case .diskLow: .diskLow
        case .faulty: .error
        case .stopping: .shuttingDown(progress: 1)
        }
    }

    /// The phase of a booth at which nothing happens.
    var rest: Phase {
        switch faults.min() {
        case .album: .faulty
        case .disk: .diskLow
        case .camera: .noCamera
        case nil: .ready
        }
    }
}

/// What happens to a booth.
public enum BoothEvent: Equatable, Sendable {
    /// The album is open, or tried, and the camera had time to come.
    case started
    /// The button was pressed, or somebody did as much, at this time.
    case press(at: Duration, wish: ShotWish = ShotWish())
    /// The button was pressed twice: the next style is wanted.
    case doublePress
    /// A second of the countdown is over.
    case beat
    /// The countdown is over.
    case countdownEnded(at: Duration)
    /// The shot is on the disk, and this is to be done with it.
    case shotSaved(WorkQueue.Job)
    /// The shot was not taken, or not saved yet.
    case shotFailed
    /// Something is missing.
    case faultCame(BoothState.Fault)
    /// It is there again.
    case faultWent(BoothState.Fault)
    /// An earlier run left these pictures to be painted.
    case backlogFound([WorkQueue.Job])
    /// Somebody wishes a picture in another style, or a photo came another way than by a press.
    case conversionAsked(WorkQueue.Job)
    /// The picture is painted and saved.
    case conversionDone
    /// The picture is not painted now but later; whether that is because it failed.
    case conversionPutBack(hasFailed: Bool)
    /// The picture need not be painted any more, or is painted and waits to be saved.
    case conversionDropped
    /// Nobody wants this any more, whether it waits or is being painted.
    case conversionWithdrawn(WorkQueue.Job)
    /// The picture could not be painted, however often it was tried.
    case conversionGivenUp
    /// The button is held down: so much of what shuts down has passed.
    case holdProgressed(Double)
    /// The button was let go too early.
    case holdCancelled
    /// The button was held to the end.
    case holdCompleted
    /// The command that shuts the machine down has failed.
    case shutdownFailed
    /// The program is to end.
    case stop
    /// Nothing is in work any more.
    case drained
}

/// What a booth does when something happened.
public enum BoothAction: Equatable, Sendable {
    /// Shows a pattern that ends, or the first of a phase.
    case show(LampPattern)
    /// Shows what the state's lamp shows at rest.
    case showState
    /// Refuses a press and logs why.
    case refuse
    /// Takes up what an earlier run left, and tells the system that the service is up.
    case takeUpWork
    /// Chooses the next style.
    case nextStyle
    /// Starts the countdown.
    case count
    /// Ends the countdown without a picture.
    case abortCountdown
    /// Takes the picture of the first press.
    case capture
    /// Paints the next picture.
    case convert
    /// Ends the painting under way; its picture stays to be painted.
    case cancelConversion
    /// Runs the command that shuts the machine down.
    case runShutdown
    /// Ends what is in work and then reports that it is drained.
    case drain
}
