import Glibc
import Subprocess
import Synchronization

/// Programs that cameras are reached through.
enum Program {
    /// What a program said.
    struct Answer {
        let isSuccess: Bool
        /// Its standard output.
        let text: String
    }

    /// How long a program that is asked something may take.
    private static let patience = Duration.seconds(10)

    /// The file of a program: a path as it is, a name looked up in PATH. Nil when there is none that may be run.
    static func path(of command: String) -> String? {
        let folders = command.contains("/") ? nil : getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        let candidates = folders?.split(separator: ":").map { "\($0)/\(command)" } ?? [command]
        return candidates.first { access($0, X_OK) == 0 }
    }

    /// Runs a program to its end.
    ///
    /// - Throws: ``DeviceError`` when there is no such program, or it has not ended after ten seconds.
    static func answer(of command: String, _ arguments: [String]) async throws(DeviceError) -> Answer {
        guard let program = path(of: command) else { throw DeviceError("\(command) is not installed") }
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(1))]
        let answer = await withTaskGroup(of: Answer?.self) { [options] group in
            group.addTask {
                let result = try? await Subprocess.run(
                    .path(.init(program)), arguments: Arguments(arguments), platformOptions: options,
                    output: .string(limit: 65_536), error: .discarded)
                return result.map { Answer(isSuccess: $0.terminationStatus.isSuccess, text: $0.standardOutput) }
            }
            group.addTask {
                try? await Task.sleep(for: patience)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            await group.waitForAll()
            return first
        }
        guard let answer else { throw DeviceError("\(command) does not answer") }
        return answer
    }
}

/// The processes that a program started. It may end before they do, and a camera that one of them holds is not free.
final class ProcessGroup: Sendable {
    private let leader = Atomic<Int32>(0)

    func isLed(by process: ProcessIdentifier) { leader.store(process.value, ordering: .relaxed) }

    /// Ends those that are left.
    func kill() {
        let leader = leader.load(ordering: .relaxed)
        if leader > 1 { _ = Glibc.kill(-leader, SIGKILL) }
    }
}
