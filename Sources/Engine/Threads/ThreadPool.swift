import CKernels
import Glibc
import Synchronization

/// The threads of an executor.
///
/// The steps of a job are done one after the other, and the units of a step by whoever takes them. A step is over when
/// its units are done, not when all threads have met: a thread that the system keeps from running holds nobody up unless
/// it is in the middle of a unit, so a busy machine slows a pool down no more than its share. The calling thread, the
/// leader, does units like the others, and alone reads and writes pictures, between steps.
///
/// `@unchecked Sendable`: the mutex and the condition are C objects at fixed addresses, made for sharing; the list of
/// threads is only touched by the thread that makes and dismisses the pool.
final class ThreadPool: @unchecked Sendable {
    private let job: PictureJob
    /// The current step in the upper half, its next unit in the lower half.
    private let ticket: Atomic<UInt64>
    private let unitsDone = Atomic<Int>(0)
    private let parked = Atomic<Int>(0)
    private let dismissed = Atomic<Bool>(false)
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var threads: [pthread_t] = []

    /// How often a thread without work looks for some before it gives up the core: some tens of microseconds.
    private static let patience = 2_000

    /// - Throws: ``EngineError`` when the system cannot start the threads.
    init(job: PictureJob, threadCount: Int) throws(EngineError) {
        self.job = job
        ticket = Atomic(Self.ticket(step: job.steps.count))
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, 256 << 10)
        for _ in 1..<max(threadCount, 1) {
            var thread = pthread_t()
            let context = Unmanaged.passRetained(self)
            let status = pthread_create(
                &thread, &attributes,
                { context in
                    guard let context else { return nil }
                    Unmanaged<ThreadPool>.fromOpaque(context).takeRetainedValue().follow()
                    return nil
                }, context.toOpaque())
            guard status == 0 else {
                context.release()
                dismiss()
                throw EngineError("the system cannot start \(threadCount) threads")
            }
            threads.append(thread)
        }
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Ends all threads. The pool cannot be used any more.
    func dismiss() {
        dismissed.store(true, ordering: .sequentiallyConsistent)
        wake()
        for thread in threads { pthread_join(thread, nil) }
        threads = []
    }

    /// Does the steps from `start` on, until rows of an output went out or all is done.
    ///
    /// - Parameters:
    ///   - start: A step after which nothing was done yet.
    ///   - readInput: Fills row y of the input.
    ///   - writeOutput: Takes row y of an output, which is given by its index.
    /// - Returns: The step to go on with; the number of steps when none is left.
    /// - Throws: What a closure throws. No unit is under way then, so there is nothing to clean up.
    func lead<Failure: Error>(
        from start: Int, readInput: (Int, UnsafeMutableBufferPointer<UInt8>) throws(Failure) -> Void,
        writeOutput: (Int, Int, UnsafeBufferPointer<UInt8>) throws(Failure) -> Void
    ) throws(Failure) -> Int {
        var index = start
        while index < job.steps.count {
            let step = job.steps[index]
            switch step.layer {
            case Plan.Step.readInput: try job.readInput(step, readInput)
            case Plan.Step.beginPhase: job.beginPhase(step)
            case ..<0:
                try job.writeOutput(step, writeOutput)
                return index + 1
            default:
                begin(step: index)
                index = seeThrough(from: index)
                continue
            }
            index += 1
        }
        return index
    }

    /// The number of steps.
    var stepCount: Int { job.steps.count }

    // MARK: Units

    private static func ticket(step: Int) -> UInt64 { UInt64(step) << 32 }

    /// Takes part until a step comes up that is the leader's own, and returns its index.
    private func seeThrough(from start: Int) -> Int {
        var idle = 0
        while true {
            if doUnit() {
                idle = 0
                continue
            }
            let index = Int(ticket.load(ordering: .acquiring) >> 32)
            if index >= job.steps.count || job.steps[index].units == 0 { return index }
            idle += 1
            // The others have the last units. If one of them is not running, it may need this core.
            if idle < Self.patience { ck_relax() } else { sched_yield() }
        }
    }

    private func follow() {
        var idle = 0
        while !dismissed.load(ordering: .relaxed) {
            if doUnit() {
                idle = 0
            } else if idle < Self.patience {
                idle += 1
                ck_relax()
            } else {
                park()
                idle = 0
            }
        }
    }

    /// Does the next unit of the current step, and begins the next step when it was the last one to be finished.
    /// Returns false when there is none to take.
    private func doUnit() -> Bool {
        guard hasUnits(ticket.load(ordering: .acquiring)) else { return false }
        let taken = ticket.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue
        guard hasUnits(taken) else { return false }
        let index = Int(taken >> 32)
        let step = job.steps[index]
        job.perform(step, unit: Int(taken & 0xFFFF_FFFF))
        if unitsDone.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == step.units {
            unitsDone.store(0, ordering: .relaxed)
            begin(step: index + 1)
        }
        return true
    }

    private func hasUnits(_ ticket: UInt64) -> Bool {
        let index = Int(ticket >> 32)
        return index < job.steps.count && Int(ticket & 0xFFFF_FFFF) < job.steps[index].units
    }

    private func begin(step: Int) {
        ticket.store(Self.ticket(step: step), ordering: .sequentiallyConsistent)
        if parked.load(ordering: .sequentiallyConsistent) > 0, step < job.steps.count, job.steps[step].units > 0 {
            wake()
        }
    }

    // MARK: Sleep

    private func park() {
        pthread_mutex_lock(mutex)
        parked.wrappingAdd(1, ordering: .sequentiallyConsistent)
        while !hasUnits(ticket.load(ordering: .sequentiallyConsistent))
            && !dismissed.load(ordering: .sequentiallyConsistent)
        { pthread_cond_wait(condition, mutex) }
        parked.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        pthread_mutex_unlock(mutex)
    }

    private func wake() {
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }
}
