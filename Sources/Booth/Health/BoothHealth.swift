import Devices
import Glibc
import Platform

/// How a booth is at one moment.
public struct BoothHealth: Encodable, Sendable {
    /// The last picture that was taken.
    public struct Shot: Encodable, Sendable {
        /// Its number.
        public let number: Int
        /// Milliseconds from the press to the lamp.
        public let pressToLampMilliseconds: Int
        /// Milliseconds from the press until the photo was on the disk.
        public let pressToSavedMilliseconds: Int

        init(number: Int, pressToLamp: Duration, pressToSaved: Duration) {
            self.number = number
            pressToLampMilliseconds = pressToLamp.milliseconds
            pressToSavedMilliseconds = pressToSaved.milliseconds
        }
    }

    /// The state in one word.
    public let state: String
    /// The style of the next picture.
    public let style: String
    /// The camera's name.
    public let camera: String
    /// Milliseconds since the last frame; nil before the first.
    public let frameAgeMilliseconds: Int?
    /// How often the camera was lost.
    public let cameraLosses: Int
    /// Pictures that wait to be painted, the one being painted included.
    public let queue: Int
    /// Photos and anime pictures that are made but could not be written yet.
    public let unsaved: Int
    /// The last picture that was taken by this run.
    public let lastShot: Shot?
    /// Pictures in the album.
    public let pictures: Int?
    /// Bytes that are free on the album's disk.
    public let freeDisk: Int?
    /// Degrees Celsius.
    public let temperature: Double?
    /// What the board complains about.
    public let throttling: [String]
    /// Bytes.
    public let freeMemory: Int?
    /// Bytes of contiguous memory.
    public let freeContiguousMemory: Int?
    /// Bytes that this process has.
    public let residentMemory: Int?
    /// How often the service was started since the machine was; nil where the system keeps no count for it.
    public let starts: Int?
}

extension Booth {
    /// How the booth is now.
    public func health() async -> BoothHealth {
        let pictures = await album?.count
        let freeDisk = try? await album?.freeBytes()
        return BoothHealth(
            state: state.name, style: style, camera: equipment.camera.name,
            frameAgeMilliseconds: lastFrame.map { max(clock.time - $0, .zero).milliseconds },
            cameraLosses: cameraLosses,
            queue: state.waiting + state.backlog + (state.isConverting ? 1 : 0), unsaved: unsaved.count,
            lastShot: lastShot, pictures: pictures, freeDisk: freeDisk, temperature: machine.temperature,
            throttling: machine.throttlingWords, freeMemory: machine.freeMemory,
            freeContiguousMemory: machine.freeContiguousMemory, residentMemory: machine.residentMemory,
            starts: StartCount.current)
    }
}

/// How often the service was started, kept in the folder that the service manager gives it and that lasts until the
/// machine is switched off (`RUNTIME_DIRECTORY`).
public enum StartCount {
    /// The count of this run; nil where there is no such folder.
    public static let current: Int? = {
        guard let folder = getenv("RUNTIME_DIRECTORY").map({ String(cString: $0) }), folder.hasPrefix("/") else {
            return nil
        }
        let path = "\(folder.split(separator: ":").first.map(String.init) ?? folder)/starts"
        let count = ((try? FileContent.text(of: path)).flatMap { Int($0.filter { $0 != "\n" }) } ?? 0) + 1
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return count }
        defer { close(descriptor) }
        let line = "\(count)\n"
        _ = write(descriptor, line, line.utf8.count)
        return count
    }()
}
