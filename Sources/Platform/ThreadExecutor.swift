import Glibc
import Synchronization

/// A thread of its own for an actor that waits for the disk or computes for seconds, which must not hold up Swift's shared
/// threads.
package final class ThreadExecutor: SerialExecutor {
    private let queue = JobQueue()

    /// Starts the thread. It ends with the executor.
    ///
    /// - Parameters:
    ///   - name: What the system calls the thread; up to 15 characters.
    ///   - niceness: How far it stands back behind other threads, 0 to 19.
    package init(name: String, niceness: Int32 = 0) {
        let loop = JobLoop(name: name, niceness: niceness, queue: queue, executor: asUnownedSerialExecutor())
        do throws(SystemError) {
            try DetachedThread.start(stackBytes: 1 << 20) { loop.run() }
        } catch {
            preconditionFailure("the system cannot start a thread: \(error)")
        }
    }

    deinit {
        queue.close()
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        queue.add(UnownedJob(job))
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }
}

private struct JobLoop: Sendable {
    let name: String
    let niceness: Int32
    let queue: JobQueue
    let executor: UnownedSerialExecutor

    /// Names the thread for tools that list threads. Glibc's own call for it is not to be had from Swift.
    private func setName() {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        let bytes = Array(name.utf8.prefix(15))
        _ = write(file, bytes, bytes.count)
        close(file)
    }

    func run() {
        setName()
        // On Linux this is the thread's own; 0 names the caller.
        if niceness > 0 { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
        while let job = queue.next() { job.runSynchronously(on: executor) }
    }
}

/// Jobs in the order in which they came; a semaphore counts them, and one more when no more will come.
private final class JobQueue: @unchecked Sendable {
    // POSIX semaphores may be used from all threads, and the pointer never changes.
    private let count = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    private let jobs = Mutex<[UnownedJob]>([])

    init() {
        sem_init(count, 0, 0)
    }

    deinit {
        sem_destroy(count)
        count.deallocate()
    }

    func add(_ job: UnownedJob) {
        jobs.withLock { $0.append(job) }
        sem_post(count)
    }

    func close() {
        sem_post(count)
    }

    /// Waits for a job; nil once the queue is closed and empty.
    func next() -> UnownedJob? {
        while sem_wait(count) != 0 {}
        return jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }
}
