import Glibc
import Painting
import Synchronization

/// SIGTERM and Ctrl-C for a program that runs until it is told to stop.
package enum StopSignals {
    private static let pipeEnd = Atomic<Int32>(-1)

    /// Begins to watch for signals.
    ///
    /// - Returns: A descriptor from which a byte can be read for each signal, and a zero for each call of `finish()`.
    package static func watch() throws(PaintingError) -> Int32 {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw PaintingError("the system has no pipe left") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipeEnd.store(ends[1], ordering: .sequentiallyConsistent)
        for number in [SIGINT, SIGTERM] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { StopSignals.send(UInt8(truncatingIfNeeded: $0)) }
            action.sa_flags = SA_RESTART
            sigaction(number, &action, nil)
        }
        return ends[0]
    }

    /// Wakes whoever reads, without a signal.
    package static func finish() { send(0) }

    private static func send(_ byte: UInt8) {
        var byte = byte
        _ = write(pipeEnd.load(ordering: .sequentiallyConsistent), &byte, 1)
    }
}
