import CKernels
import Glibc
import Synchronization

/// A barrier for a fixed number of threads, with the counter that hands out units of work between two crossings.
///
/// Threads spin for a few microseconds, since the others are almost always about to arrive, and then give up the core.
///
/// `@unchecked Sendable`: the mutex and the condition are C objects at fixed addresses, made for sharing.
final class Barrier: @unchecked Sendable {
    private let threadCount: Int
    private let arrived = Atomic<Int>(0)
    private let generation = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private let nextUnit = Atomic<Int>(0)
    private let released = Atomic<Bool>(false)
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private static let spins = 4_000

    init(threadCount: Int) {
        self.threadCount = threadCount
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// The next unit of work since the last crossing: 0, 1, 2 ... over all threads.
    func takeUnit() -> Int { nextUnit.wrappingAdd(1, ordering: .relaxed).oldValue }

    /// Whether ``release()`` was called.
    var isReleased: Bool { released.load(ordering: .sequentiallyConsistent) }

    /// Lets everybody through who waits or will wait: the barrier is of no more use.
    func release() {
        released.store(true, ordering: .sequentiallyConsistent)
        generation.wrappingAdd(1, ordering: .sequentiallyConsistent)
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Returns when all threads have called it; what they wrote before is visible after.
    func cross() {
        guard threadCount > 1 else {
            nextUnit.store(0, ordering: .relaxed)
            return
        }
        let current = generation.load(ordering: .relaxed)
        if arrived.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == threadCount {
            arrived.store(0, ordering: .relaxed)
            nextUnit.store(0, ordering: .relaxed)
            generation.store(current &+ 1, ordering: .sequentiallyConsistent)
            if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
                pthread_mutex_lock(mutex)
                pthread_cond_broadcast(condition)
                pthread_mutex_unlock(mutex)
            }
            return
        }
        for _ in 0..<Self.spins {
            if generation.load(ordering: .acquiring) != current || isReleased { return }
            ck_relax()
        }
        sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        pthread_mutex_lock(mutex)
        while generation.load(ordering: .sequentiallyConsistent) == current && !isReleased {
            pthread_cond_wait(condition, mutex)
        }
        pthread_mutex_unlock(mutex)
        sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    }
}
