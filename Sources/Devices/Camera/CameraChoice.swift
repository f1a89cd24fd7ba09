/// Which camera is wanted.
public enum CameraChoice: Equatable, Sendable, CustomStringConvertible {
    /// The first of rpicam, v4l2 and virtual that is there.
    case auto
    /// The board's camera connector; nil for the first camera on it.
    case rpicam(camera: Int?)
    /// A video device.
    case v4l2(VideoSelection)
    /// A virtual camera.
    case virtual(VirtualCamera.Scene)

    /// The kinds, as settings name them, and the device that may be named behind each.
    public static let kinds: KeyValuePairs = [
        "auto": "nothing", "rpicam": "a number", "v4l2": "a path or name", "virtual": "a folder",
    ]

    /// Reads `auto`, `rpicam`, `rpicam:1`, `v4l2`, `v4l2:/dev/video2`, `v4l2:NAME`, `virtual` or `virtual:FOLDER`.
    ///
    /// - Throws: ``DeviceError`` when the text is none of these.
    public init(_ text: String) throws(DeviceError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let detail = parts.count > 1 ? parts[1] : nil
        switch (parts[0], detail) {
        case ("auto", nil): self = .auto
        case ("rpicam", nil): self = .rpicam(camera: nil)
        case ("v4l2", nil): self = .v4l2(.first)
        case ("virtual", nil): self = .virtual(.drawn)
        case ("rpicam", .some(let number)):
            guard let camera = Int(number), 0...9 ~= camera else { throw Self.refusal(text) }
            self = .rpicam(camera: camera)
        case ("v4l2", .some(let selection)) where !selection.isEmpty: self = .v4l2(VideoSelection(selection))
        case ("virtual", .some(let folder)) where !folder.isEmpty: self = .virtual(.folder(folder))
        default: throw Self.refusal(text)
        }
    }

    private static func refusal(_ text: String) -> DeviceError {
        DeviceError(
            "'\(text)' is no camera; write auto, rpicam, rpicam:1, v4l2, v4l2:/dev/video2, v4l2:NAME, virtual or virtual:FOLDER"
        )
    }

    /// As it is written in the configuration.
    public var description: String {
        switch self {
        case .auto: "auto"
        case .rpicam(let camera): camera.map { "rpicam:\($0)" } ?? "rpicam"
        case .v4l2(let selection): selection == .first ? "v4l2" : "v4l2:\(selection)"
        case .virtual(.drawn): "virtual"
        case .virtual(.folder(let folder, _)): "virtual:\(folder)"
        }
    }
}

/// A camera that was considered.
public struct CameraCandidate: Equatable, Sendable {
    /// What it is: "rpicam", "v4l2", "virtual".
    public let name: String
    /// Whether it was taken.
    public let isAccepted: Bool
    /// Why it was taken or refused.
    public let reason: String

    /// Makes a candidate.
    public init(name: String, isAccepted: Bool, reason: String) {
        self.name = name
        self.isAccepted = isAccepted
        self.reason = reason
    }
}

/// Looks for cameras.
public struct CameraFinder: Sendable {
    private let settings: RpicamSettings
    private let patience: CameraPatience
    private let clock: any DeviceClock
    private let video: any VideoSystem

    /// Makes a finder.
    ///
    /// - Parameters:
    ///   - settings: What rpicam-vid is asked for; its mode counts for all cameras.
    ///   - patience: How long cameras may be silent.
    ///   - clock: What frames are timed by.
    public init(
        settings: RpicamSettings = RpicamSettings(), patience: CameraPatience = CameraPatience(),
        clock: any DeviceClock = SystemClock()
    ) {
        self.init(settings: settings, patience: patience, clock: clock, video: Video4Linux())
    }

    package init(
        settings: RpicamSettings, patience: CameraPatience, clock: any DeviceClock, video: any VideoSystem
    ) {
        self.settings = settings
        self.patience = patience
        self.clock = clock
        self.video = video
    }

