import Glibc
import Imaging
import Platform
import Synchronization

/// A camera without a device: it plays the pictures of a folder or a scene that it draws. Code can take it away and
/// bring it back.
public final class VirtualCamera: Camera {
    /// What it shows.
    public enum Scene: Equatable, Sendable {
        /// The JPEG files of a folder in the order of their names, over and over, each for a while. What cannot be
        /// read is passed over.
        case folder(String, each: Duration = .seconds(1))
        /// A drawn landscape in which things move, at the camera's size.
        case drawn
    }

    private struct State {
        var task: Task<Void, Never>?
        var isStopped = false
        var health = CameraHealth()
        var isUnplugged = false
    }

    /// What people call it.
    public let name: String
    private let scene: Scene
    private let mode: CameraMode
    private let clock: any DeviceClock
    private let broadcast = Broadcast<CameraEvent>(.bufferingNewest(eventsKept))
    private let state = Mutex(State())

    /// Makes a camera that delivers frames at the mode's rate, from the first subscriber on.
    public init(
        _ scene: Scene = .drawn, mode: CameraMode = CameraMode(width: 640, height: 480),
        clock: any DeviceClock = SystemClock()
    ) {
        self.scene = scene
        self.mode = mode
        self.clock = clock
        switch scene {
        case .folder(let folder, _): name = "virtual:\(folder)"
        case .drawn: name = "virtual"
        }
    }

    /// What the camera tells from now on.
    public func frames() -> AsyncStream<CameraEvent> {
        let stream = broadcast.subscribe()
        state.withLock { state in
            guard state.task == nil, !state.isStopped else { return }
            state.task = Task { await play() }
        }
        return stream
    }

    /// How it has fared so far.
    public var health: CameraHealth { state.withLock { $0.health } }

    /// Ends all streams.
    public func stop() async {
        let task = state.withLock { state in
            state.isStopped = true
            return state.task
        }
        task?.cancel()
        await task?.value
        broadcast.finish()
    }

    /// Takes the camera away until it is plugged in again.
    public func unplug(reason: String = "the virtual camera was unplugged") {
        let wasLost = state.withLock { state in
            defer {
                state.isUnplugged = true
                state.health.problem = reason
            }
            return state.isUnplugged
        }
        if !wasLost { broadcast.send(.lost(reason: reason)) }
    }

    /// Brings the camera back.
    public func plugIn() {
        let wasLost = state.withLock { state in
            guard state.isUnplugged else { return false }
            state.isUnplugged = false
            state.health.problem = nil
            state.health.restarts += 1
            return true
        }
        if wasLost { broadcast.send(.recovered) }
    }

    private func play() async {
        var player = Player(scene, mode)
        var due = clock.time
        while !Task.isCancelled {
            if !state.withLock({ $0.isUnplugged }) {
                do throws(DeviceError) {
                    send(try player.picture(at: clock.time))
                } catch {
                    state.withLock { $0.health.problem = error.description }
                    broadcast.send(.lost(reason: error.description))
                    try? await clock.sleep(for: .seconds(1))
                }
            }
            // Who is late leaves frames out.
            due = max(due + .seconds(1) / mode.rate, clock.time)
            try? await clock.sleep(until: DeviceInstant(due), tolerance: nil)
        }
    }

    private func send(_ picture: [UInt8]) {
        let time = clock.time
        let number = state.withLock { state -> UInt64? in
            // It may have been unplugged while the picture was made.
            guard !state.isUnplugged else { return nil }
            state.health.frames += 1
            state.health.lastFrame = time
            state.health.problem = nil
            return state.health.frames
        }
        if let number { broadcast.send(.frame(Frame(.jpeg(picture), number: number, time: time))) }
    }
}

/// Gives the picture that is due.
private struct Player {
    private static let steps = 12
    private let scene: VirtualCamera.Scene
    private let mode: CameraMode
    private var drawn: [Int: [UInt8]] = [:]
    private var files: [String] = []
    private var current: (file: Int, picture: [UInt8], since: Duration)?

    init(_ scene: VirtualCamera.Scene, _ mode: CameraMode) {
        self.scene = scene
        self.mode = mode
    }

    mutating func picture(at time: Duration) throws(DeviceError) -> [UInt8] {
        switch scene {
        case .drawn:
            // Six seconds make a round, in as many steps as are worth keeping.
            let step = Int(time / .milliseconds(500)) % Self.steps
            if let picture = drawn[step] { return picture }
            let phase = Double(step) / Double(Self.steps)
            let image = TestScene.image(width: mode.width, height: mode.height, phase: phase)
            do throws(PictureError) {
                let picture = try image.jpeg(JPEGWriter.Options(quality: 85))
                drawn[step] = picture
                return picture
            } catch {
                throw DeviceError("the test scene cannot be drawn: \(error)")
            }
        case .folder(let folder, let each):
            if let current, time - current.since < each { return current.picture }
            return try next(in: folder, at: time)
        }
    }

    private mutating func next(in folder: String, at time: Duration) throws(DeviceError) -> [UInt8] {
        let index = current.map { $0.file + 1 } ?? 0
        // Each round looks again at what is there.
        if index >= files.count { files = try Self.pictures(in: folder) }
        for offset in 0..<files.count {
            let file = (index + offset) % files.count
            guard let picture = Self.read(files[file]) else { continue }
            current = (file, picture, time)
            return picture
        }
        throw DeviceError("\(folder) holds no JPEG file that can be read")
    }

    private static func pictures(in folder: String) throws(DeviceError) -> [String] {
        let names: [String]
        do throws(SystemError) {
            names = try Folder.names(in: folder)
        } catch {
            throw DeviceError("the folder \(folder) cannot be read: \(error)", systemError: error.code)
        }
        return names.filter { name in
            let lower = name.lowercased()
            return lower.hasSuffix(".jpg") || lower.hasSuffix(".jpeg")
        }.map { "\(folder)/\($0)" }
    }

    /// A whole JPEG file of at most 64 MiB.
    private static func read(_ path: String) -> [UInt8]? {
        let most = 64 << 20
        guard let bytes = try? FileContent.bytes(of: path, upTo: most + 1), bytes.count <= most else { return nil }
        return MotionJPEG.file(in: bytes.span)
    }
}
