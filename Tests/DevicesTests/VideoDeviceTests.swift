import Devices
import Glibc
import Platform
import Synchronization
import Testing

/// Video devices in memory.
final class FakeVideo: VideoSystem {
    /// What a device does after its last frame.
    enum End: Equatable {
        case fails(Int32)
        /// It is pulled out: the device file goes too.
        case leaves
        case stalls
        /// Its buffers hold anything but pictures.
        case garbles
    }

    private struct State {
        var devices: [VideoDevice]
        var startFailure: Int32?
        /// Frames that are still to come; nil for any number.
        var framesLeft: Int?
        var end = End.stalls
        var open = 0
        var formats: [String?] = []
    }

    private let state: Mutex<State>

    init(_ devices: [VideoDevice]) {
        state = Mutex(State(devices: devices))
    }

    func devices() -> [VideoDevice] { state.withLock { $0.devices } }
    func plug(_ devices: [VideoDevice]) { state.withLock { $0.devices = devices } }
    func refuse(_ code: Int32?) { state.withLock { $0.startFailure = code } }
    func end(after frames: Int, _ end: End) {
        state.withLock {
            $0.framesLeft = frames
            $0.end = end
        }
    }
    var isSilent: Bool { state.withLock { $0.framesLeft == 0 } }
    var openStreams: Int { state.withLock { $0.open } }
    var startedFormats: [String?] { state.withLock { $0.formats } }

    func camera(_ selection: VideoSelection, _ clock: any DeviceClock) -> V4L2Camera {
        V4L2Camera(selection, mode: CameraMode(), patience: CameraPatience(), clock: clock, system: self)
    }

    func start(_ device: VideoDevice, _ mode: CameraMode) throws(SystemError) -> any VideoStream {
        let failure = state.withLock { state in
            if state.startFailure == nil {
                state.open += 1
                state.formats.append(device.format)
            }
            return state.startFailure
        }
        if let failure { throw SystemError(failure) }
        return Stream(self)
    }

    private final class Stream: VideoStream {
        private let video: FakeVideo

        init(_ video: FakeVideo) { self.video = video }
        deinit { video.state.withLock { $0.open -= 1 } }

        func next(timeout: Duration) throws(SystemError) -> (pixels: Frame.Pixels, time: Duration?)? {
            usleep(200)
            let end: End? = video.state.withLock { state in
                guard !state.devices.isEmpty else { return .leaves }
                guard let left = state.framesLeft else { return nil }
                if left == 0 { return state.end }
                state.framesLeft = left - 1
                return nil
            }
            // As large as a small camera's frame, so that a leak shows.
            let bytes = [UInt8](repeating: 7, count: 50_000)
            switch end {
            case nil: return (.jpeg(bytes), nil)
            case .fails(let code): throw SystemError(code)
            case .leaves:
                video.plug([])
                throw SystemError(ENODEV)
            case .stalls: return nil
            case .garbles:
                let layout = VideoLayout(code: "MJPG", width: 64, height: 48, bytesPerRow: 0)
                return layout?.pixels(in: bytes.span).map { ($0, nil) }
            }
        }
    }
}

extension VideoDevice {
    static let webcam = VideoDevice(
        path: "/dev/video2", card: "HD Webcam C525", driver: "uvcvideo", formats: ["YUYV", "MJPG"])
    static let codec = VideoDevice(
        path: "/dev/video10", card: "bcm2835-codec-decode", driver: "bcm2835-codec", formats: ["YUYV"],
        isConverter: true)
    static let raw = VideoDevice(path: "/dev/video1", card: "sensor", driver: "new-csi", formats: ["BA81"])
}

@Suite("Video devices")
struct VideoDeviceTests {
    private static let webcam = VideoDevice.webcam
    private static let metadata = VideoDevice(
        path: "/dev/video3", card: "HD Webcam C525", driver: "uvcvideo", formats: [])
    private static let sensor = VideoDevice(
        path: "/dev/video0", card: "unicam", driver: "unicam", formats: ["pBAA", "YUYV"])
    private static let codec = VideoDevice.codec
    private static let raw = VideoDevice.raw
    private static let all = [sensor, raw, webcam, metadata, codec]