    /// The camera that is wanted, and what was considered on the way. No camera is started.
    ///
    /// Anything but `.auto` is accepted even when the device is not there now: it may be plugged in later.
    public func find(_ choice: CameraChoice) async -> (camera: any Camera, candidates: [CameraCandidate]) {
        switch choice {
        case .rpicam(let camera):
            let refusal = await rpicamRefusal(camera: camera)
            return (rpicam(camera), [candidate("rpicam", "wanted", but: refusal)])
        case .v4l2(let selection):
            let found = videoDevice(selection)
            let reason = found.device.map { "wanted: \($0)" } ?? "wanted"
            return (v4l2(selection), [candidate("v4l2", reason, but: found.refusal)])
        case .virtual(let scene):
            return (virtual(scene), [candidate("virtual", "wanted", but: nil)])
        case .auto: return await findAny()
        }
    }

    /// Those after the first that is there are looked at too, so that people see what else they could use.
    private func findAny() async -> (camera: any Camera, candidates: [CameraCandidate]) {
        var candidates: [CameraCandidate] = []
        var taken: (camera: any Camera, name: String)?
        func consider(_ name: String, _ camera: any Camera, _ offer: String, but refusal: String?) {
            if let refusal {
                candidates.append(CameraCandidate(name: name, isAccepted: false, reason: refusal))
            } else if let taken {
                let reason = "not needed, for \(taken.name) is used: \(offer)"
                candidates.append(CameraCandidate(name: name, isAccepted: false, reason: reason))
            } else {
                taken = (camera, name)
                candidates.append(CameraCandidate(name: name, isAccepted: true, reason: offer))
            }
        }
        let refusal = await rpicamRefusal(camera: nil)
        consider("rpicam", rpicam(nil), "a camera on the board's connector answers", but: refusal)
        // Codecs are no candidates: a board has a dozen of them.
        let devices = video.devices().filter { !$0.isConverter }
        for device in devices { consider("v4l2", v4l2(.first), device.offer, but: device.refusal) }
        if devices.isEmpty { consider("v4l2", v4l2(.first), "", but: videoDevice(.first).refusal) }
        let scene = virtual(.drawn)
        consider("virtual", scene, taken == nil ? "no real camera was found: a drawn scene" : "a drawn scene", but: nil)
        return (taken?.camera ?? scene, candidates)
    }

    private func candidate(_ name: String, _ reason: String, but refusal: String?) -> CameraCandidate {
        CameraCandidate(name: name, isAccepted: true, reason: refusal.map { "\(reason), although \($0)" } ?? reason)
    }

    private func rpicam(_ camera: Int?) -> any Camera {
        var settings = settings
        settings.camera = camera ?? settings.camera
        return RpicamCamera(settings, patience: patience, clock: clock)
    }

    private func v4l2(_ selection: VideoSelection) -> any Camera {
        V4L2Camera(selection, mode: settings.mode, patience: patience, clock: clock, system: video)
    }

    private func virtual(_ scene: VirtualCamera.Scene) -> any Camera {
        VirtualCamera(scene, mode: settings.mode, clock: clock)
    }

    private func videoDevice(_ selection: VideoSelection) -> (device: String?, refusal: String?) {
        do throws(DeviceError) {
            return (try selection.find(in: video.devices()).offer, nil)
        } catch {
            return (nil, error.description)
        }
    }

    /// Why the camera on the connector cannot be used; nil when it answers.
    private func rpicamRefusal(camera: Int?) async -> String? {
        let answer: Program.Answer
        do throws(DeviceError) {
            answer = try await Program.answer(of: settings.command, ["--list-cameras"])
        } catch {
            return error.description
        }
        let cameras = Self.cameras(inList: answer.text)
        if cameras.isEmpty {
            return answer.isSuccess
                ? "\(settings.command) finds no camera; check the ribbon cable with the board switched off"
                : "\(settings.command) --list-cameras failed"
        }
        if let camera, !cameras.contains(camera) { return "\(settings.command) finds no camera \(camera)" }
        return nil
    }

    /// The numbers that begin lines such as `0 : imx708 [4608x2592 10-bit RGGB] (/base/...)`.
    package static func cameras(inList text: String) -> [Int] {
        text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].last == " ", parts[1].first == " " else { return nil }
            return Int(parts[0].drop { $0 == " " }.prefix { $0 != " " })
        }
    }
}
