/// What is to be done with the album's pictures, in which order, and what has become of it. A value that knows no
/// painter and no disk.
///
/// A job is in one place at most: it is expected, waits, or is running. Pictures of this run come before those that an
/// earlier run left.
public struct WorkQueue: Equatable, Sendable {
    /// A piece of work on one picture.
    public enum Job: Hashable, Sendable {
        /// The picture is painted in a style.
        case paint(PaintingJob)

        /// The picture's number.
        public var number: Int {
            switch self {
            case .paint(let job): job.number
            }
        }
    }

    /// Jobs of this run that wait, the next one first.
    public private(set) var fresh: [Job] = []
    /// Jobs that an earlier run left, or that did not succeed, the next one first. A slice, because copies of the queue
    /// share its memory while jobs are taken from the front, and there may be thousands.
    public private(set) var leftOver: ArraySlice<Job> = []
    /// What is being worked on.
    public private(set) var running: Job?
    /// Whether nobody wants any more what is being worked on.
    public private(set) var isWithdrawn = false
    /// How often jobs failed that are to be tried again.
    public private(set) var failures: [Job: Int] = [:]
    /// Places of what is being written down and will wait then; nil for a photo that has no number yet.
    private var expected: [Job?] = []

    /// An empty queue.
    public init() {}

    /// How many places are kept for what is being written down.
    public var expectedCount: Int { expected.count }

    /// All that waits, in its order.
    public var waiting: [Job] { fresh + leftOver }

    /// Whether there is something to begin, and nothing is running.
    public var canBegin: Bool { running == nil && !(fresh.isEmpty && leftOver.isEmpty) }

    /// Whether the job is expected, waits or is running.
    public func contains(_ job: Job) -> Bool {
        running == job || expected.contains(job) || fresh.contains(job) || leftOver.contains(job)
    }

    /// Keeps a place for a job that is being written down; nil for a photo that is being saved.
    public mutating func expect(_ job: Job?) { expected.append(job) }

    /// Gives a place back that was kept.
    public mutating func cease(toExpect job: Job?) {
        if let place = expected.firstIndex(of: job) { expected.remove(at: place) }
    }

    /// Adds a job of this run. What is in the queue already stays where it is.
    public mutating func add(_ job: Job) {
        cease(toExpect: job)
        guard !contains(job) else { return }
        failures[job] = nil
        fresh.append(job)
    }

    /// Adds jobs of an earlier run, except those that are in the queue already.
    public mutating func add(leftOver jobs: [Job]) {
        var known = Set(waiting).union(expected.compactMap(\.self))
        if let running { known.insert(running) }
        leftOver += jobs.filter { known.insert($0).inserted }
    }

    /// Begins the next job. Nothing happens when one is running or none waits.
    public mutating func begin() {
        guard canBegin else { return }
        running = fresh.isEmpty ? leftOver.popFirst() : fresh.removeFirst()
    }

    /// The running job is over, one way or the other, and does not come back.
    public mutating func finish() {
        if let running { failures[running] = nil }
        running = nil
        isWithdrawn = false
    }

    /// The running job was interrupted. It is the first of those left over, unless nobody wants it.
    public mutating func putBack() {
        guard let running, !isWithdrawn else { return finish() }
        leftOver.insert(running, at: leftOver.startIndex)
        self.running = nil
    }

    /// The running job failed. It is tried again after all others, unless nobody wants it.
    public mutating func fail() {
        guard let running, !isWithdrawn else { return finish() }
        failures[running, default: 0] += 1
        leftOver.append(running)
        self.running = nil
    }

    /// Takes a job out that waits, or notes that nobody wants the running one any more.
    ///
    /// - Returns: Whether it waited or is running.
    @discardableResult
    public mutating func withdraw(_ job: Job) -> Bool {
        if job == running {
            isWithdrawn = true
        } else if let place = fresh.firstIndex(of: job) {
            fresh.remove(at: place)
            failures[job] = nil
        } else if let place = leftOver.firstIndex(of: job) {
            leftOver.remove(at: place)
            failures[job] = nil
        } else {
            return false
        }
        return true
    }
}