    @Test("the camera is chosen by what it can do, not by its number")
    func byCapability() throws {
        #expect(try VideoSelection.first.find(in: Self.all).path == "/dev/video2")
        #expect(Self.webcam.format == "MJPG")
        #expect(Self.metadata.format == nil)
        #expect(
            Self.sensor.refusal
                == "/dev/video0 (unicam) is part of the board's camera connector, which rpicam serves")
        #expect(Self.raw.refusal == "/dev/video1 (sensor) delivers BA81; MJPG, YUYV and NV12 are understood")
        #expect(Self.codec.refusal == "/dev/video10 (bcm2835-codec-decode) converts pictures and takes none")
        #expect(Self.metadata.refusal == "/dev/video3 (HD Webcam C525) delivers no pictures")
    }

    @Test(
        "compressed frames are preferred, then YUYV, then NV12",
        arguments: [
            (["NV12", "YUYV", "MJPG"], "MJPG"), (["NV12", "RGB3", "YUYV"], "YUYV"), (["BA81", "NV12"], "NV12"),
        ])
    func formats(_ formats: [String], _ chosen: String) {
        let device = VideoDevice(path: "/dev/video0", card: "any", driver: "vivid", formats: formats)
        #expect(device.format == chosen)
    }

    @Test("codecs are not mistaken for cameras that fail")
    func codecsOnly() {
        #expect(
            throws: DeviceError("no camera is among the video devices (/dev/video*); plug in a USB camera")
        ) { try VideoSelection.first.find(in: [Self.codec]) }
    }

    @Test("a camera is found by its device file and by part of its name")
    func byName() throws {
        #expect(try VideoSelection("/dev/video2").find(in: Self.all) == Self.webcam)
        #expect(try VideoSelection("webcam").find(in: Self.all) == Self.webcam)
        #expect(VideoSelection("") == .first)
    }

    @Test(
        "what is not there is refused with what is",
        arguments: [
            ("/dev/video9", "there is no video device /dev/video9 that this user may open"),
            ("/dev/video1", "/dev/video1 (sensor) delivers BA81; MJPG, YUYV and NV12 are understood"),
            (
                "Brio",
                "no video device is called \"Brio\"; there is \"unicam\", \"sensor\", \"HD Webcam C525\", "
                    + "\"HD Webcam C525\", \"bcm2835-codec-decode\""
            ),
        ])
    func refusals(_ text: String, _ sentence: String) {
        #expect(throws: DeviceError(sentence)) { try VideoSelection(text).find(in: Self.all) }
    }

    @Test("a camera that is unplugged and plugged in elsewhere is found again while it runs")
    func replug() async {
        let clock = ManualClock()
        let video = FakeVideo([Self.webcam])
        let camera = video.camera(.name("c525"), clock)
        var events = camera.frames().makeAsyncIterator()
        #expect(await events.nextFrame() != nil)
        video.plug([])
        #expect(await events.nextLoss() == "HD Webcam C525 (/dev/video2) was unplugged")
        for _ in 0..<5 {
            await clock.waitForSleepers()
            let before = clock.time
            clock.advanceToNextSleeper()
            #expect(clock.time - before <= .seconds(4))
            #expect(await events.nextLoss() == "no video device is called \"c525\"; none is there")
        }
        video.plug([
            VideoDevice(path: "/dev/video5", card: "HD Webcam C525", driver: "uvcvideo", formats: ["YUYV"])
        ])
        await clock.waitForSleepers()
        clock.advanceToNextSleeper()
        #expect(await events.nextFrame() != nil)
        await camera.stop()
        #expect(video.openStreams == 0)
        #expect(video.startedFormats == ["MJPG", "YUYV"])
    }

    @Test("a camera in use is told as such")
    func busy() async {
        let video = FakeVideo([Self.webcam])
        video.refuse(EBUSY)
        let camera = video.camera(.first, ManualClock())
        var events = camera.frames().makeAsyncIterator()
        #expect(await events.nextLoss() == "HD Webcam C525 (/dev/video2) is in use by another program")
        await camera.stop()
    }

    @Test("this machine's own devices can be looked at")
    func realDevices() {
        for device in V4L2Camera.devices() {
            #expect(device.path.hasPrefix("/dev/video"))
            #expect((device.format == nil) == (device.refusal != nil))
        }
    }
}
