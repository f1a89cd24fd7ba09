import ArgumentParser
import Glibc
import Synchronization

/// Ctrl-C and `kill` end the work between two rows of a picture, so that nothing half-made is left behind. A second
/// one ends the program on the spot.
enum Interruption {
    /// The signal that came, or 0.
    private static let signal = Atomic<Int32>(0)

    /// Begins to watch for signals; those that whoever started the program had it ignore stay ignored.
    static func watch() {
        // A global is made when it is first used, which must not be inside a signal handler.
        guard signal.load(ordering: .relaxed) == 0 else { return }
        for number in [SIGINT, SIGTERM] {
            var old = sigaction()
            sigaction(number, nil, &old)
            if unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self) == ignored { continue }
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { Interruption.signal.store($0, ordering: .relaxed) }
            action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
            sigaction(number, &action, nil)
        }
    }

    /// - Throws: The exit code that shells give to a program that a signal ended, if one came.
    static func check() throws(ExitCode) {
        let number = signal.load(ordering: .relaxed)
        if number != 0 { throw ExitCode(128 + number) }
    }

    /// What SIG_IGN stands for.
    private static let ignored = 1
}
