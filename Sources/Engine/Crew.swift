import CKernels
import Glibc
import Synchronization

/// The threads of an executor. All of them walk the same steps; a barrier after each keeps them together, and the
/// calling thread alone reads and writes pictures.
///
/// `@unchecked Sendable`: the thread list is written before the first thread runs and read after the last has ended.
final class Crew: @unchecked Sendable {
    private let job: LayerJob
    private let barrier: Barrier
    /// The step at which the leader gave up, or none. Workers compare it with their own step, so that one who is late
    /// at a barrier does not leave before the others.
    private let abandonedStep = Atomic<Int>(Crew.none)
    private static let none = -1
    private let dismissed = Atomic<Bool>(false)
    private var threads: [pthread_t] = []

    /// - Throws: ``EngineError`` when the system cannot start the threads.
    init(job: LayerJob, threadCount: Int) throws(EngineError) {
        self.job = job
        barrier = Barrier(threadCount: threadCount)
        // Threads wait for each other at the first barrier, so either all start or none is left behind.
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
                    Unmanaged<Crew>.fromOpaque(context).takeRetainedValue().follow()
                    return nil
                }, context.toOpaque())
            guard status == 0 else {
                context.release()
                barrier.release()
                for thread in threads { pthread_join(thread, nil) }
                throw EngineError("the system cannot start \(threadCount) threads")
            }
            threads.append(thread)
        }
    }

    /// Ends all threads. The crew cannot be used any more.
    func dismiss() {
        dismissed.store(true, ordering: .relaxed)
        barrier.cross()
        for thread in threads { pthread_join(thread, nil) }
        threads = []
    }

    /// Runs all steps on the calling thread and the others.
    func lead(
        readPhoto: (Int, UnsafeMutableBufferPointer<UInt8>) throws -> Void,
        writeAnime: (Int, UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        var failure: (any Error)?
        abandonedStep.store(Self.none, ordering: .relaxed)
        barrier.cross()
        for (index, step) in job.steps.enumerated() {
            do {
                switch step.layer {
                case Plan.Step.readPhoto: try job.readPhoto(step, readPhoto)
                case Plan.Step.writeAnime: try job.writeAnime(step, writeAnime)
                default: job.perform(step, sharing: barrier)
                }
            } catch {
                failure = error
                abandonedStep.store(index, ordering: .relaxed)
            }
            barrier.cross()
            if failure != nil { break }
        }
        barrier.cross()
        if let failure { throw failure }
    }

    private func follow() {
        while true {
            barrier.cross()
            if dismissed.load(ordering: .relaxed) || barrier.isReleased { return }
            for (index, step) in job.steps.enumerated() {
                if step.layer >= 0 { job.perform(step, sharing: barrier) }
                barrier.cross()
                if abandonedStep.load(ordering: .relaxed) == index { break }
            }
            barrier.cross()
        }
    }
}
