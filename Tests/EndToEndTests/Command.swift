import Glibc
import Testing

/// What a run of the command left behind.
struct Outcome {
    /// The exit code; 128 and the signal's number for a run that crashed.
    let code: Int32
    /// Standard output.
    let output: [UInt8]
    /// Standard error.
    let errors: String

    var text: String { String(decoding: output, as: UTF8.self) }
    var lines: [Substring] { text.split(separator: "\n") }
}

/// Runs `animesnap` as a shell would and waits for its end.
///
/// - Parameters:
///   - arguments: What follows the program's name.
///   - input: The file that standard input reads.
///   - output: A file that standard output goes to instead of the outcome.
///   - environment: Variables besides the test's own.
///   - folder: The folder it is started in.
/// - Returns: What it left behind.
/// - Throws: When it cannot be started or does not end within a few minutes.
func animesnap(
    _ arguments: String..., input: String = "/dev/null", output: String? = nil, environment: [String: String] = [:],
    in folder: String = "/"
) throws -> Outcome {
    try animesnap(arguments, input: input, output: output, environment: environment, in: folder)
}

// The same for arguments in an array.
func animesnap(
    _ arguments: [String], input: String = "/dev/null", output: String? = nil, environment: [String: String] = [:],
    in folder: String = "/"
) throws -> Outcome {
    try run(Places.command + arguments, input: input, output: output, environment: environment, in: folder)
}

/// Runs any program; see ``animesnap(_:input:output:environment:in:)``.
func run(
    _ words: [String], input: String = "/dev/null", output: String? = nil, environment: [String: String] = [:],
    in folder: String = "/"
) throws -> Outcome {
    // Of an emulated program with several threads the emulator now and then loses a child before it has begun.
    for _ in 0..<4 {
        if let outcome = try runOnce(words, input: input, output: output, environment: environment, in: folder) {
            return outcome
        }
    }
    throw LostChild()
}

private struct LostChild: Error {}

/// nil when the emulator lost the child.
private func runOnce(
    _ words: [String], input: String, output: String?, environment: [String: String], in folder: String
) throws -> Outcome? {
    let (said, complained) = (try Capture(), try Capture())
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
    if let output {
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY, 0)
    } else {
        posix_spawn_file_actions_adddup2(&actions, said.descriptor, STDOUT_FILENO)
    }
    posix_spawn_file_actions_adddup2(&actions, complained.descriptor, STDERR_FILENO)

    // The file actions that change folders are not for Swift to see; a shell's `cd` is.
    let words = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder] + words
    // Threads of the test keep signals from themselves; the command gets all. A group of its own, to be ended as one.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))

    var child = pid_t()
    let variables = Places.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
    let status = withCStrings(words) { words in
        withCStrings(variables) { posix_spawn(&child, "/bin/sh", &actions, &attributes, words, $0) }
    }
    try #require(status == 0, "no shell can be started: \(String(cString: strerror(status)))")
    guard let ending = try wait(for: child) else { return nil }
    let code = ending & 0x7F == 0 ? ending >> 8 & 0xFF : 128 + ending & 0x7F
    return Outcome(code: code, output: said.bytes, errors: String(decoding: complained.bytes, as: UTF8.self))
}

/// Waits for a process to end; one that hangs is ended. nil for one that never became the program that it was to be.
private func wait(for child: pid_t) throws -> Int32? {
    var ending: Int32 = 0
    let begun = ContinuousClock.now
    while waitpid(child, &ending, WNOHANG) == 0 {
        let waited = ContinuousClock.now - begun
        if Places.isEmulated, waited > .seconds(30), isStillTheTests(child) {
            kill(child, SIGKILL)
            waitpid(child, &ending, 0)
            return nil
        }
        if waited > Places.patience {
            kill(-child, SIGKILL)
            waitpid(child, &ending, 0)
            try #require(Bool(false), "the command did not end within \(Places.patience)")
        }
        usleep(1000)
    }
    return ending
}

/// Whether a child still is this program, forked and not more.
private func isStillTheTests(_ child: pid_t) -> Bool {
    let descriptor = open("/proc/\(child)/cmdline", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = max(0, read(descriptor, &bytes, bytes.count))
    return String(decoding: bytes[..<count], as: UTF8.self).contains(".xctest")
}

func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) throws -> Result
) rethrows -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return try body(copies + [nil])
}

/// A file without a name that a process writes to.
private final class Capture {
    let descriptor: Int32

    init() throws {
        var name = Array("/tmp/animesnap-tests-XXXXXX".utf8CString)
        descriptor = mkstemp(&name)
        try #require(descriptor >= 0, "/tmp takes no files")
        unlink(name)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit { close(descriptor) }

    var bytes: [UInt8] {
        let count = max(0, lseek(descriptor, 0, SEEK_END))
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(0, pread(descriptor, buffer.baseAddress, count, 0))
        }
    }
}

/// Expects one sentence on standard error, nothing on standard output, and the exit code.
func expectRefusal(
    _ outcome: Outcome, _ sentence: String, code: Int32 = 1, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(outcome.errors == "animesnap: \(sentence)\n", sourceLocation: sourceLocation)
    #expect(outcome.text == "", sourceLocation: sourceLocation)
    #expect(outcome.code == code, sourceLocation: sourceLocation)
}

/// Expects that all went well and nothing was complained about.
func expectSuccess(_ outcome: Outcome, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(outcome.errors == "", sourceLocation: sourceLocation)
    #expect(outcome.code == 0, sourceLocation: sourceLocation)
}
