import Album
import CClock
import Glibc

extension ShotTime {
    /// The time now, with what the kernel says about the clock.
    static func now() -> ShotTime {
        var value = timespec()
        clock_gettime(CLOCK_REALTIME, &value)
        return ShotTime(seconds: value.tv_sec, isTrusted: ClockTrust.isSynchronized)
    }
}

/// Whether the machine's date can be believed.
public enum ClockTrust {
    /// Whether the kernel says that something keeps the clock right.
    public static var isSynchronized: Bool {
        clock_is_synchronized()
    }
}
