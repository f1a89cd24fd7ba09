import Glibc
import Subprocess

/// The command that shuts the machine down.
struct ShutdownCommand {
    /// The program and its arguments.
    let words: [String]

    /// Runs it to its end.
    ///
    /// - Returns: Why it failed, in a sentence; nil when it succeeded.
    func run() async -> String? {
        guard let program = words.first else { return nil }
        let executable: Executable = program.contains("/") ? .path(.init(program)) : .name(program)
        do {
            let result = try await Subprocess.run(
                executable, arguments: Arguments(Array(words.dropFirst())), output: .discarded,
                error: .string(limit: 4096))
            guard !result.terminationStatus.isSuccess else { return nil }
            let said = result.standardError.split(separator: "\n").first.map { ": \($0)" } ?? ""
            return "the shutdown command '\(words.joined(separator: " "))' failed\(said)"
        } catch {
            return "the shutdown command '\(words.joined(separator: " "))' cannot be run"
        }
    }
}
