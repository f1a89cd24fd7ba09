import Glibc
import Testing

/// `animesnap run` with the virtual camera, a keyboard that the test types on, and what it says.
final class RunningAppliance {
    let child: pid_t
    private let keys: Int32
    private let log: Int32
    private var isOver = false

    /// Starts it.
    ///
    /// - Parameters:
    ///   - album: The folder of pictures.
    ///   - arguments: More arguments of `run`.
    ///   - environment: Variables besides the test's own.
    ///   - isWeb: Whether it serves the web pages.
    /// - Throws: When it cannot be started.
    init(
        album: String, _ arguments: [String] = [], environment: [String: String] = [:], isWeb: Bool = false
    ) throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        keys = ends[1]
        _ = fcntl(keys, F_SETFD, FD_CLOEXEC)
        // A process that is gone makes writing fail instead of ending the tests.
        signal(SIGPIPE, SIG_IGN)
        var name = Array("/tmp/animesnap-tests-XXXXXX".utf8CString)
        log = mkstemp(&name)
        try #require(log >= 0, "/tmp takes no files")
        unlink(name)
        _ = fcntl(log, F_SETFD, FD_CLOEXEC)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, log, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))

        let settings = [
            "run", "--album", album, "--camera", "virtual", "--set", "button.pin=keyboard", "--set",
            "lamp.pin=terminal",
            "--set", "camera.rate=60", "--set", "camera.size=320x240", "--set", "picture.size=128", "--set",
            "retention.free-space=0", "--set", "log.level=debug",
        ]
        let words = Places.command + settings + (isWeb ? [] : ["--no-web"]) + arguments
        let own = environment.merging(["ANIMESNAP_STATE_FOLDER": "\(album)-state"]) { own, _ in own }
        let variables = Places.environment.merging(own) { $1 }.map { "\($0)=\($1)" }
        var child = pid_t()
        let status = withCStrings(words) { words in
            withCStrings(variables) { posix_spawn(&child, Places.command[0], &actions, &attributes, words, $0) }
        }
        close(ends[0])
        self.child = child
        try #require(status == 0, "animesnap run cannot be started: \(String(cString: strerror(status)))")
    }

    deinit {
        if !isOver { kill() }
        close(keys)
        close(log)
    }

    /// Presses the button for a moment.
    func press() { _ = write(keys, " ", 1) }

    /// What it has said so far, lines of the lamp among them.
    var said: String {
        let count = max(0, lseek(log, 0, SEEK_END))
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(0, pread(log, buffer.baseAddress, count, 0))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Waits until it has said something so many times.
    func wait(for words: String, times: Int = 1, within patience: Duration = .seconds(300)) throws {
        let deadline = ContinuousClock.now + patience
        while true {
            let said = said
            if said.count(of: words) >= times { return }
            try #require(ContinuousClock.now < deadline, "it did not say '\(words)' \(times) times:\n\(said)")
            usleep(2000)
        }
    }

    /// Ends it as a power cut would.
    func kill() {
        Glibc.kill(-child, SIGKILL)
        var ending: Int32 = 0
        waitpid(child, &ending, 0)
        isOver = true
    }

    /// Asks it to end.
    ///
    /// - Returns: The exit code, and how long it took.
    func terminate() throws -> (code: Int32, time: Duration) {
        let start = ContinuousClock.now
        Glibc.kill(child, SIGTERM)
        var ending: Int32 = 0
        while waitpid(child, &ending, WNOHANG) == 0 {
            try #require(ContinuousClock.now - start < .seconds(300), "it does not end:\n\(said)")
            usleep(1000)
        }
        isOver = true
        return (ending & 0x7F == 0 ? ending >> 8 & 0xFF : 128 + ending & 0x7F, ContinuousClock.now - start)
    }
}

extension String {
    /// How often some words are in it.
    func count(of words: String) -> Int {
        var (count, rest) = (0, self[...])
        while let range = rest.firstRange(of: words) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
