import Glibc
import Platform

/// Lets one thread end another's wait for a descriptor.
final class WakeUp: Sendable {
    private let reading: Int32
    private let writing: Int32

    /// - Throws: ``DeviceError`` when the process has no descriptor left.
    init() throws(DeviceError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            let code = errno
            throw DeviceError("the process cannot open more files: \(SystemError(code))", systemError: code)
        }
        (reading, writing) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
    }

    deinit {
        close(reading)
        close(writing)
    }

    /// Ends the wait under way and all later ones.
    func signal() {
        var mark: UInt8 = 1
        _ = write(writing, &mark, 1)
    }

    /// Waits until the descriptor can be read, has failed, or has ended.
    ///
    /// - Parameters:
    ///   - descriptor: -1 waits for the signal alone.
    ///   - timeout: How long at most; nil for as long as it takes.
    /// - Returns: Whether the descriptor is worth reading. False on time-out and signal.
    func wait(for descriptor: Int32, timeout: Duration?) -> Bool {
        var waiting = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: reading, events: Int16(POLLIN), revents: 0),
        ]
        let count = poll(&waiting, 2, timeout.map(Self.milliseconds) ?? -1)
        return count > 0 && waiting[1].revents == 0 && waiting[0].revents != 0
    }

    /// Rounded up, so that a wait does not end before its time.
    static func milliseconds(_ duration: Duration) -> Int32 {
        let (seconds, attoseconds) = duration.components
        guard seconds < 1_000_000 else { return 1_000_000_000 }
        return Int32(max(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000, 0))
    }
}
