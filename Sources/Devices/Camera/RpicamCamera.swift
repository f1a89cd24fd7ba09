import Subprocess

/// What is asked of rpicam-vid.
public struct RpicamSettings: Equatable, Sendable {
    /// The program: a name that is looked up, or a path.
    public var command = "rpicam-vid"
    /// Which of several cameras; nil for the first.
    public var camera: Int?
    /// Size and rate. They are never changed while it runs.
    public var mode = CameraMode()
    /// JPEG quality, 1 to 100.
    public var quality = 92
    /// More arguments: `--rotation`, `180`.
    public var arguments: [String] = []

    /// The first camera at 1280 x 960.
    public init() {}

    /// The arguments of the program.
    package var allArguments: [String] {
        var all = [
            "--codec", "mjpeg", "-t", "0", "-n", "--flush", "-o", "-", "--width", "\(mode.width)", "--height",
            "\(mode.height)", "--framerate", "\(mode.rate)", "--quality", "\(min(max(quality, 1), 100))",
        ]
        if let camera { all += ["--camera", "\(camera)"] }
        return all + arguments
    }
}

/// A camera on the board's camera connector, through a supervised rpicam-vid that writes Motion JPEG to a pipe.
public final class RpicamCamera: Camera {
    private let camera: SupervisedCamera

    /// Makes a camera. The program starts with the first subscriber.
    public init(
        _ settings: RpicamSettings = RpicamSettings(), patience: CameraPatience = CameraPatience(),
        clock: any DeviceClock = SystemClock()
    ) {
        let source = MotionJPEGChild(
            command: settings.command, arguments: settings.allArguments, leave: patience.leave)
        camera = SupervisedCamera(
            name: settings.camera.map { "rpicam \($0)" } ?? "rpicam", source: source, patience: patience, clock: clock)
    }

    /// What people call it.
    public var name: String { camera.name }

    /// What the camera tells from now on.
    public func frames() -> AsyncStream<CameraEvent> { camera.frames() }

    /// How it has fared so far.
    public var health: CameraHealth { camera.health }

    /// Stops the program: TERM first, KILL if it does not go.
    public func stop() async { await camera.stop() }
}

/// A program that writes Motion JPEG to its standard output.
struct MotionJPEGChild: FrameSource {
    let command: String
    let arguments: [String]
    let leave: Duration

    func run(deliver: @escaping @Sendable (Frame.Pixels, Duration?) -> Void) async -> String {
        // A process group of its own: what the program starts is stopped with it, and Control-C at a terminal reaches
        // this process alone.
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: leave)]
        guard let program = Program.path(of: command) else { return "\(command) is not installed" }
        let group = ProcessGroup()
        defer { group.kill() }
        do {
            let result = try await Subprocess.run(
                .path(.init(program)), arguments: Arguments(arguments), platformOptions: options, input: .none,
                output: .sequence, error: .sequence
            ) { execution in
                group.isLed(by: execution.processIdentifier)
                let errors = execution.standardError
                async let lastWords = Self.lastWords(of: errors)
                var splitter = MotionJPEGSplitter()
                for try await buffer in execution.standardOutput {
                    buffer.withUnsafeBytes { bytes in
                        splitter.feed(bytes.bindMemory(to: UInt8.self).span) { deliver(.jpeg($0), nil) }
                    }
                }
                return await lastWords
            }
            return Self.ending(command, result.terminationStatus, result.closureResult)
        } catch {
            return "\(command) cannot be run: \(error)"
        }
    }

    /// The program's last line of errors; what it says before is worth nothing and has no end.
    private static func lastWords(of errors: SubprocessOutputSequence) async -> String {
        var tail: [UInt8] = []
        do {
            for try await buffer in errors {
                buffer.withUnsafeBytes { tail.append(contentsOf: $0) }
                if tail.count > 2048 { tail.removeFirst(tail.count - 2048) }
            }
        } catch {
            // The pipe ends with the program in any case.
        }
        return lastLine(of: tail)
    }

    private static func lastLine(of bytes: [UInt8]) -> String {
        let lines = bytes.split { $0 == 10 || $0 == 13 }
        guard let line = lines.last(where: { $0.contains { $0 > 32 } }) else { return "" }
        // Control characters could colour or clear the terminal that the reason is shown on.
        return String(decoding: line.suffix(200).map { $0 < 32 || $0 == 127 ? 32 : $0 }, as: UTF8.self)
    }

    private static func ending(_ command: String, _ status: TerminationStatus, _ words: String) -> String {
        let end =
            switch status {
            case .exited(let code): "\(command) ended with code \(code)"
            case .signaled(let signal): "\(command) was ended by signal \(signal)"
            }
        return words.isEmpty ? end : "\(end): \(words)"
    }
}
