import FoundationEssentials
import Glibc
import Testing

/// Where the tests find what they need, and how much they may ask of the machine.
///
/// Variables: `ANIMESNAP_ROOT` is the checkout, `ANIMESNAP_BINARY` the command; both are found without. Under
/// emulation `ANIMESNAP_LAUNCHER` is what the command is started with, `qemu-aarch64 -cpu cortex-a53` say, and
/// `ANIMESNAP_EMULATED=1` makes pictures and rounds fewer.
enum Places {
    /// The checkout.
    static let root: String = {
        let here = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let choices = [variable("ANIMESNAP_ROOT"), here, FileManager.default.currentDirectoryPath].compactMap { $0 }
        return choices.first { FileManager.default.fileExists(atPath: $0 + "/Tests/Fixtures/astronaut.jpg") } ?? here
    }()

    /// A photo of 512x512 pixels: NASA's portrait of Eileen Collins, in the public domain.
    static let photo = root + "/Tests/Fixtures/astronaut.jpg"
    static let weights = root + "/weights"
    static let models = ["drawn-m", "cute-m"]

    /// The words that start the command: it lies beside the tests.
    static let command: [String] = {
        let launcher = variable("ANIMESNAP_LAUNCHER").map { $0.split(separator: " ").map(String.init) } ?? []
        return launcher + [variable("ANIMESNAP_BINARY") ?? testFolder + "/animesnap"]
    }()

    static let isEmulated = variable("ANIMESNAP_EMULATED") == "1"

    /// The longest side at which pictures are compared.
    static let size = isEmulated ? 64 : 256

    /// How long a run of the command may take before it counts as hung.
    static let patience = Duration.seconds(isEmulated ? 600 : 120)

    /// The test's environment without what would steer the command.
    static let environment: [String: String] = {
        var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ANIMESNAP_") }
        variables["COLUMNS"] = nil
        variables["ANIMESNAP_WEIGHTS"] = weights
        // What was measured on this machine before must not count.
        variables["ANIMESNAP_STATE_FOLDER"] = "/nowhere"
        return variables
    }()

    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static var testFolder: String {
        guard let program = realpath("/proc/self/exe", nil) else { return "." }
        defer { free(program) }
        return String(cString: program).split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
    }
}

extension Trait where Self == ConditionTrait {
    /// For suites whose outcome does not depend on the processor: emulating each of them again would cost minutes.
    static var onRealProcessors: Self {
        .enabled(if: !Places.isEmulated, "does not depend on the processor")
    }
}
