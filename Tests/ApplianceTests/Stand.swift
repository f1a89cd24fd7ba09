import Album
import Appliance
import Booth
import Devices
import Imaging
import Logging
import Painting
import Synchronization
import Testing
import Web

/// The appliance as the web pages see it, with virtual devices and a folder of its own.
final class Stand: Sendable {
    let folder: TemporaryFolder
    let booth: Booth
    let appliance: WebAppliance
    private let running = Mutex<Task<Void, Never>?>(nil)

    /// - Throws: When the settings cannot be read.
    init(_ painter: any StylePainter, in folder: TemporaryFolder = TemporaryFolder()) throws {
        self.folder = folder
        let path = "\(folder.path)/album"
        let settings = try SettingsLoader.load(
            file: folder.put("animesnap.yaml", []), environment: [:],
            flags: [.init(name: "test", key: "album.folder", value: path)], model: nil)
        let camera = VirtualCamera(.drawn, mode: CameraMode(width: 160, height: 120, rate: 60))
        let log = Logger(label: "test") { _ in JournalLog(level: .critical) }
        booth = Booth(
            BoothEquipment(button: VirtualButton(), lamp: VirtualLamp(), camera: camera), painter: painter, log: log
        ) { () async throws(AlbumError) in
            try await Album(folder: path, options: Album.Options(leastFreeBytes: 0, bytesPerShot: 1))
        }
        appliance = WebAppliance(
            booth, camera, painter, settings, reports: AsyncStream { $0.finish() },
            chosen: try ChosenSettings(folder: folder.path), log: log)
    }

    /// Runs the booth and returns when it is ready.
    func start() async {
        let events = booth.events()
        running.withLock { $0 = Task { [booth] in await booth.run() } }
        if await booth.state.phase == .ready { return }
        for await case .state(let state) in events where state.phase == .ready { return }
    }

    /// Stops the booth and waits for its end.
    func stop() async {
        booth.stop()
        await running.withLock { $0 }?.value
    }
}

/// A picture that there is little to see on.
func jpeg(_ width: Int = 32, _ height: Int = 24) throws -> [UInt8] {
    try RGBImage(width: width, height: height, red: 90, green: 120, blue: 200).jpeg()
}
